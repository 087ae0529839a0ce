#include <utility>

#include "powerstroke/report/paper/claim_figures.hpp"
#include "powerstroke/report/paper/curves.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/study/paper/measures.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

Figure bath(const PaperResults& results) {
  const Solution& s = results["bath"].solution;
  std::vector<double> of_bath, total, of_particles;
  for (std::size_t i = 0; i < s.t.size(); ++i) {
    of_bath.push_back(s.total_entropy[i] - s.S_E[i] - (s.total_entropy[0] - s.S_E[0]));
    total.push_back(s.total_entropy[i] - s.total_entropy[0]);
    of_particles.push_back(s.S_E[i] - s.S_E[0]);
  }
  Panel panel;
  panel.x = {"{/:Italic t}  (1/{/:Italic w}^-)", 0.0, s.t.back()};
  panel.curves = {curve("together", Mark::line, Ink::solution, s.t, total),
                  curve("particles", Mark::dashed, Ink::law, s.t, of_particles),
                  curve("two-level systems", Mark::dotted, Ink::exponential, s.t, of_bath)};
  panel.y = fitted_axis("entropy gained  (k_B)", panel.curves, 0.1);
  return single_figure("fig-bath", "Entropy of particles and two-level systems", std::move(panel),
                       "Entropy gained since the start, per particle, of the equation with a bath.",
                       "The line of both together rises at all times.");
}

Figure information(const PaperResults& results) {
  const RunResult& run = results["information"];
  const std::vector<double>& t = run.solution.t;
  std::vector<double> gained, lost;
  for (std::size_t i = 0; i < t.size(); ++i) {
    gained.push_back(run.solution.S_E[i] - run.solution.S_E[0]);
    lost.push_back(run.solution.information[0] - run.solution.information[i]);
  }
  Panel panel;
  panel.x = {"{/:Italic t}  (1/{/:Italic w}^-)", 0.0, t.back()};
  std::vector<double> particles_lost;
  for (const double i : run.series.information) particles_lost.push_back(run.series.information[0] - i);
  panel.curves = {curve("entropy gained, <i>S</i><sub>E</sub>(<i>t</i>) − <i>S</i><sub>E</sub>(0)", Mark::line,
                        Ink::solution, t, gained),
                  curve("information lost, <i>I</i>(<i>E</i><sub>0</sub>; <i>E</i><sub>0</sub>) − "
                        "<i>I</i>(<i>E</i><sub>0</sub>; <i>E<sub>t</sub></i>)",
                        Mark::dashed, Ink::law, t, lost),
                  curve("the same, of particles", Mark::squares, Ink::check, run.series.t, particles_lost)};
  panel.y = fitted_axis("k_B", panel.curves, 0.1);
  return single_figure("fig-information", "Entropy gained and information lost", std::move(panel),
                       "Fixed rates, of the equation; energies told apart in quarters of Δ<i>E</i>.",
                       "The dashed line never falls, but it is not the other one.");
}

Figure paths(const PaperResults& results) {
  const Series& s = results["paths_thermal"].series;
  Panel panel;
  panel.x = {"{/:Italic t}  (1/{/:Italic w}^-)", 0.0, 1.05 * s.t.back()};
  const Series& fixed = results["paths_fixed"].series;
  panel.curves = {curve("1", Mark::line, Ink::solution, {0.0, 1.05 * s.t.back()}, {1.0, 1.0}),
                  curve("thermal and microreversible", Mark::bars, Ink::particles, s.t, s.path_average, s.path_average_err),
                  curve("fixed rates", Mark::squares, Ink::check, fixed.t, fixed.path_average)};
  panel.y = fitted_axis("⟨exp(-Δ{/:Italic s}_{tot})⟩", panel.curves, 0.02);
  return single_figure("fig-paths", "The second law path by path", std::move(panel),
                       "Average over the paths of all particles since the start, ± one standard error.",
                       "Both lie about 1 at all times, though a path alone may produce less than nothing.");
}

}  // namespace

ClaimFigures second_law_figures() {
  return {{"second-law", [](const PaperResults& results) { return std::vector<Figure>{bath(results)}; }},
          {"information", [](const PaperResults& results) { return std::vector<Figure>{information(results)}; }},
          {"paths", [](const PaperResults& results) { return std::vector<Figure>{paths(results)}; }}};
}

}  // namespace powerstroke::report
