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

bool applies(const RunResult& result) { return !on_ladder(result.config); }

Figure draw(const RunResult& result) {
  const StationaryFit& law = result.comparison.stationary;
  Figure figure;
  figure.id = "fig-end";
  figure.title = "The end against the stationary law";
  figure.layout = Layout::beside;
  const std::vector<double> edges = bin_edges(result);
  const std::size_t last = times(result).empty() ? 0 : times(result).size() - 1;
  const std::vector<double> p = particle_probabilities(result, last);
  if (p.empty() || law.bin_probability.size() != p.size()) {
    figure.missing = stationary_caption(law);
    return figure;
  }
  const auto n = static_cast<double>(result.config.ensemble.particles);
  Panel density, below;
  Curve line{"stationary law", Mark::dashed, Ink::law, {}},
      bars{"particles", Mark::bars, Ink::particles, {}}, dots{"", Mark::dots, Ink::particles, {}};
  // Groups of bins, so that about sixty bars are drawn and each holds enough particles for a
  // standard error.
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
  density.y = {
      fmt::format("{{/:Italic P}}({{/:Italic E}})  (1 / {})", axis_unit(unit, "unit of energy")),
      std::pow(10.0, std::floor(std::log10(std::min(least, 0.1 * most)))), 2.0 * most, true};
  density.curves = {std::move(line), std::move(bars)};
  below.size = PanelSize::low;
  below.x = {fmt::format("energy {{/:Italic E}}  ({})", axis_unit(unit, "unit of the config")), 0.0,
             high};
  below.y = {"difference / error", -largest, largest};
  below.curves = {{"", Mark::line, Ink::muted, {{0.0, 0.0}, {high, 0.0}}},
                  {"", Mark::dotted, Ink::muted, {{0.0, 2.0}, {high, 2.0}}},
                  {"", Mark::dotted, Ink::muted, {{0.0, -2.0}, {high, -2.0}}},
                  std::move(dots)};
  figure.panels = {std::move(density), std::move(below)};
  figure.caption = fmt::format(
      "The particles’ density at <i>t</i> = {}, with standard errors, and the law that strokes "
      "without a common ladder lead "
      "to; "
      "below, their difference in standard errors, ±2 dotted. {}",
      number_html(times(result)[last]) + time_unit_html(result.config.units),
      stationary_caption(law));
  figure.reading =
      std::string(
          "Here no equation stands beside the particles, but the law they end in is known. ") +
      (law.reached ? "They have reached it: the differences scatter about 0 in no pattern."
                   : "They have not reached it, or not yet: the differences show where.");
  return figure;
}

}  // namespace

const ReportFigure mixed_end_figure{100, applies, draw};

}  // namespace powerstroke::report
