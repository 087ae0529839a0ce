#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/io/report/figures.hpp"
#include "powerstroke/io/report/series.hpp"
#include "powerstroke/io/report/unit_text.hpp"

namespace powerstroke::io {
namespace {

constexpr std::size_t kBars = 45;

/// One quantity against time: names, and where its numbers are.
struct Quantity {
  std::string label;  ///< of the axis, gnuplot's notation
  std::string html;
  const std::vector<double>& measured;
  const std::vector<double>& error;
  const std::vector<double>& solved;
};

/// An equation that gives no number denies the particles' estimate its meaning, too.
bool defined(const Quantity& q) { return q.solved.empty() ? any_finite(q.measured) : any_finite(q.solved); }

double largest_error(const Quantity& q) {
  double largest = 0.0;
  for (const double e : q.error) {
    if (std::isfinite(e)) largest = std::max(largest, e);
  }
  return largest;
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
Panel quantity_panel(const Quantity& q, const RunResult& result, double least_span,
                     const std::vector<double>* check = nullptr) {
  const std::vector<double>& t = times(result);
  Panel panel;
  panel.x = time_axis(t, result.config.units);
  panel.curves.push_back(solution_curve("solution", q.solved, t, panel.x));
  if (result.has_particles) panel.curves.push_back(particle_bars(q, t, panel.x));
  if (check != nullptr && any_finite(*check)) {
    Curve squares{"particles, without bins", Mark::squares, Ink::check, {}};
    for (const std::size_t k : spread_snapshots(t, panel.x, 4 * kBars)) squares.points.push_back({t[k], at(*check, k)});
    panel.curves.push_back(std::move(squares));
  }
  panel.y = fitted_axis(q.label, panel.curves, std::max(least_span, 10.0 * largest_error(q)));
  return panel;
}

Curve level_line(const Axis& x, double y, Mark mark) { return {"", mark, Ink::muted, {{x.low, y}, {x.high, y}}}; }

/// (particles - solution) / standard error.
Panel deviation_panel(const Quantity& q, const RunResult& result) {
  const std::vector<double>& t = times(result);
  Panel panel;
  panel.size = PanelSize::low;
  panel.x = time_axis(t, result.config.units);
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
  figure.panels.push_back(deviation_panel(q, result));
}

std::string drawn(const RunResult& result) {
  std::string text = result.has_particles ? " of the particles (dots with standard errors) and" : "";
  text += " of the solution of (7)";
  if (result.has_particles) text += "; below, their difference in standard errors, ±2 dotted";
  return text + (time_axis(times(result)).logarithmic && times(result).front() <= 0.0
                     ? ". The axis of time is logarithmic and leaves <i>t</i> = 0 out."
                     : ".");
}

}  // namespace

Figure entropy_figure(const RunResult& result) {
  const Series& s = result.series;
  Figure figure;
  figure.id = "fig-entropy";
  figure.title = "Entropy of the energy, <i>S</i><sub>E</sub>, and of the momenta, <i>S</i><sup>(1)</sup>";
  const Quantity energy{"{/:Italic S}_E  (k_B)", "<i>S</i><sub>E</sub>", s.S_E, s.S_E_err, result.solution.S_E};
  const Quantity momentum{"{/:Italic S}^{(1)}  (k_B)", "<i>S</i><sup>(1)</sup>", s.S_1, s.S_1_err, result.solution.S_1};
  if (!defined(energy)) {
    figure.missing = no_entropy;
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
  if (any_finite(s.S_E_spacing))
    figure.caption += " Squares: <i>S</i><sub>E</sub> from the spacings of the sorted energies, which knows no bins.";
  figure.reading = result.config.strokes.balance == Balance::energy_conserving
                       ? "<i>S</i><sub>E</sub> never falls, since the mean energy is conserved (A.6). "
                         "<i>S</i><sup>(1)</sup> may fall: it also holds "
                         "⟨ln <i>E</i>⟩ (A.8), which is not conserved."
                       : "Either entropy may fall: energy is exchanged with the surroundings, and what cannot be negative "
                         "is the production of both together "
                         "(Figure 5).";
  if (result.has_particles)
    figure.reading += " Neighbouring snapshots share their particles, so that runs of one sign are to be expected.";
  return figure;
}

Figure mean_energy_figure(const RunResult& result) {
  const Series& s = result.series;
  Figure figure;
  figure.id = "fig-mean-energy";
  figure.title = "Mean energy";
  figure.layout = Layout::half;
  const std::string label =
      fmt::format("⟨{{/:Italic E}}⟩  ({})", axis_unit(result.config.units.energy, "unit of the config"));
  const Quantity energy{label, "⟨<i>E</i>⟩", s.mean_energy, s.mean_energy_err, result.solution.mean_energy};
  if (!defined(energy)) {
    figure.missing = "There is no mean energy to draw.";
    return figure;
  }
  const double typical = std::abs(at(result.solution.mean_energy.empty() ? s.mean_energy : result.solution.mean_energy, 0));
  const bool conserved = result.config.strokes.balance == Balance::energy_conserving;
  add_panels(figure, energy, result, std::isfinite(typical) ? 0.02 * typical : 0.0);
  figure.caption = "⟨<i>E</i>⟩" + drawn(result);
  figure.reading = conserved ? "The condition (8) keeps the mean energy of the equation; at a finite number of particles it "
                               "walks at random by what the bars say."
                             : "Energy is exchanged with the surroundings at d⟨<i>E</i>⟩/d<i>t</i> = Δ<i>E</i> "
                               "(<i>w</i><sup>+</sup> − <i>w</i><sup>−</sup> <i>φ</i>).";
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
  figure.caption =
      "<i>φ</i>(<i>t</i>) = Prob(<i>E</i> &gt; Δ<i>E</i>), the fraction that can give energy away," + drawn(result);
  figure.reading =
      result.config.strokes.balance == Balance::energy_conserving
          ? "It sets the uptake rate, <i>w</i><sup>+</sup> = <i>φ w</i><sup>−</sup> (8); at <i>φ</i> = 0 everything stands "
            "still."
          : "Releases happen at the rate <i>φ w</i><sup>−</sup> a particle; in a stationary state they balance the uptakes, "
            "<i>φ</i> = <i>w</i><sup>+</sup>/<i>w</i><sup>−</sup>.";
  return figure;
}

}  // namespace powerstroke::io
