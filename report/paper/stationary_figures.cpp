#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "powerstroke/analysis/theory/closed_forms.hpp"
#include "powerstroke/report/paper/claim_figures.hpp"
#include "powerstroke/report/paper/curves.hpp"
#include "powerstroke/study/paper/measures.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

constexpr double shown_up_to = 12.0;

Panel end_panel(const std::string& heading, const RunResult& run) {
  Panel panel;
  panel.heading = heading;
  panel.x = {"{/:Italic E}  (Δ{/:Italic E})", 0.0, shown_up_to};
  const std::vector<double>& edges = run.histograms.edges;
  const std::size_t last = run.series.t.size() - 1;
  panel.curves = {
      density_curve("particles at the end", Mark::area, Ink::particles, edges, shares(run, last)),
      density_curve(
          "exponential (11)", Mark::line, Ink::exponential, edges,
          theory::exponential_bin_probabilities(laws::mean(run.config.ensemble.energy), edges))};
  double top = 0.0;
  for (const Curve& c : panel.curves)
    for (const Point& p : c.points) top = std::max(top, p.y);
  panel.y = {"{/:Italic P}({/:Italic E})", 0.0, 1.08 * top};
  return panel;
}

Figure exponential(const PaperResults& results) {
  const RunResult& run = results["relaxation"];
  const RunResult& mixed = results["incommensurate"];
  Figure figure;
  figure.id = "fig-exponential";
  figure.title = "Where a narrow start ends";
  figure.layout = Layout::full;
  figure.panels = {end_panel("one threshold, Δ<i>E</i> = 1", run),
                   end_panel("thresholds 1 and √2", mixed)};
  figure.caption =
      "Density of the particles’ energies at the end, from normal(3.5, 0.2), and the exponential "
      "of the same mean.";
  figure.reading =
      "On the left every peak stands at the start’s offset for ever. On the right nothing of the "
      "start is left.";
  return figure;
}

Figure dimensions_figure(const PaperResults& results) {
  Figure figure;
  figure.id = "fig-dimensions";
  figure.title = "Maxwell–Boltzmann starts after <i>t</i> = 100";
  figure.layout = Layout::full;
  for (const int d : {1, 2, 3}) {
    const RunResult& run = results[fmt::format("mb{}", d)];
    const RunResult& reversible = results[fmt::format("mb{}_microreversible", d)];
    const std::vector<double>& edges = run.histograms.edges;
    const double mean = run.quantity("mean_energy").solution.front();
    Panel panel;
    panel.heading = fmt::format("<i>d</i> = {}", d);
    panel.size = PanelSize::small;
    panel.x = {"{/:Italic E}  (Δ{/:Italic E})", 0.0, 8.0};
    panel.y = {"{/:Italic P}({/:Italic E})", 0.0, d == 1 ? 0.6 : 0.36};
    panel.curves = {density_curve("start: Maxwell–Boltzmann", Mark::area, Ink::particles, edges,
                                  run.solution.bin_probability.front()),
                    density_curve("end, constant rates", Mark::line, Ink::solution, edges,
                                  run.solution.bin_probability.back()),
                    density_curve("end, microreversible rates", Mark::dashed, Ink::law, edges,
                                  reversible.solution.bin_probability.back()),
                    density_curve("exponential of the same mean", Mark::dotted, Ink::exponential,
                                  edges, theory::exponential_bin_probabilities(mean, edges))};
    figure.panels.push_back(std::move(panel));
  }
  figure.caption =
      "The equation’s density under (8) from a Maxwell–Boltzmann start in one, two and three "
      "dimensions.";
  figure.reading =
      "Constant rates lead towards the exponential, which is the Maxwell-Boltzmann distribution in "
      "the middle panel alone. "
      "Microreversible rates leave the start as it is.";
  return figure;
}

}  // namespace

ClaimFigures stationary_figures() {
  return {{"exponential",
           [](const PaperResults& results) { return std::vector<Figure>{exponential(results)}; }},
          {"maxwell-boltzmann", [](const PaperResults& results) {
             return std::vector<Figure>{dimensions_figure(results)};
           }}};
}

}  // namespace powerstroke::report
