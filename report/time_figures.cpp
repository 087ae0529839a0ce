#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/report/facts.hpp"
#include "powerstroke/report/figures.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/report/text.hpp"
#include "powerstroke/report/unit_text.hpp"

namespace powerstroke::report {

using namespace study;

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
  if (!q.solved.empty()) panel.curves.push_back(solution_curve("solution", q.solved, t, panel.x));
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
  std::string text = result.has_particles ? " of the particles (dots with standard errors)" : "";
  if (has_solution(result)) {
    text += result.has_particles ? " and of the solution of (7); below, their difference in standard errors, ±2 dotted"
                                 : " of the solution of (7)";
  }
  return text + (time_axis(times(result)).logarithmic && times(result).front() <= 0.0
                     ? ". The axis of time is logarithmic and leaves <i>t</i> = 0 out."
                     : ".");
}

/// Which of the two entropies cannot fall, and why.
std::string entropy_reading(const Config& config) {
  const bool of_energy = balanced_entropy(config) == BalancedEntropy::of_energy;
  const std::string production = "<a href=\"#fig-production\">entropy production</a>";
  if (config.strokes.balance == Balance::bath)
    return "Either entropy may fall: energy goes to the two-level systems and comes back. What never falls is the entropy "
           "of "
           "particles and systems together (<a href=\"#fig-bath\">the bath</a>).";
  if (!keeps_mean_energy(config))
    return "Either entropy may fall: energy is exchanged with the surroundings, and what cannot be negative is the "
           "production of both together (" +
           production + ").";
  if (config.ensemble.dimension == 2)
    return "Neither falls, since the mean energy is conserved: in <i>d</i> = 2 the two differ by a constant.";
  if (!of_energy)
    return "<i>S</i><sup>(1)</sup> never falls: the mean energy is conserved, and the rates are in detailed balance with "
           "the "
           "density of states <i>E</i><sup><i>d</i>/2−1</sup>. It ends at Maxwell and Boltzmann’s value where nothing keeps "
           "the energies from mixing. <i>S</i><sub>E</sub> may fall.";
  return std::string("<i>S</i><sub>E</sub> never falls, since the mean energy is conserved") +
         (is_appendix_case(config) ? " (A.6). " : ". ") +
         "<i>S</i><sup>(1)</sup> may fall: it also holds ⟨ln <i>E</i>⟩ (A.8), which is not conserved.";
}

std::string mean_energy_reading(const Config& config, bool solution) {
  switch (config.strokes.balance) {
    case Balance::energy_conserving:
      return solution
                 ? "The condition (8) keeps the mean energy of the equation; at a finite number of particles it walks at "
                   "random by what the bars say."
                 : "The condition (8) keeps the mean energy of infinitely many particles; at a finite number it walks at "
                   "random, farther than the bars, which are those of independent particles.";
    case Balance::exchange:
      return "Every release is another particle’s uptake: the particles keep the mean energy that their start has drawn, to "
             "the last quantum.";
    case Balance::bath:
      return "Particles and two-level systems exchange energy, and keep their sum to the last quantum: what ⟨<i>E</i>⟩ "
             "gains, "
             "the systems lose.";
    case Balance::fixed:
    case Balance::thermal: break;
  }
  const std::string how =
      has_constant_rates(config)
          ? (has_several_transitions(config) ? "Σ<sub><i>k</i></sub> Δ<i>E</i><sub><i>k</i></sub> "
                                               "(<i>w</i><sub><i>k</i></sub><sup>+</sup> − "
                                               "<i>w</i><sub><i>k</i></sub><sup>−</sup> Prob(<i>E</i> &gt; "
                                               "Δ<i>E</i><sub><i>k</i></sub>))"
                                             : "Δ<i>E</i> (<i>w</i><sup>+</sup> − <i>w</i><sup>−</sup> <i>φ</i>)")
          : (has_several_transitions(config)
                 ? "Σ<sub><i>k</i></sub> Δ<i>E</i><sub><i>k</i></sub> (<i>w</i><sub><i>k</i></sub><sup>+</sup>"
                   "⟨<i>u</i><sub><i>k</i></sub>⟩ − <i>w</i><sub><i>k</i></sub><sup>−</sup>"
                   "⟨Θ<i>r</i><sub><i>k</i></sub>⟩), <i>u</i> and <i>r</i> the factors of the rates law"
                 : "Δ<i>E</i> (<i>w</i><sup>+</sup>⟨<i>u</i>⟩ − <i>w</i><sup>−</sup>⟨Θ<i>r</i>⟩), <i>u</i> and "
                   "<i>r</i> the factors of the rates law");
  return "Energy is exchanged with the surroundings at d⟨<i>E</i>⟩/d<i>t</i> = " + how + ".";
}

