#include <utility>

#include "powerstroke/report/paper/claim_figures.hpp"
#include "powerstroke/report/paper/curves.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/study/paper/measures.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

Figure bath(const PaperResults& results) {
  const RunResult& run = results["bath"];
  const Solution& s = run.solution;
  const std::vector<double>&all = run.quantity("total_entropy").solution,
        &ours = run.quantity("S_E").solution;
  std::vector<double> of_bath, total, of_particles;
  for (std::size_t i = 0; i < s.t.size(); ++i) {
    of_bath.push_back(all[i] - ours[i] - (all[0] - ours[0]));
    total.push_back(all[i] - all[0]);
    of_particles.push_back(ours[i] - ours[0]);
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
    gained.push_back(run.quantity("S_E").solution[i] - run.quantity("S_E").solution[0]);
    lost.push_back(run.quantity("information").solution[0] -
                   run.quantity("information").solution[i]);
  }
  Panel panel;
  panel.x = {"{/:Italic t}  (1/{/:Italic w}^-)", 0.0, t.back()};
  std::vector<double> particles_lost;
  for (const double i : run.quantity("information").values)
    particles_lost.push_back(run.quantity("information").values[0] - i);
  panel.curves = {
      curve("entropy gained, <i>S</i><sub>E</sub>(<i>t</i>) − <i>S</i><sub>E</sub>(0)", Mark::line,
            Ink::solution, t, gained),
      curve("information lost, <i>I</i>(<i>E</i><sub>0</sub>; <i>E</i><sub>0</sub>) − "
            "<i>I</i>(<i>E</i><sub>0</sub>; <i>E<sub>t</sub></i>)",
            Mark::dashed, Ink::law, t, lost),
      curve("the same, of particles", Mark::squares, Ink::check, run.series.t, particles_lost)};
  panel.y = fitted_axis("k_B", panel.curves, 0.1);
  return single_figure(
      "fig-information", "Entropy gained and information lost", std::move(panel),
      "Fixed rates, of the equation; energies told apart in quarters of Δ<i>E</i>.",
      "The dashed line never falls, but it is not the other one.");
}

Figure paths(const PaperResults& results) {
  const RunResult &thermal = results["paths_thermal"], &fixed = results["paths_fixed"];
  const std::vector<double>& t = thermal.series.t;
  Panel panel;
  panel.x = {"{/:Italic t}  (1/{/:Italic w}^-)", 0.0, 1.05 * t.back()};
  panel.curves = {
      curve("1", Mark::line, Ink::solution, {0.0, 1.05 * t.back()}, {1.0, 1.0}),
      curve("thermal and microreversible", Mark::bars, Ink::particles, t,
            thermal.quantity("path_average").values, thermal.quantity("path_average").errors),
      curve("fixed rates", Mark::squares, Ink::check, fixed.series.t,
            fixed.quantity("path_average").values)};
  panel.y = fitted_axis("⟨exp(-Δ{/:Italic s}_{tot})⟩", panel.curves, 0.02);
  return single_figure(
      "fig-paths", "The second law path by path", std::move(panel),
      "Average over the paths of all particles since the start, ± one standard error.",
      "Both lie about 1 at all times, though a path alone may produce less than nothing.");
}

}  // namespace

ClaimFigures second_law_figures() {
  return {
      {"second-law",
       [](const PaperResults& results) { return std::vector<Figure>{bath(results)}; }},
      {"information",
       [](const PaperResults& results) { return std::vector<Figure>{information(results)}; }},
      {"paths", [](const PaperResults& results) { return std::vector<Figure>{paths(results)}; }}};
}

}  // namespace powerstroke::report
