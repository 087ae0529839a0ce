#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "powerstroke/report/facts.hpp"
#include "powerstroke/report/figures.hpp"
#include "powerstroke/report/phase_report.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/report/text.hpp"
#include "powerstroke/report/unit_text.hpp"

namespace powerstroke::report {

using namespace study;

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

/// Occupation of the levels by a law that is known on the histogram's bins; nothing where a level is no whole number of bins.
Curve from_bins(const std::vector<double>& edges, const std::vector<double>& p, double step, double last) {
  Curve curve{"stationary law", Mark::dashed, Ink::law, {}};
  if (p.empty() || p.size() + 1 != edges.size() || !(step > 0.0)) return curve;
  const double per_level = step / (edges[1] - edges[0]);
  const auto bins = static_cast<std::size_t>(std::lround(per_level));
  if (bins == 0 || std::abs(per_level - static_cast<double>(bins)) > 1e-9 * per_level) return curve;
  for (std::size_t n = 0; static_cast<double>(n) <= last && (n + 1) * bins <= p.size(); ++n) {
    const auto from = p.begin() + static_cast<std::ptrdiff_t>(n * bins);
    curve.points.push_back({static_cast<double>(n), std::accumulate(from, from + static_cast<std::ptrdiff_t>(bins), 0.0)});
  }
  return curve;
}

/// Levels that the ladder of several transitions leaves empty have no place on a logarithmic axis, nor has a law's tail.
double least_occupation(const Curve& occupied, double particles) {
  double least = 0.5 / std::max(particles, 1.0);
  for (const Point& p : occupied.points) least = std::min(least, p.y);
  return std::pow(10.0, std::floor(std::log10(least)));
}

/// The reason stands behind "none: ".
std::string no_law(const StationaryFit& law) {
  const std::string reason = law.law.starts_with("none: ") ? law.law.substr(6) : law.law;
  return fmt::format("There is no law to hold it against: {}.", words_html(reason));
}

std::string stationary_caption(const StationaryFit& law) {
  if (!law.exists) return no_law(law);
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
  const auto n = static_cast<double>(result.config.ensemble.particles);
  const bool is_geometric = law.exists && std::isfinite(law.ratio);
  Panel panel;
  panel.x = {"level {/:Italic n}", first - 0.02 * last - 0.3, 1.02 * last + 0.3};
  panel.y = {"occupation", least_occupation(occupied, n), 1.5, true};
  Curve expected = is_geometric ? geometric(law.ratio, last)
                                : from_bins(bin_edges(result), law.bin_probability, rung(result.config), last);
  if (law.exists && !expected.points.empty()) panel.curves.push_back(std::move(expected));
  panel.curves.push_back(std::move(occupied));
  figure.panels.push_back(std::move(panel));

  const bool several = has_several_transitions(result.config);
  figure.caption = fmt::format(
      "Fraction of the particles with <i>n</i> {0} &lt; <i>E</i> ≤ (<i>n</i>+1) {0}{1} at <i>t</i> = {2}, with standard "
      "errors. "
      "{3}",
      several ? "<i>g</i>" : "Δ<i>E</i>",
      several ? fmt::format(", <i>g</i> = {}{},", number_html(rung(result.config)), energy_unit_html(result.config.units))
              : "",
      number_html(at(result.series.t, result.histograms.levels.size() - 1)) + time_unit_html(result.config.units),
      stationary_caption(law));
  if (!law.exists) {
    figure.reading = has_constant_rates(result.config)
                         ? "A stationary ladder would be a straight line here, but for levels that nothing reaches."
                         : "A stationary ladder would fall evenly here, bent by the density of states.";
    return figure;
  }
  figure.reading = is_geometric ? "A geometric law is a straight line here. "
                   : has_constant_rates(result.config)
                       ? "Weights exp(−<i>E</i>/<i>T</i>) make a straight line here. "
                       : "Weights exp(−<i>E</i>/<i>T</i>) would make a straight line here; the density of states bends it. ";
  figure.reading += law.reached
                        ? "The particles have reached it."
                        : fmt::format("The particles have not reached it{}",
                                      std::isfinite(law.solution_total_variation)
                                          ? fmt::format("; the solution itself is at a total variation of {} from it.",
                                                        number_html(law.solution_total_variation, 3))
                                          : std::string("."));
  return figure;
}

Figure mixed_end_figure(const RunResult& result) {
  const StationaryFit& law = result.comparison.stationary;
  Figure figure;
  figure.id = "fig-end";
  figure.title = "The end against the stationary law";
  figure.layout = Layout::beside;
  const std::vector<double> edges = bin_edges(result);
  const std::size_t last = times(result).empty() ? 0 : times(result).size() - 1;
  const std::vector<double> p = particle_probabilities(result, last);
  if (p.empty() || law.bin_probability.size() != p.size()) {
    figure.missing = no_law(law);
    return figure;
  }
  const auto n = static_cast<double>(result.config.ensemble.particles);
  Panel density, below;
  Curve line{"stationary law", Mark::dashed, Ink::law, {}}, bars{"particles", Mark::bars, Ink::particles, {}},
      dots{"", Mark::dots, Ink::particles, {}};
  // Groups of bins, so that about sixty bars are drawn and each holds enough particles for a standard error.
  std::size_t occupied = p.size();
  while (occupied > 1 && p[occupied - 1] * n < 5.0) --occupied;
  const std::size_t group = (occupied + 59) / 60;
  double largest = 3.2;
  for (std::size_t i = 0; i + group <= occupied; i += group) {
    const double width = edges[i + group] - edges[i], x = 0.5 * (edges[i] + edges[i + group]);
    const auto sum = [&](const std::vector<double>& of) {
      const auto from = of.begin() + static_cast<std::ptrdiff_t>(i);
      return std::accumulate(from, from + static_cast<std::ptrdiff_t>(group), 0.0);
    };
    const double found = sum(p), expected = sum(law.bin_probability);
    const double error = std::sqrt(expected * (1.0 - expected) / n);
    line.points.push_back({x, expected / width});
    bars.points.push_back({x, found / width, std::sqrt(found * (1.0 - found) / n) / width});
    if (!(error > 0.0)) continue;
    dots.points.push_back({x, (found - expected) / error});
    largest = std::max(largest, 1.1 * std::abs(dots.points.back().y));
  }
  const std::string& unit = result.config.units.energy;
  const double high = edges[occupied];
  double least = 1e300, most = 0.0;
  for (const Point& point : bars.points) {
    if (point.y > 0.0) least = std::min(least, point.y);
    most = std::max(most, point.y);
  }
  density.x = {"", 0.0, high};
  density.y = {fmt::format("{{/:Italic P}}({{/:Italic E}})  (1 / {})", axis_unit(unit, "unit of energy")),
               std::pow(10.0, std::floor(std::log10(std::min(least, 0.1 * most)))), 2.0 * most, true};
  density.curves = {std::move(line), std::move(bars)};
  below.size = PanelSize::low;
  below.x = {fmt::format("energy {{/:Italic E}}  ({})", axis_unit(unit, "unit of the config")), 0.0, high};
  below.y = {"difference / error", -largest, largest};
  below.curves = {{"", Mark::line, Ink::muted, {{0.0, 0.0}, {high, 0.0}}},
                  {"", Mark::dotted, Ink::muted, {{0.0, 2.0}, {high, 2.0}}},
                  {"", Mark::dotted, Ink::muted, {{0.0, -2.0}, {high, -2.0}}},
                  std::move(dots)};
  figure.panels = {std::move(density), std::move(below)};
  figure.caption = fmt::format(
      "The particles’ density at <i>t</i> = {}, with standard errors, and the law that strokes without a common ladder lead "
      "to; "
      "below, their difference in standard errors, ±2 dotted. {}",
      number_html(times(result)[last]) + time_unit_html(result.config.units), stationary_caption(law));
  figure.reading = std::string("Here no equation stands beside the particles, but the law they end in is known. ") +
                   (law.reached ? "They have reached it: the differences scatter about 0 in no pattern."
                                : "They have not reached it, or not yet: the differences show where.");
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
    figure.missing = comparison.counts.empty()
                         ? "Nothing was held against anything: there are no tests."
                         : "No snapshot was held against the equation; only numbers of events were tested.";
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
  if (result.phase_space) return phase_figures(result);
  const Config& config = result.config;
  std::vector<Figure> figures = {energy_figure(result), entropy_figure(result), mean_energy_figure(result),
                                 phi_figure(result)};
  const bool ladder = on_ladder(config);
  if (ladder || has_solution(result)) figures.push_back(production_figure(result));
  if (config.strokes.balance == Balance::bath) figures.push_back(bath_figure(result));
  if (!result.series.path_average.empty()) figures.push_back(path_figure(result));
  if (!result.series.information.empty()) figures.push_back(information_figure(result));
  if (ladder) {
    figures.push_back(levels_figure(result));
    figures.push_back(tests_figure(result));
  } else {
    figures.push_back(mixed_end_figure(result));
  }
  if (std::holds_alternative<laws::RosenZener>(config.strokes.law.rates)) {
    figures.push_back(flip_figure(result));
    figures.push_back(passage_figure());
  }
  return figures;
}

}  // namespace powerstroke::report
