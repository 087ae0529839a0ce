#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "powerstroke/report/facts.hpp"
#include "powerstroke/report/figures.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/report/text.hpp"
#include "powerstroke/report/unit_text.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

constexpr std::size_t kDots = 60;
/// More transitions than these are not drawn.
constexpr std::size_t kTransitions = 5;

/// -x ln x - (1-x) ln(1-x).
double two_level_entropy(double x) {
  const auto part = [](double p) { return p > 0.0 ? -p * std::log(p) : 0.0; };
  return part(x) + part(1.0 - x);
}

/// x/(1-x) = exp(-dE/T): the systems and the particles have one temperature in the end.
double stationary_excited(double delta_e, double temperature) {
  return 1.0 / (1.0 + std::exp(delta_e / temperature));
}

const std::vector<double>& row(const std::vector<std::vector<double>>& rows, std::size_t k) {
  static const std::vector<double> none;
  return k < rows.size() ? rows[k] : none;
}

Panel excited_panel(const RunResult& result, std::size_t transition) {
  const std::vector<double>& t = times(result);
  const StationaryFit& law = result.comparison.stationary;
  const double delta_e = result.config.strokes->law.transitions[transition].delta_e;
  Panel panel;
  if (has_several_transitions(result.config))
    panel.heading = fmt::format("Δ<i>E</i> = {}{}", number_html(delta_e),
                                energy_unit_html(result.config.units));
  panel.x = time_axis(t, result.config.units);
  const std::vector<double>& solved = row(result.solution.excited, transition);
  const std::vector<double>& counted = row(result.series.excited, transition);
  if (!solved.empty()) panel.curves.push_back(solution_curve("solution", solved, t, panel.x));
  if (law.exists && law.temperature > 0.0) {
    const double x = stationary_excited(delta_e, law.temperature);
    panel.curves.push_back(
        {"stationary law", Mark::dashed, Ink::law, {{panel.x.low, x}, {panel.x.high, x}}});
  }
  if (!counted.empty()) {
    Curve dots{"systems, counted", Mark::dots, Ink::particles, {}};
    for (const std::size_t k : spread_snapshots(t, panel.x, kDots))
      dots.points.push_back({t[k], at(counted, k)});
    panel.curves.push_back(std::move(dots));
  }
  panel.y = fitted_axis("excited fraction {/:Italic x}", panel.curves, 0.02);
  return panel;
}

/// S_E + s <ln E> of the particles and M/N two-level entropies, per particle.
double total_of_particles(const RunResult& result, std::size_t snapshot) {
  const double s = laws::state_exponent(result.config.strokes->law.rates);
  double total = at(result.quantity("S_E").values, snapshot);
  if (s != 0.0) total += s * at(result.quantity("mean_ln_E").values, snapshot);
  const auto systems = static_cast<double>(result.config.strokes->bath.systems);
  for (const std::vector<double>& x : result.series.excited)
    total += systems / static_cast<double>(result.config.ensemble.particles) *
             two_level_entropy(at(x, snapshot));
  return total;
}

Panel total_panel(const RunResult& result) {
  const std::vector<double>& t = times(result);
  const std::vector<double>& errors = balanced_quantity(result).errors;
  Panel panel;
  if (has_several_transitions(result.config)) panel.heading = "Particles and systems together";
  panel.x = time_axis(t, result.config.units);
  if (!result.quantity("total_entropy").solution.empty())
    panel.curves.push_back(
        solution_curve("solution", result.quantity("total_entropy").solution, t, panel.x));
  if (result.has_particles) {
    Curve bars{"particles and systems ± standard error", Mark::bars, Ink::particles, {}};
    for (const std::size_t k : spread_snapshots(t, panel.x, kDots)) {
      const double error = at(errors, k);
      bars.points.push_back(
          {t[k], total_of_particles(result, k), std::isfinite(error) ? error : 0.0});
    }
    panel.curves.push_back(std::move(bars));
  }
  panel.y = fitted_axis("total entropy a particle  (k_B)", panel.curves, 0.05);
  return panel;
}

bool applies(const RunResult& result) {
  return laws::is<laws::Bath>(result.config.strokes->law.balance);
}

Figure draw(const RunResult& result) {
  const StrokesConfig& strokes = *result.config.strokes;
  Figure figure;
  figure.id = "fig-bath";
  figure.title = "The bath of two-level systems";
  const std::size_t transitions = strokes.law.transitions.size(),
                    drawn = std::min(transitions, kTransitions);
  for (std::size_t k = 0; k < drawn; ++k) figure.panels.push_back(excited_panel(result, k));
  Panel total = total_panel(result);
  const bool has_total = drawable(total);
  if (has_total) figure.panels.push_back(std::move(total));
  if (figure.panels.size() == 4) {
    figure.layout = Layout::columns;
    std::swap(figure.panels[1], figure.panels[2]);  // columns are filled first, rows are read first
  } else if (figure.panels.size() > 2) {
    for (Panel& panel : figure.panels) panel.size = PanelSize::small;
  }
  if (!has_total) figure.missing = "The total entropy is not defined for a start with atoms.";
  const char* several = has_several_transitions(result.config) ? " of each transition" : "";
  figure.caption = fmt::format(
      "The fraction <i>x</i> of the {} two-level systems{} that is excited{}{}.",
      count_html(strokes.bath.systems), several,
      result.comparison.stationary.exists
          ? "; dashed, where it ends, <i>x</i>/(1−<i>x</i>) = exp(−Δ<i>E</i>/<i>T</i>) at the "
            "temperature of the stationary "
            "law"
          : "",
      has_total
          ? fmt::format(
                "; and the entropy of particles and systems together, {}{} + Σ (<i>M</i>/<i>N</i>) "
                "[−<i>x</i> ln <i>x</i> − (1−<i>x</i>) ln(1−<i>x</i>)]",
                "<i>S</i><sub>E</sub>",
                balanced_entropy(result.config) == BalancedEntropy::of_energy
                    ? ""
                    : " + (<i>d</i>/2−1)⟨ln <i>E</i>⟩")
          : "");
  if (drawn < transitions)
    figure.caption += fmt::format(" Of {} transitions the first {}.", transitions, drawn);
  figure.reading = "Particles and systems keep their energy together to the last quantum.";
  if (has_total)
    figure.reading +=
        " The total entropy never falls, whichever way the energy goes; how far the particles’ own "
        "may fall is bounded by "
        "what the systems gain.";
  return figure;
}

}  // namespace

const ReportFigure bath_figure{60, applies, draw};

}  // namespace powerstroke::report
