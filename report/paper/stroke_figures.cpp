#include <fmt/format.h>

#include <utility>

#include "powerstroke/kernels/laws/stroke_force.hpp"
#include "powerstroke/report/paper/claim_figures.hpp"
#include "powerstroke/report/paper/curves.hpp"
#include "powerstroke/report/text.hpp"
#include "powerstroke/study/paper/measures.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

Figure force(const PaperResults&) {
  Figure figure;
  figure.id = "fig-force";
  figure.title = "The force of a stroke";
  figure.layout = Layout::full;
  std::vector<double> v, along, windows, distances;
  for (double x = 0.1; x <= 5.0; x *= 1.05) {
    v.push_back(x);
    along.push_back(laws::StrokeForce{1.0}.along_velocity(x));
  }
  for (double window = 0.4; window > 0.001; window /= 2.0) {
    windows.push_back(window);
    distances.push_back(distance_of_window(window));
  }
  Panel by_speed, by_window;
  by_speed.heading = "against the speed";
  by_speed.x = {"{/:Italic v}", 0.0, 5.0};
  by_speed.y = {"{/:Italic F} Δ{/:Italic t} / Δ{/:Italic E}", 0.0, 8.0};
  by_speed.curves = {
      curve("<i>F</i> = Δ<i>E</i>/(<i>v</i> Δ<i>t</i>)", Mark::line, Ink::solution, v, along)};
  by_window.heading = "against its duration";
  by_window.x = {"Δ{/:Italic t} {/:Italic w}", 1e-3, 1.0, true};
  by_window.y = {"total variation", 1e-4, 1.0, true};
  by_window.curves = {
      curve("to instantaneous strokes", Mark::squares, Ink::check, windows, distances)};
  figure.panels = {by_speed, by_window};
  figure.caption =
      "Left: the force (4) along the velocity. Right: how far the number of strokes by <i>t</i> = "
      "4/<i>w</i> is from that "
      "of "
      "instantaneous strokes, when none begins while one lasts.";
  figure.reading =
      "A slow particle feels a large force and a fast one little; on the right, a tenth of the "
      "duration is a tenth of the "
      "difference.";
  return figure;
}

Figure passages(const PaperResults&) {
  const std::vector<Passing> all = courses();
  const std::vector<std::string> headings = {"fast: elastic", "between: inelastic",
                                             "slow: adiabatic, elastic"};
  Figure figure;
  figure.id = "fig-passages";
  figure.title = "A two-level system while a particle passes";
  figure.layout = Layout::full;
  for (std::size_t i = 0; i < all.size(); ++i) {
    Panel panel;
    panel.heading = headings.at(i);
    panel.size = PanelSize::small;
    panel.x = {"time / duration of the passage", -8.0, 8.0};
    panel.y = {"{/:Italic E}_{int}  (Δ{/:Italic E})", -1.8, 1.0};
    std::vector<double> x;
    for (const double t : all[i].course.time) x.push_back(t / all[i].duration);
    panel.curves = {
        curve("energy of the two-level system", Mark::line, Ink::solution, x, all[i].course.energy),
        curve("its two levels", Mark::dotted, Ink::muted, {-8.0, 8.0}, {0.5, 0.5}),
        curve("", Mark::dotted, Ink::muted, {-8.0, 8.0}, {-0.5, -0.5})};
    figure.panels.push_back(std::move(panel));
  }
  figure.caption =
      "Figure 2 of the paper, by Schrödinger’s equation: ⟨<i>H</i>⟩ of a two-level system from its "
      "lower level, coupled by "
      "<i>V</i><sub>0</sub> sech(<i>t</i>/<i>τ</i>), <i>V</i><sub>0</sub> = 1.5 Δ<i>E</i>, "
      "<i>τ</i> = 0.01, 0.25 and 5 "
      "<i>ħ</i>/Δ<i>E</i>.";
  figure.reading = fmt::format(
      "It ends in the upper level with the probability {}, {} and {}: only the middle one takes up "
      "energy for "
      "good.",
      number_html(all[0].flips, 2), number_html(all[1].flips, 2), number_html(all[2].flips, 1));
  return figure;
}

Figure broadening(const PaperResults& results) {
  const RunResult& run = results["broadening"];
  const std::vector<double>& edges = run.histograms.edges;
  Panel panel;
  panel.x = {"{/:Italic E}  (Δ{/:Italic E})", 0.0, 4.5};
  panel.y = {"{/:Italic P}({/:Italic E})", 0.0, 1.7};
  panel.curves = {density_curve("particles at <i>t</i> = 0.3/<i>w</i><sup>−</sup>", Mark::area,
                                Ink::particles, edges, shares(run, 1)),
                  density_curve("equation at <i>t</i> = 0", Mark::dashed, Ink::muted, edges,
                                run.solution.bin_probability[0]),
                  density_curve("equation at <i>t</i> = 0.3/<i>w</i><sup>−</sup>", Mark::line,
                                Ink::solution, edges, run.solution.bin_probability[1])};
  return single_figure("fig-broadening", "Strokes broaden a distribution", std::move(panel),
                       "Figure 3 of the paper: a normal distribution about <i>E</i> = 2 Δ<i>E</i>, "
                       "and the same after 0.3 mean times "
                       "between attempts to release.",
                       "The peak is lower, and stands again one Δ<i>E</i> to the left, by "
                       "releases, and to the right, by uptakes.");
}

}  // namespace

ClaimFigures stroke_figures() {
  return {
      {"force", [](const PaperResults& results) { return std::vector<Figure>{force(results)}; }},
      {"passages",
       [](const PaperResults& results) { return std::vector<Figure>{passages(results)}; }},
      {"broadening",
       [](const PaperResults& results) { return std::vector<Figure>{broadening(results)}; }}};
}

}  // namespace powerstroke::report
