#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "powerstroke/io/report/figures.hpp"
#include "powerstroke/io/report/series.hpp"
#include "powerstroke/io/report/text.hpp"
#include "powerstroke/io/report/unit_text.hpp"

namespace powerstroke::io {
namespace {

/// p-values below this are drawn on the lower edge.
constexpr double kLeastP = 1e-12;

Curve occupations(const std::vector<std::uint64_t>& counts) {
  const auto n = static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
  Curve curve{"particles", Mark::bars, Ink::particles, {}};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0) continue;
    const double p = static_cast<double>(counts[i]) / n;
    curve.points.push_back({static_cast<double>(i) - 1.0, p, std::sqrt(p * (1.0 - p) / n)});
  }
  return curve;
}

Curve geometric(double q, double last) {
  Curve curve{"stationary law", Mark::dashed, Ink::law, {}};
  for (double n = 0.0; n <= last; n += 1.0) curve.points.push_back({n, (1.0 - q) * std::pow(q, n)});
  return curve;
}

std::string stationary_caption(const StationaryFit& law) {
  if (!law.exists) return fmt::format("There is no law to hold it against: {}.", words_html(law.law));
  std::string text = fmt::format("Dashed: {}.", words_html(law.law));
  if (std::isfinite(law.chi2)) {
    text += fmt::format(
        " <i>χ</i>² = {} for {} degrees of freedom, <i>p</i> = {}; distance of Kolmogorov and Smirnov {}, total variation "
        "{}.",
        number_html(law.chi2), number_html(law.dof), number_html(law.p_value, 3), number_html(law.ks, 3),
        number_html(law.total_variation, 3));
  }
  return text;
}

Curve p_values(const char* name, Mark mark, Ink ink, const std::vector<Fit>& fits) {
  Curve curve{name, mark, ink, {}};
  for (const Fit& fit : fits) {
    if (fit.dof > 0.0) curve.points.push_back({fit.t, std::max(fit.p_value, kLeastP)});
  }
  return curve;
}

}  // namespace

Figure levels_figure(const RunResult& result) {
  const StationaryFit& law = result.comparison.stationary;
  Figure figure;
  figure.id = "fig-levels";
  figure.title = "Levels of the ladder at the end";
  figure.layout = Layout::half;
  if (result.histograms.levels.empty()) {
    figure.missing = "The levels are counted for particles only; this is a solution without any.";
    return figure;
  }
  Curve occupied = occupations(result.histograms.levels.back());
  if (occupied.points.empty()) {
    figure.missing = "There are no counts of levels.";
    return figure;
  }
  const double first = std::min(occupied.points.front().x, 0.0), last = occupied.points.back().x;
  const bool compared = law.exists && std::isfinite(law.ratio);
  Panel panel;
  if (compared) panel.curves.push_back(geometric(law.ratio, last));
  panel.curves.push_back(std::move(occupied));
  panel.x = {"level {/:Italic n}", first - 0.02 * last - 0.3, 1.02 * last + 0.3};
  const auto n = static_cast<double>(result.config.ensemble.particles);
  panel.y = {"occupation", std::pow(10.0, std::floor(std::log10(0.5 / std::max(n, 1.0)))), 1.5, true};
  figure.panels.push_back(std::move(panel));

  figure.caption = fmt::format(
      "Fraction of the particles with <i>n</i> Δ<i>E</i> &lt; <i>E</i> ≤ (<i>n</i>+1) Δ<i>E</i> at <i>t</i> = {}, with "
      "standard errors. {}",
      number_html(at(result.series.t, result.histograms.levels.size() - 1)) + time_unit_html(result.config.units),
      stationary_caption(law));
  if (!compared) {
    figure.reading = "A stationary ladder would be a straight line here.";
  } else if (law.reached) {
    figure.reading = "A geometric law is a straight line here. The particles have reached it.";
  } else {
    figure.reading = fmt::format(
        "A geometric law is a straight line here. The particles have not reached it, and need not have: the solution itself "
        "is still at a total variation of {} from it.",
        number_html(law.solution_total_variation, 3));
  }
  return figure;
}

Figure tests_figure(const RunResult& result) {
  const Comparison& comparison = result.comparison;
  Figure figure;
  figure.id = "fig-tests";
  figure.title = "What the verdict rests on";
  figure.layout = Layout::half;
  Curve histogram = p_values("histogram", Mark::dots, Ink::particles, comparison.master_equation);
  Curve levels = p_values("levels", Mark::squares, Ink::check, comparison.levels);
  if (histogram.points.empty() && levels.points.empty()) {
    figure.missing = "Nothing was held against anything: there are no tests.";
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
  panel.y = {"{/:Italic p}-value", std::max(kLeastP, std::pow(10.0, std::floor(std::log10(0.5 * least)))), 2.0, true};
  if (comparison.p_limit > 0.0) {
    panel.curves.push_back({"threshold of the verdict",
                            Mark::dashed,
                            Ink::solution,
                            {{panel.x.low, comparison.p_limit}, {panel.x.high, comparison.p_limit}}});
  }
  panel.curves.push_back(std::move(histogram));
  panel.curves.push_back(std::move(levels));
  figure.panels.push_back(std::move(panel));
  figure.caption = fmt::format(
      "<i>p</i>-values of the <i>χ</i>² tests of every snapshot against the solution: of the histogram, and of the "
      "occupation of the levels. "
      "The dashed line is the false alarm rate of the verdict, {}, over its {} tests (Bonferroni).",
      number_html(comparison.false_alarm_rate, 3), comparison.tests);
  figure.reading =
      "Where particles and equation agree, <i>p</i> is spread evenly from 0 to 1: one dot in ten below 0.1, one in a "
      "hundred below "
      "0.01. A dot below the dashed line makes the verdict “inconsistent”.";
  return figure;
}

std::vector<Figure> report_figures(const RunResult& result) {
  return {energy_figure(result),     entropy_figure(result), mean_energy_figure(result), phi_figure(result),
          production_figure(result), levels_figure(result),  tests_figure(result)};
}

}  // namespace powerstroke::io
