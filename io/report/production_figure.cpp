#include <algorithm>
#include <cmath>
#include <limits>

#include "powerstroke/io/report/figures.hpp"
#include "powerstroke/io/report/series.hpp"
#include "powerstroke/io/report/unit_text.hpp"

namespace powerstroke::io {
namespace {

/// Entropy gained from snapshot to snapshot, over its time. The intervals grow with time, whatever the numbers: a quotient
/// over a short one late in the run would be nothing but noise.
Curve quotients(const std::string& name, Mark mark, Ink ink, const std::vector<double>& t,
                const std::vector<double>& entropy, const std::vector<double>& error) {
  Curve curve{name, mark, ink, {}};
  for (std::size_t i = 0, j = 1; j < t.size(); ++j) {
    const double dt = t[j] - t[i];
    if (dt < 0.25 * t[j] || !(dt > 0.0)) continue;
    const double both = std::hypot(at(error, i), at(error, j));
    curve.points.push_back(
        {0.5 * (t[i] + t[j]), (at(entropy, j) - at(entropy, i)) / dt, std::isfinite(both) ? both / dt : 0.0});
    i = j;
  }
  return curve;
}

/// Whole decades that hold the line, nine at most below its top.
Axis decades(const std::string& label, const std::vector<Curve>& curves) {
  double low = std::numeric_limits<double>::infinity(), high = 0.0;
  for (const Curve& curve : curves) {
    for (const Point& p : curve.points) {
      if (!std::isfinite(p.y) || p.y <= 0.0) continue;
      high = std::max(high, p.y);
      if (curve.ink == Ink::solution) low = std::min(low, p.y);
    }
  }
  if (!(high > 0.0)) return {label, 0.1, 1.0, true};
  low = std::max(std::min(low, high), 1e-9 * high);
  return {label, std::pow(10.0, std::floor(std::log10(low))), std::pow(10.0, std::ceil(std::log10(high * 1.05))), true};
}

}  // namespace

Figure production_figure(const RunResult& result) {
  const std::vector<double>& t = times(result);
  const bool conserving = result.config.strokes.balance == Balance::energy_conserving;
  Figure figure;
  figure.id = "fig-production";
  figure.title = "Entropy production";
  const std::vector<double>& production = result.solution.entropy_production;
  if (!production.empty() && !std::any_of(production.begin(), production.end(), [](double x) { return !std::isnan(x); })) {
    figure.missing = no_entropy;
    return figure;
  }
  Panel panel;
  panel.x = time_axis(t, result.config.units);
  const Curve line =
      solution_curve(conserving ? "solution: production (A.6)" : "solution: total production", production, t, panel.x);
  if (conserving) {
    Curve gained = quotients("particles: Δ<i>S</i><sub>E</sub>/Δ<i>t</i>", Mark::bars, Ink::particles, t, result.series.S_E,
                             result.series.S_E_err);
    panel.curves = {line, quotients("solution: Δ<i>S</i><sub>E</sub>/Δ<i>t</i>", Mark::squares, Ink::solution, t,
                                    result.solution.S_E, {})};
    if (result.has_particles) panel.curves.push_back(std::move(gained));
  } else {
    panel.curves.push_back(line);
  }
  const std::string& unit = result.config.units.time;
  const std::string of_rate = unit.empty() ? " × unit of rate)" : " / " + axis_unit(unit, "") + ")";
  panel.y = decades((conserving ? "d{/:Italic S}_E / d{/:Italic t}  (k_B" : "production  (k_B") + of_rate, panel.curves);
  const bool none =
      !production.empty() && std::none_of(production.begin(), production.end(), [](double x) { return x > 0.0; });
  if (none || !drawable(panel)) {
    figure.missing = "It is zero at all times: no strokes happen, or they balance in detail.";
    return figure;
  }
  figure.layout = Layout::beside;
  const bool start_left_out = panel.x.logarithmic && t.front() <= 0.0;
  figure.panels.push_back(std::move(panel));
  if (conserving) {
    figure.caption =
        "The rate (A.6), d<i>S</i><sub>E</sub>/d<i>t</i> = <i>w</i><sup>−</sup><i>φ</i> [D(<i>P</i>‖<i>P̃</i>) + "
        "D(<i>P̃</i>‖<i>P</i>)] with "
        "<i>P̃</i>(<i>E</i>) = <i>P</i>(<i>E</i>+Δ<i>E</i>)/<i>φ</i>, from the solution, and the entropy gained between two "
        "snapshots over the "
        "time between them, over intervals that grow with time.";
    figure.reading = "The squares lie on the rate where it changes little within an interval.";
    if (result.has_particles) {
      figure.reading +=
          " The particles’ dots should lie in the squares, within their standard errors. Late dots drown in noise; those "
          "that "
          "noise makes negative have no place on a logarithmic axis.";
    }
  } else {
    figure.caption =
        "The total entropy production of the strokes, in the particles and in what they exchange energy with: "
        "∫ (<i>w</i><sup>+</sup><i>P</i>(<i>E</i>) − <i>w</i><sup>−</sup><i>P</i>(<i>E</i>+Δ<i>E</i>)) "
        "ln[<i>w</i><sup>+</sup><i>P</i>(<i>E</i>) / <i>w</i><sup>−</sup><i>P</i>(<i>E</i>+Δ<i>E</i>)] d<i>E</i>, from the "
        "solution.";
    figure.reading =
        "It is never negative and vanishes in the stationary state. It is not d<i>S</i><sub>E</sub>/d<i>t</i>: the "
        "particles’ own "
        "entropy may fall, since their energy is not conserved.";
  }
  if (start_left_out) figure.caption += " The axis of time leaves <i>t</i> = 0 out.";
  return figure;
}

}  // namespace powerstroke::io
