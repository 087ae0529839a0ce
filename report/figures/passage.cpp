#include "powerstroke/analysis/theory/passage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "powerstroke/report/figures.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/report/text.hpp"
#include "powerstroke/report/unit_text.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

/// Of the passage's duration tau, before and after the particle is closest.
constexpr double kShown = 8.0;
constexpr int kCourse = 400;

Panel course_panel(const theory::NamedPassage& named) {
  const laws::Passage& passage = named.passage;
  std::vector<double> t;
  for (int i = -kCourse / 2; i <= kCourse / 2; ++i)
    t.push_back(2.0 * kShown * passage.duration * i / kCourse);
  const theory::PassageCourse course = theory::passage_course(passage, t);
  Panel panel;
  panel.size = PanelSize::small;
  panel.heading = fmt::format("{}: <i>τ</i> = {} <i>ħ</i>/Δ<i>E</i>, <i>P</i> = {}", named.name,
                              number_html(passage.duration * passage.delta_e / passage.hbar),
                              number_html(laws::flip_probability(passage), 3));
  panel.x = {"time {/:Italic t} / {/:Italic τ}", -kShown, kShown};
  panel.y = {"{/:Italic E}_{int} / Δ{/:Italic E}", -1.75, 0.75};
  const double after = laws::flip_probability(passage) - 0.5;
  panel.curves = {
      {"levels of the free system", Mark::dotted, Ink::muted, {{-kShown, -0.5}, {kShown, -0.5}}},
      {"", Mark::dotted, Ink::muted, {{-kShown, 0.5}, {kShown, 0.5}}},
      {"Rosen and Zener: <i>P</i> − ½", Mark::dashed, Ink::law, {{0.0, after}, {kShown, after}}}};
  Curve line{"Schrödinger equation", Mark::line, Ink::solution, {}};
  for (std::size_t i = 0; i < t.size(); ++i)
    line.points.push_back({t[i] / passage.duration, course.energy[i] / passage.delta_e});
  panel.curves.push_back(std::move(line));
  return panel;
}

bool applies(const RunResult& result) {
  return std::holds_alternative<laws::RosenZener>(result.config.strokes->law.rates);
}

/// The paper's Figure 2: the internal energy of a two-level system during a fast, a middle and a
/// slow passage. Needs nothing of the run.
Figure draw(const RunResult&) {
  Figure figure;
  figure.id = "fig-passage";
  figure.title = "A fast, a middle and a slow passage of a two-level system";
  for (const theory::NamedPassage& passage : theory::passages_of_figure_2())
    figure.panels.push_back(course_panel(passage));
  figure.caption =
      "The internal energy <i>E</i><sub>int</sub> = ⟨<i>H</i>⟩ of a two-level system that starts "
      "in its lower level, while "
      "a "
      "particle passes: <i>H</i> = (Δ<i>E</i>/2) <i>σ<sub>z</sub></i> + <i>V</i><sub>0</sub> "
      "sech(<i>t</i>/<i>τ</i>) "
      "<i>σ<sub>x</sub></i>, <i>V</i><sub>0</sub> = 1.5 Δ<i>E</i>, from the time-dependent "
      "Schrödinger equation. The three "
      "cases of the paper’s Figure 2, <i>P</i> being the probability that the system ends in its "
      "upper level.";
  figure.reading =
      "A fast passage is over before the system has moved: elastic. A slow one is followed without "
      "a jump, down into the "
      "coupled state and back: elastic again. In between the system is left in its upper level "
      "with a large probability, "
      "and "
      "the particle has lost Δ<i>E</i>: a power stroke.";
  return figure;
}

}  // namespace

const ReportFigure passage_figure{130, applies, draw};

}  // namespace powerstroke::report
