#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "powerstroke/report/facts.hpp"
#include "powerstroke/report/figures.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/report/text.hpp"
#include "powerstroke/report/unit_text.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

/// p-values below this are drawn on the lower edge.
constexpr double kLeastP = 1e-12;

Curve p_values(const char* name, Mark mark, Ink ink, const std::vector<Fit>& fits) {
  Curve curve{name, mark, ink, {}};
  for (const Fit& fit : fits) {
    if (fit.dof > 0.0) curve.points.push_back({fit.t, std::max(fit.p_value, kLeastP)});
  }
  return curve;
}

bool applies(const RunResult& result) { return on_ladder(result.config); }

Figure draw(const RunResult& result) {
  const Comparison& comparison = result.comparison;
  Figure figure;
  figure.id = "fig-tests";
  figure.title = "What the verdict rests on";
  figure.layout = Layout::half;
  Curve histogram = p_values("histogram", Mark::dots, Ink::particles, comparison.master_equation);
  Curve levels = p_values("levels", Mark::squares, Ink::check, comparison.levels);
  if (histogram.points.empty() && levels.points.empty()) {
    figure.missing =
        comparison.counts.empty()
            ? "Nothing was compared: there are no tests."
            : "No snapshot was compared with the equation; only numbers of events were tested.";
    return figure;
  }
  std::vector<double> t;
  double least = comparison.p_limit > 0.0 ? comparison.p_limit : 1e-3;
  for (const Curve* curve : {&histogram, &levels}) {
    for (const Point& p : curve->points) {
      t.push_back(p.x);
      if (std::isfinite(p.y)) least = std::min(least, p.y);
    }
  }
  std::sort(t.begin(), t.end());
  Panel panel;
  panel.x = time_axis(t, result.config.units);
  panel.y = {"{/:Italic p}-value",
             std::max(kLeastP, std::pow(10.0, std::floor(std::log10(0.5 * least)))), 2.0, true};
  if (comparison.p_limit > 0.0) {
    panel.curves.push_back(
        {"threshold of the verdict",
         Mark::dashed,
         Ink::solution,
         {{panel.x.low, comparison.p_limit}, {panel.x.high, comparison.p_limit}}});
  }
  panel.curves.push_back(std::move(histogram));
  panel.curves.push_back(std::move(levels));
  figure.panels.push_back(std::move(panel));
  figure.caption = fmt::format(
      "<i>p</i>-values of the <i>χ</i>² tests of every snapshot against the solution: of the "
      "histogram, and of the "
      "occupation of the levels. "
      "The dashed line is the false alarm rate of the verdict, {}, over its {} tests (Bonferroni).",
      number_html(comparison.false_alarm_rate, 3), comparison.tests);
  figure.reading =
      "Where particles and equation agree, <i>p</i> is spread evenly from 0 to 1: one dot in ten "
      "below 0.1, one in a "
      "hundred below "
      "0.01. A dot below the dashed line makes the verdict “inconsistent”.";
  return figure;
}

}  // namespace

const ReportFigure tests_figure{110, applies, draw};

}  // namespace powerstroke::report
