#include <algorithm>
#include <utility>

#include "powerstroke/report/paper/claim_figures.hpp"
#include "powerstroke/report/paper/curves.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/study/paper/measures.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

constexpr const char* kTime = "{/:Italic t}  (1/{/:Italic w}^-)";

Figure production(const PaperResults& results) {
  const RunResult& run = results["relaxation"];
  std::vector<double> at(slope_times.begin(), slope_times.end()), slopes;
  for (const double t : at) slopes.push_back(entropy_slope(run, t));
  Panel panel;
  panel.x = {kTime, 0.2, 100.0, true};
  panel.y = {"d{/:Italic S}_E / d{/:Italic t}  (k_B {/:Italic w}^-)", 1e-6, 10.0, true};
  panel.curves = {
      curve("(A.6)", Mark::line, Ink::solution, run.solution.t,
            run.quantity("entropy_production").solution),
      curve("differences of <i>S</i><sub>E</sub>", Mark::squares, Ink::check, at, slopes)};
  return single_figure(
      "fig-production", "Production of S<sub>E</sub>", std::move(panel),
      "<i>w</i><sup>−</sup><i>φ</i> [D(<i>P</i>‖<i>P̃</i>) + D(<i>P̃</i>‖<i>P</i>)] from the "
      "equation, and central differences of its entropy.",
      "The squares lie on the line.");
}

/// From `first` on; before, the entropy of a narrow start rises too far for one axis.
Panel entropy_panel(const std::string& heading, std::vector<Curve> curves, double first) {
  for (Curve& c : curves)
    c.points.erase(std::remove_if(c.points.begin(), c.points.end(),
                                  [&](const Point& p) { return p.x < first; }),
                   c.points.end());
  Panel panel;
  panel.heading = heading;
  panel.size = PanelSize::wide;
  panel.x = {kTime, first, 100.0, true};
  panel.curves = std::move(curves);
  panel.y = fitted_axis("{/:Italic S}^{(1)}  (k_B)", panel.curves, 0.02);
  return panel;
}

Figure one_particle_figure(const PaperResults& results) {
  const RunResult& mb = results["mb3"];
  const RunResult& run = results["relaxation"];
  const RunResult& mixed = results["incommensurate_microreversible"];
  const RunResult& reversible = results["relaxation_microreversible"];
  Figure figure;
  figure.id = "fig-one-particle";
  figure.title = "Entropy of one particle’s momentum, S<sup>(1)</sup>";
  figure.panels = {
      entropy_panel("Maxwell–Boltzmann start",
                    {curve("equation, constant rates", Mark::line, Ink::solution, mb.solution.t,
                           mb.quantity("S_1").solution),
                     curve("equation, microreversible rates", Mark::dashed, Ink::law,
                           results["mb3_microreversible"].solution.t,
                           results["mb3_microreversible"].quantity("S_1").solution),
                     curve("particles ± standard error", Mark::bars, Ink::particles, mb.series.t,
                           mb.quantity("S_1").values, mb.quantity("S_1").errors)},
                    0.2),
      entropy_panel("narrow start",
                    {curve("equation, constant rates", Mark::line, Ink::solution, run.solution.t,
                           run.quantity("S_1").solution),
                     curve("equation, microreversible rates", Mark::dashed, Ink::law,
                           reversible.solution.t, reversible.quantity("S_1").solution),
                     curve("microreversible, thresholds 1 and √2", Mark::squares, Ink::check,
                           mixed.series.t, mixed.quantity("S_1").values)},
                    2.0),
  };
  figure.layout = Layout::full;
  figure.caption =
      "<i>S</i><sup>(1)</sup> in <i>d</i> = 3 under (8) from two starts of the same mean energy. "
      "The largest value that "
      "this "
      "energy allows is that of the Maxwell–Boltzmann start, 5.5278.";
  figure.reading =
      "With constant rates it falls from the first moment on the left, and after an overshoot on "
      "the right. With "
      "microreversible rates it never does; with two thresholds that share no ladder it reaches "
      "the largest value.";
  return figure;
}

Figure logarithm(const PaperResults& results) {
  const RunResult& run = results["relaxation"];
  const RunResult& mb = results["mb3"];
  const Solution& s = run.solution;
  Panel panel;
  panel.x = {kTime, 0.2, 100.0, true};
  panel.curves = {curve("equation, narrow start", Mark::line, Ink::solution, s.t,
                        run.quantity("mean_ln_E").solution),
                  curve("equation, Maxwell–Boltzmann start", Mark::dashed, Ink::law, mb.solution.t,
                        mb.quantity("mean_ln_E").solution),
                  curve("particles ± standard error", Mark::bars, Ink::particles, run.series.t,
                        run.quantity("mean_ln_E").values, run.quantity("mean_ln_E").errors)};
  panel.y = fitted_axis("⟨ln {/:Italic E}⟩", panel.curves, 0.1);
  return single_figure(
      "fig-logarithm", "⟨ln <i>E</i>⟩ at constant ⟨<i>E</i>⟩", std::move(panel),
      "The term of (A.8) that the appendix takes as constant, from two starts of the same energy.",
      "It falls as the distribution spreads towards low energies.");
}

}  // namespace

ClaimFigures entropy_figures() {
  return {{"production",
           [](const PaperResults& results) { return std::vector<Figure>{production(results)}; }},
          {"one-particle-entropy",
           [](const PaperResults& results) {
             return std::vector<Figure>{one_particle_figure(results)};
           }},
          {"mean-logarithm",
           [](const PaperResults& results) { return std::vector<Figure>{logarithm(results)}; }}};
}

}  // namespace powerstroke::report
