#include <utility>

#include "powerstroke/report/paper/claim_figures.hpp"
#include "powerstroke/report/paper/curves.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/study/paper/measures.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

Figure energy_drift(const PaperResults& results) {
  const RunResult& run = results["relaxation"];
  const RunResult& exchange = results["exchange"];
  const std::vector<double> deviation = energy_walk(run);
  const auto less_start = [](std::vector<double> values) {
    const double start = values.front();
    for (double& value : values) value -= start;
    return values;
  };
  std::vector<double> below = deviation;
  for (double& value : below) value = -value;
  Panel panel;
  panel.x = {"{/:Italic t}  (1/{/:Italic w}^-)", 0.0, run.series.t.back()};
  panel.curves = {
      curve("predicted standard deviation", Mark::dashed, Ink::law, run.solution.t, deviation),
      curve("", Mark::dashed, Ink::law, run.solution.t, below),
      curve("equation", Mark::line, Ink::solution, run.solution.t,
            less_start(run.quantity("mean_energy").solution)),
      curve("particles, (8) on the average", Mark::bars, Ink::particles, run.series.t,
            less_start(run.quantity("mean_energy").values)),
      curve("particles, <code>exchange</code>", Mark::squares, Ink::check, exchange.series.t,
            less_start(exchange.quantity("mean_energy").values)),
  };
  panel.y = fitted_axis("⟨{/:Italic E}⟩ - ⟨{/:Italic E}⟩_0  (Δ{/:Italic E})", panel.curves, 1e-3);
  return single_figure(
      "fig-energy", "Mean energy under (8)", std::move(panel),
      "Change of the mean energy since the start: of the equation, of particles whose uptake rate "
      "is "
      "<i>w</i><sup>−</sup><i>φ</i>, and of particles that pass their quanta to one another.",
      "The equation’s line is flat and so are the squares. The dots walk at random, as far as the "
      "dashed lines say.");
}

}  // namespace

ClaimFigures conservation_figures() {
  return {{"energy",
           [](const PaperResults& results) { return std::vector<Figure>{energy_drift(results)}; }}};
}

}  // namespace powerstroke::report