std::string phi_reading(const Config& config) {
  const std::string several =
      has_several_transitions(config) ? " The other transitions have thresholds and fractions of their own." : "";
  if (!has_constant_rates(config))
    return "Only these particles can release; how often they do depends on their energies, by the factor <i>r</i> of the "
           "rates law." +
           several;
  switch (config.strokes.balance) {
    case Balance::energy_conserving:
      return "It sets the uptake rate, <i>w</i><sup>+</sup> = <i>φ w</i><sup>−</sup> (8); at <i>φ</i> = 0 " +
             std::string(several.empty() ? "everything" : "this transition") + " stands still." + several;
    case Balance::exchange:
      return "Releases happen at the rate <i>φ w</i><sup>−</sup> a particle, and each is an uptake; at <i>φ</i> = 0 " +
             std::string(several.empty() ? "everything" : "this transition") + " stands still." + several;
    case Balance::bath:
      return "Releases happen at the rate <i>κ</i>(1−<i>x</i>)<i>φ</i> a particle, uptakes at <i>κx</i>; in a stationary "
             "state "
             "they balance, <i>φ</i> = <i>x</i>/(1−<i>x</i>)." +
             several;
    case Balance::fixed:
      if (!several.empty()) return "Releases happen at the rate <i>φ w</i><sup>−</sup> a particle." + several;
      break;
    case Balance::thermal: break;
  }
  return "Releases happen at the rate <i>φ w</i><sup>−</sup> a particle; in a stationary state they balance the uptakes, "
         "<i>φ</i> = <i>w</i><sup>+</sup>/<i>w</i><sup>−</sup>." +
         several;
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
    figure.missing = has_solution(result) ? no_entropy : no_particle_entropy;
    return figure;
  }
  add_panels(figure, energy, result, 0.05, &s.S_E_spacing);
  const bool both = defined(momentum);
  if (both) {
    add_panels(figure, momentum, result, 0.05);
  } else {
    figure.missing = "<i>S</i><sup>(1)</sup> is not defined here: particles at rest have no ln <i>E</i>.";
  }
  if (result.has_particles && (has_solution(result) || !both)) figure.layout = both ? Layout::columns : Layout::beside;
  figure.caption = "<i>S</i><sub>E</sub> (9) and <i>S</i><sup>(1)</sup> (10)" + drawn(result);
  if (any_finite(s.S_E_spacing))
    figure.caption += " Squares: <i>S</i><sub>E</sub> from the spacings of the sorted energies, which knows no bins.";
  figure.reading = entropy_reading(result.config);
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
  add_panels(figure, energy, result, std::isfinite(typical) ? 0.02 * typical : 0.0);
  figure.caption = "⟨<i>E</i>⟩" + drawn(result);
  figure.reading = mean_energy_reading(result.config, has_solution(result));
  return figure;
}

Figure phi_figure(const RunResult& result) {
  const Series& s = result.series;
  Figure figure;
  figure.id = "fig-phi";
  const bool several = has_several_transitions(result.config);
  const std::string threshold = several ? fmt::format("Δ<i>E</i> = {}{}", number_html(result.config.strokes.delta_e()),
                                                      energy_unit_html(result.config.units))
                                        : "Δ<i>E</i>";
  figure.title = fmt::format("Fraction <i>φ</i> above {}{}", threshold, several ? ", the first transition’s" : "");
  figure.layout = Layout::half;
  const Quantity phi{"{/:Italic φ}", "<i>φ</i>", s.phi, s.phi_err, result.solution.phi};
  if (!defined(phi)) {
    figure.missing = "There is no <i>φ</i> to draw.";
    return figure;
  }
  add_panels(figure, phi, result, 0.02);
  figure.caption = fmt::format("<i>φ</i>(<i>t</i>) = Prob(<i>E</i> &gt; Δ<i>E</i>), the fraction that can give {} away,{}",
                               several ? "this energy" : "energy", drawn(result));
  figure.reading = phi_reading(result.config);
  return figure;
}

}  // namespace powerstroke::report
