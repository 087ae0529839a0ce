#include "powerstroke/report/series.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "powerstroke/report/unit_text.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

constexpr std::size_t kLinePoints = 400;
/// Fewer snapshots than this do not make a line: what lies between them is not known.
constexpr std::size_t kFew = 8;

}  // namespace

double at(const std::vector<double>& values, std::size_t i) {
  return i < values.size() ? values[i] : std::numeric_limits<double>::quiet_NaN();
}

const std::vector<double>& times(const RunResult& result) {
  return result.has_particles ? result.series.t : result.solution.t;
}

std::vector<double> bin_edges(const RunResult& result) {
  if (!result.histograms.edges.empty()) return result.histograms.edges;
  const HistogramConfig& grid = result.config.histogram;
  std::vector<double> edges;
  for (std::uint32_t i = 0; i <= grid.bins; ++i) edges.push_back(grid.max * i / grid.bins);
  return edges;
}

std::vector<double> particle_probabilities(const RunResult& result, std::size_t snapshot) {
  const Histograms& h = result.histograms;
  if (snapshot >= h.counts.size()) return {};
  const std::vector<std::uint64_t>& counts = h.counts[snapshot];
  const std::uint64_t beyond = snapshot < h.overflow.size() ? h.overflow[snapshot] : 0;
  const std::uint64_t total = std::accumulate(counts.begin(), counts.end(), beyond);
  if (total == 0) return {};
  std::vector<double> probabilities;
  probabilities.reserve(counts.size());
  for (const std::uint64_t count : counts)
    probabilities.push_back(static_cast<double>(count) / static_cast<double>(total));
  return probabilities;
}

std::vector<double> solution_probabilities(const RunResult& result, std::size_t snapshot) {
  const auto& rows = result.solution.bin_probability;
  return snapshot < rows.size() ? rows[snapshot] : std::vector<double>{};
}

std::vector<std::size_t> telling_snapshots(const RunResult& result, std::size_t count) {
  const std::size_t snapshots = times(result).size();
  std::vector<std::size_t> all(snapshots);
  std::iota(all.begin(), all.end(), std::size_t{0});
  if (snapshots <= count) return all;

  // The way P(E) has gone so far, in total variation; the solution's, which has no noise that would
  // count as a change.
  std::vector<double> way = {0.0};
  const bool solved = result.solution.bin_probability.size() == snapshots;
  for (std::size_t k = 1; k < snapshots; ++k) {
    const std::vector<double> before =
        solved ? solution_probabilities(result, k - 1) : particle_probabilities(result, k - 1);
    const std::vector<double> now =
        solved ? solution_probabilities(result, k) : particle_probabilities(result, k);
    double change = 0.0;
    for (std::size_t i = 0; i < std::min(before.size(), now.size()); ++i)
      change += 0.5 * std::abs(now[i] - before[i]);
    way.push_back(way.back() + change);
  }
  std::vector<std::size_t> chosen = {0};
  for (std::size_t j = 1; j + 1 < count && way.back() > 0.0; ++j) {
    const double gone = way[chosen.back()];
    const double goal = gone + (way.back() - gone) / static_cast<double>(count - j);
    auto next =
        static_cast<std::size_t>(std::lower_bound(way.begin(), way.end(), goal) - way.begin());
    next = std::max(next, chosen.back() + 1);
    if (next + 1 < snapshots) chosen.push_back(next);
  }
  chosen.push_back(snapshots - 1);
  return chosen;
}

Axis time_axis(const std::vector<double>& t, const Units& units) {
  Axis axis{fmt::format("time {{/:Italic t}}  ({})", axis_unit(units.time, "1 / unit of rate")),
            0.0, 1.0};
  std::vector<double> positive;
  std::copy_if(t.begin(), t.end(), std::back_inserter(positive), [](double x) { return x > 0.0; });
  if (positive.empty()) return axis;
  const double last = positive.back();
  if (positive.size() >= 4 && positive[positive.size() / 2] < 0.1 * last) {
    axis.logarithmic = true;
    axis.low = positive.front() / 1.1;
    axis.high = last * 1.1;
  } else {
    const double first = t.front() < 0.5 * last ? std::min(0.0, t.front()) : t.front();
    const double margin = 0.02 * (last > first ? last - first : std::max(last, 1.0));
    axis.low = first - margin;
    axis.high = last + margin;
  }
  return axis;
}

std::vector<std::size_t> spread_snapshots(const std::vector<double>& t, const Axis& axis,
                                          std::size_t slots) {
  std::vector<std::size_t> chosen;
  const auto place = [&](double x) { return axis.logarithmic ? std::log(x) : x; };
  const double least = (place(axis.high) - place(axis.low)) / static_cast<double>(slots);
  for (std::size_t k = 0; k < t.size(); ++k) {
    if (axis.logarithmic && t[k] <= 0.0) continue;
    const bool room = chosen.empty() || place(t[k]) - place(t[chosen.back()]) >= least;
    if (!room && k + 1 == t.size() && chosen.size() > 1) chosen.back() = k;
    if (room) chosen.push_back(k);
  }
  return chosen;
}

Curve solution_curve(const std::string& name, const std::vector<double>& values,
                     const std::vector<double>& t, const Axis& x) {
  Curve curve{name, t.size() < kFew ? Mark::dots : Mark::line, Ink::solution, {}};
  for (const std::size_t k : spread_snapshots(t, x, kLinePoints))
    curve.points.push_back({t[k], at(values, k)});
  return curve;
}

bool any_finite(const std::vector<double>& values) {
  return std::any_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

Axis fitted_axis(const std::string& label, const std::vector<Curve>& curves, double least_span) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (const Curve& curve : curves) {
    for (const Point& p : curve.points) {
      if (!std::isfinite(p.y)) continue;
      const double bar = curve.mark == Mark::bars && std::isfinite(p.error) ? p.error : 0.0;
      low = std::min(low, p.y - bar);
      high = std::max(high, p.y + bar);
    }
  }
  if (!(low <= high)) return {label, 0.0, 1.0};
  const double middle = 0.5 * (low + high);
  double span = std::max(1.12 * (high - low), least_span);
  if (!(span > 0.0) || middle + span == middle) span = 0.1 * std::max(std::abs(middle), 1.0);
  return {label, middle - 0.5 * span, middle + 0.5 * span};
}

void shorten_numbers(Panel& panel) {
  Axis& y = panel.y;
  const double largest = std::max(std::abs(y.low), std::abs(y.high)),
               short_enough = y.low < 0.0 ? 0.1 : 0.01;
  const std::size_t unit = y.label.rfind('(');
  if (!(largest > 0.0) || largest >= short_enough || unit == std::string::npos) return;
  const double exponent = std::floor(std::log10(largest)), power = std::pow(10.0, exponent);
  for (Curve& curve : panel.curves) {
    for (Point& p : curve.points) {
      p.y /= power;
      p.error /= power;
    }
  }
  y.low /= power;
  y.high /= power;
  const bool of_one = y.label.compare(unit + 1, 2, "1 ") == 0;  // "(1 / cm^{-1})"
  y.label.replace(unit + 1, of_one ? 2 : 0, fmt::format("10^{{{:.0f}}} ", exponent));
}

}  // namespace powerstroke::report
