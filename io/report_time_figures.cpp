#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "powerstroke/io/report_figures.hpp"
#include "powerstroke/io/report_series.hpp"

namespace powerstroke::io {
namespace {

constexpr std::size_t kBars = 45;
constexpr std::size_t kLinePoints = 400;
/// Fewer snapshots than this do not make a line: what lies between them is not known.
constexpr std::size_t kFew = 8;

/// One quantity against time: names, and where its numbers are.
struct Quantity {
  std::string label;  ///< of the axis, gnuplot's notation
  std::string html;
  const std::vector<double>& measured;
  const std::vector<double>& error;
  const std::vector<double>& solved;
};

bool any_finite(const std::vector<double>& values) {
  return std::any_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

/// An equation that gives no number denies the particles' estimate its meaning, too.
bool defined(const Quantity& q) { return q.solved.empty() ? any_finite(q.measured) : any_finite(q.solved); }

double largest_error(const Quantity& q) {
  double largest = 0.0;
  for (const double e : q.error) {
    if (std::isfinite(e)) largest = std::max(largest, e);
  }
  return largest;
}

Mark solution_mark(const std::vector<double>& t) { return t.size() < kFew ? Mark::dots : Mark::line; }

Curve solution_line(const std::string& name, const std::vector<double>& values, const std::vector<double>& t, const Axis& x) {
  Curve curve{name, solution_mark(t), Ink::solution, {}};
  for (const std::size_t k : spread_snapshots(t, x, kLinePoints)) curve.points.push_back({t[k], at(values, k)});
  return curve;
}

Curve particle_bars(const Quantity& q, const std::vector<double>& t, const Axis& x) {
  Curve curve{"particles", Mark::bars, Ink::particles, {}};
  for (const std::size_t k : spread_snapshots(t, x, kBars)) {
    const double error = at(q.error, k);
    curve.points.push_back({t[k], at(q.measured, k), std::isfinite(error) ? error : 0.0});
  }
  return curve;
}

/// @param least_span the axis of values is never narrower, so that noise does not look like a course of events.
Panel quantity_panel(const Quantity& q, const RunResult& result, double least_span, const std::vector<double>* check = nullptr) {
  const std::vector<double>& t = times(result);
  Panel panel;
  panel.x = time_axis(t);
  panel.curves.push_back(solution_line("solution", q.solved, t, panel.x));
  if (result.has_particles) panel.curves.push_back(particle_bars(q, t, panel.x));
  if (check != nullptr && any_finite(*check)) {
    Curve squares{"particles, without bins", Mark::squares, Ink::check, {}};
    for (const std::size_t k : spread_snapshots(t, panel.x, kLinePoints)) squares.points.push_back({t[k], at(*check, k)});
    panel.curves.push_back(std::move(squares));
  }
  panel.y = fitted_axis(q.label, panel.curves, std::max(least_span, 10.0 * largest_error(q)));
  return panel;
}

Curve level_line(const Axis& x, double y, Mark mark) { return {"", mark, Ink::muted, {{x.low, y}, {x.high, y}}}; }

/// (particles - solution) / standard error.
Panel deviation_panel(const Quantity& q, const std::vector<double>& t) {
  Panel panel;
  panel.size = PanelSize::low;
  panel.x = time_axis(t);
  Curve dots{"", Mark::dots, Ink::particles, {}};
  double largest = 3.2;
  for (const std::size_t k : spread_snapshots(t, panel.x, 2 * kBars)) {
    const double error = at(q.error, k);
    const double z = error > 0.0 ? (at(q.measured, k) - at(q.solved, k)) / error : std::nan("");
    if (std::isfinite(z)) largest = std::max(largest, 1.1 * std::abs(z));
    dots.points.push_back({t[k], z});
  }
  panel.y = {"difference / error", -largest, largest};
  if (drawable(Panel{"", panel.x, panel.y, {dots}, panel.size})) {
    panel.curves = {level_line(panel.x, 0.0, Mark::line), level_line(panel.x, 2.0, Mark::dotted),
                    level_line(panel.x, -2.0, Mark::dotted), std::move(dots)};
  }
  return panel;
}

/// The quantity, and below it how far particles and solution are apart.
void add_panels(Figure& figure, const Quantity& q, const RunResult& result, double least_span,
                const std::vector<double>* check = nullptr) {
  figure.panels.push_back(quantity_panel(q, result, least_span, check));
  if (!result.has_particles || q.solved.empty()) return;
  figure.panels.back().x.label.clear();  // the axis is that of the panel below
  figure.panels.push_back(deviation_panel(q, times(result)));
}

std::string drawn(const RunResult& result) {
  std::string text = result.has_particles ? " of the particles (dots with standard errors) and" : "";
  text += solution_mark(times(result)) == Mark::line ? " of the solution of (7) (line)" : " of the solution of (7) (circles)";
  if (result.has_particles) text += "; below, their difference in standard errors, ±2 dotted";
  return text + (time_axis(times(result)).logarithmic && times(result).front() <= 0.0
                     ? ". The axis of time is logarithmic and leaves <i>t</i> = 0 out." : ".");
}

constexpr const char* kNoEntropy = "The entropy is not defined for a start with atoms: a density with delta functions has none.";

}  // namespace

Figure entropy_figure(const RunResult& result) {
  const Series& s = result.series;
  Figure figure;
  figure.id = "fig-entropy";
  figure.title = "Entropy of the energy, <i>S</i><sub>E</sub>, and of the momenta, <i>S</i><sup>(1)</sup>";
  const Quantity energy{"{/:Italic S}_E  (k_B)", "<i>S</i><sub>E</sub>", s.S_E, s.S_E_err, result.solution.S_E};
  const Quantity momentum{"{/:Italic S}^{(1)}  (k_B)", "<i>S</i><sup>(1)</sup>", s.S_1, s.S_1_err, result.solution.S_1};
  if (!defined(energy)) {
    figure.missing = kNoEntropy;
    return figure;
  }
  add_panels(figure, energy, result, 0.05, &s.S_E_spacing);
  if (defined(momentum)) {
    add_panels(figure, momentum, result, 0.05);
  } else {
    figure.missing = "<i>S</i><sup>(1)</sup> is not defined here: particles at rest have no ln <i>E</i>.";
  }
  if (result.has_particles) figure.layout = figure.panels.size() == 4 ? Layout::columns : Layout::beside;
  figure.caption = "<i>S</i><sub>E</sub> (9) and <i>S</i><sup>(1)</sup> (10)" + drawn(result);
  if (any_finite(s.S_E_spacing)) figure.caption += " Squares: <i>S</i><sub>E</sub> from the spacings of the sorted energies, which knows no bins.";
  figure.reading = result.config.strokes.balance == Balance::energy_conserving
      ? "<i>S</i><sub>E</sub> never falls, since the mean energy is conserved (A.6). <i>S</i><sup>(1)</sup> may fall: it also holds "
        "⟨ln <i>E</i>⟩ (A.8), which is not conserved."
      : "Either entropy may fall: energy is exchanged with the surroundings, and what cannot be negative is the production of both together "
        "(Figure 5).";
  if (result.has_particles) figure.reading += " Neighbouring snapshots share their particles, so that runs of one sign are to be expected.";
  return figure;
}

Figure mean_energy_figure(const RunResult& result) {
  const Series& s = result.series;
  Figure figure;
  figure.id = "fig-mean-energy";
  figure.title = "Mean energy";
  figure.layout = Layout::half;
  const Quantity energy{"⟨{/:Italic E}⟩  (unit of the config)", "⟨<i>E</i>⟩", s.mean_energy, s.mean_energy_err,
                        result.solution.mean_energy};
  if (!defined(energy)) {
    figure.missing = "There is no mean energy to draw.";
    return figure;
  }
  const double typical = std::abs(at(result.solution.mean_energy.empty() ? s.mean_energy : result.solution.mean_energy, 0));
  const bool conserved = result.config.strokes.balance == Balance::energy_conserving;
  add_panels(figure, energy, result, std::isfinite(typical) ? 0.02 * typical : 0.0);
  figure.caption = "⟨<i>E</i>⟩" + drawn(result);
  figure.reading = conserved
      ? "The condition (8) keeps the mean energy of the equation; at a finite number of particles it walks at random by what the bars say."
      : "Energy is exchanged with the surroundings at d⟨<i>E</i>⟩/d<i>t</i> = Δ<i>E</i> (<i>w</i><sup>+</sup> − <i>w</i><sup>−</sup> <i>φ</i>).";
  return figure;
}

Figure phi_figure(const RunResult& result) {
  const Series& s = result.series;
  Figure figure;
  figure.id = "fig-phi";
  figure.title = "Fraction <i>φ</i> above Δ<i>E</i>";
  figure.layout = Layout::half;
  const Quantity phi{"{/:Italic φ}", "<i>φ</i>", s.phi, s.phi_err, result.solution.phi};
  if (!defined(phi)) {
    figure.missing = "There is no <i>φ</i> to draw.";
    return figure;
  }
  add_panels(figure, phi, result, 0.02);
  figure.caption = "<i>φ</i>(<i>t</i>) = Prob(<i>E</i> &gt; Δ<i>E</i>), the fraction that can give energy away," + drawn(result);
  figure.reading = result.config.strokes.balance == Balance::energy_conserving
      ? "It sets the uptake rate, <i>w</i><sup>+</sup> = <i>φ w</i><sup>−</sup> (8); at <i>φ</i> = 0 everything stands still."
      : "Releases happen at the rate <i>φ w</i><sup>−</sup> a particle; in a stationary state they balance the uptakes, "
        "<i>φ</i> = <i>w</i><sup>+</sup>/<i>w</i><sup>−</sup>.";
  return figure;
}

namespace {

/// Entropy gained from snapshot to snapshot, over its time. The intervals grow with time, whatever the numbers: a quotient over a
/// short one late in the run would be nothing but noise.
Curve quotients(const std::string& name, Mark mark, Ink ink, const std::vector<double>& t, const std::vector<double>& entropy,
                const std::vector<double>& error) {
  Curve curve{name, mark, ink, {}};
  for (std::size_t i = 0, j = 1; j < t.size(); ++j) {
    const double dt = t[j] - t[i];
    if (dt < 0.25 * t[j] || !(dt > 0.0)) continue;
    const double both = std::hypot(at(error, i), at(error, j));
    curve.points.push_back({0.5 * (t[i] + t[j]), (at(entropy, j) - at(entropy, i)) / dt, std::isfinite(both) ? both / dt : 0.0});
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
    figure.missing = kNoEntropy;
    return figure;
  }
  Panel panel;
  panel.x = time_axis(t);
  const Curve line = solution_line(conserving ? "solution: production (A.6)" : "solution: total production", production, t, panel.x);
  if (conserving) {
    Curve gained = quotients("particles: Δ<i>S</i><sub>E</sub>/Δ<i>t</i>", Mark::bars, Ink::particles, t, result.series.S_E,
                             result.series.S_E_err);
    panel.curves = {line, quotients("solution: Δ<i>S</i><sub>E</sub>/Δ<i>t</i>", Mark::squares, Ink::solution, t, result.solution.S_E, {})};
    if (result.has_particles) panel.curves.push_back(std::move(gained));
  } else {
    panel.curves.push_back(line);
  }
  panel.y = decades(conserving ? "d{/:Italic S}_E / d{/:Italic t}  (k_B × unit of rate)" : "production  (k_B × unit of rate)", panel.curves);
  const bool none = !production.empty() && std::none_of(production.begin(), production.end(), [](double x) { return x > 0.0; });
  if (none || !drawable(panel)) {
    figure.missing = "It is zero at all times: no strokes happen, or they balance in detail.";
    return figure;
  }
  figure.layout = Layout::beside;
  const bool start_left_out = panel.x.logarithmic && t.front() <= 0.0;
  figure.panels.push_back(std::move(panel));
  if (conserving) {
    figure.caption =
        "The rate (A.6), d<i>S</i><sub>E</sub>/d<i>t</i> = <i>w</i><sup>−</sup><i>φ</i> [D(<i>P</i>‖<i>P̃</i>) + D(<i>P̃</i>‖<i>P</i>)] with "
        "<i>P̃</i>(<i>E</i>) = <i>P</i>(<i>E</i>+Δ<i>E</i>)/<i>φ</i>, from the solution, and the entropy gained between two snapshots over the "
        "time between them, over intervals that grow with time.";
    figure.reading = "The squares lie on the rate where it changes little within an interval.";
    if (result.has_particles) {
      figure.reading += " The particles’ dots should lie in the squares, within their standard errors. Late dots drown in noise; those that "
                        "noise makes negative have no place on a logarithmic axis.";
    }
  } else {
    figure.caption =
        "The total entropy production of the strokes, in the particles and in what they exchange energy with: "
        "∫ (<i>w</i><sup>+</sup><i>P</i>(<i>E</i>) − <i>w</i><sup>−</sup><i>P</i>(<i>E</i>+Δ<i>E</i>)) "
        "ln[<i>w</i><sup>+</sup><i>P</i>(<i>E</i>) / <i>w</i><sup>−</sup><i>P</i>(<i>E</i>+Δ<i>E</i>)] d<i>E</i>, from the solution.";
    figure.reading =
        "It is never negative and vanishes in the stationary state. It is not d<i>S</i><sub>E</sub>/d<i>t</i>: the particles’ own "
        "entropy may fall, since their energy is not conserved.";
  }
  if (start_left_out) figure.caption += " The axis of time leaves <i>t</i> = 0 out.";
  return figure;
}

}  // namespace powerstroke::io
