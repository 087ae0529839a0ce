#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "powerstroke/report/facts.hpp"
#include "powerstroke/report/figures.hpp"
#include "powerstroke/report/law_words.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/report/text.hpp"
#include "powerstroke/report/unit_text.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

Curve occupations(const std::vector<std::uint64_t>& counts) {
  const auto n =
      static_cast<double>(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}));
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

/// Occupation of the levels by a law that is known on the histogram's bins; nothing where a level
/// is no whole number of bins.
Curve from_bins(const std::vector<double>& edges, const std::vector<double>& p, double step,
                double last) {
  Curve curve{"stationary law", Mark::dashed, Ink::law, {}};
  if (p.empty() || p.size() + 1 != edges.size() || !(step > 0.0)) return curve;
  const double per_level = step / (edges[1] - edges[0]);
  const auto bins = static_cast<std::size_t>(std::lround(per_level));
  if (bins == 0 || std::abs(per_level - static_cast<double>(bins)) > 1e-9 * per_level) return curve;
  for (std::size_t n = 0; static_cast<double>(n) <= last && (n + 1) * bins <= p.size(); ++n) {
    const auto from = p.begin() + static_cast<std::ptrdiff_t>(n * bins);
    curve.points.push_back({static_cast<double>(n),
                            std::accumulate(from, from + static_cast<std::ptrdiff_t>(bins), 0.0)});
  }
  return curve;
}

/// Levels that the ladder of several transitions leaves empty have no place on a logarithmic axis,
/// nor has a law's tail.
double least_occupation(const Curve& occupied, double particles) {
  double least = 0.5 / std::max(particles, 1.0);
  for (const Point& p : occupied.points) least = std::min(least, p.y);
  return std::pow(10.0, std::floor(std::log10(least)));
}

bool applies(const RunResult& result) { return on_ladder(result.config); }

Figure draw(const RunResult& result) {
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
                                : from_bins(bin_edges(result), law.bin_probability,
                                            ladder_step(result.config), last);
  if (law.exists && !expected.points.empty()) panel.curves.push_back(std::move(expected));
  panel.curves.push_back(std::move(occupied));
  figure.panels.push_back(std::move(panel));

  const bool several = has_several_transitions(result.config);
  figure.caption = fmt::format(
      "Fraction of the particles with <i>n</i> {0} &lt; <i>E</i> ≤ (<i>n</i>+1) {0}{1} at <i>t</i> "
      "= {2}, with standard "
      "errors. "
      "{3}",
      several ? "<i>g</i>" : "Δ<i>E</i>",
      several ? fmt::format(", <i>g</i> = {}{},", number_html(ladder_step(result.config)),
                            energy_unit_html(result.config.units))
              : "",
      number_html(at(result.series.t, result.histograms.levels.size() - 1)) +
          time_unit_html(result.config.units),
      stationary_caption(law));
  if (!law.exists) {
    figure.reading =
        has_constant_rates(result.config)
            ? "A stationary ladder would be a straight line here, but for levels that nothing "
              "reaches."
            : "A stationary ladder would fall evenly here, bent by the density of states.";
    return figure;
  }
  figure.reading = is_geometric ? "A geometric law is a straight line here. "
                   : has_constant_rates(result.config)
                       ? "Weights exp(−<i>E</i>/<i>T</i>) make a straight line here. "
                       : "Weights exp(−<i>E</i>/<i>T</i>) would make a straight line here; the "
                         "density of states bends it. ";
  figure.reading +=
      law.reached
          ? "The particles have reached it."
          : fmt::format(
                "The particles have not reached it{}",
                std::isfinite(law.solution_total_variation)
                    ? fmt::format("; the solution itself is at a total variation of {} from it.",
                                  number_html(law.solution_total_variation, 3))
                    : std::string("."));
  return figure;
}

}  // namespace

const ReportFigure levels_figure{90, applies, draw};

}  // namespace powerstroke::report
