#include "powerstroke/io/paper/measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/result/tested.hpp"

namespace powerstroke::io {
namespace {

bool all_finite(const std::vector<double>& values) {
  return !values.empty() && std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

}  // namespace

double largest_fall(const std::vector<double>& values) {
  if (!all_finite(values)) return std::nan("");
  double top = values.front(), fall = 0.0;
  for (const double value : values) {
    top = std::max(top, value);
    fall = std::max(fall, top - value);
  }
  return fall;
}

double least_rise(const std::vector<double>& values) {
  if (!all_finite(values)) return std::nan("");
  double least = std::numeric_limits<double>::infinity();
  for (std::size_t i = 1; i < values.size(); ++i) least = std::min(least, values[i] - values[i - 1]);
  return least;
}

double largest_change(const std::vector<double>& values) {
  if (!all_finite(values)) return std::nan("");
  double change = 0.0;
  for (const double value : values) change = std::max(change, std::abs(value - values.front()));
  return change;
}

std::size_t snapshot_at(const std::vector<double>& times, double t) {
  for (std::size_t i = 0; i < times.size(); ++i)
    if (std::abs(times[i] - t) < 1e-9) return i;
  throw ConfigError(fmt::format("there is no snapshot at t = {}", t));
}

std::int64_t quanta(const Histograms& histograms, std::size_t snapshot) {
  std::int64_t sum = 0;
  const std::vector<std::uint64_t>& levels = histograms.levels.at(snapshot);
  for (std::size_t i = 0; i < levels.size(); ++i)
    sum += (static_cast<std::int64_t>(i) - 1) * static_cast<std::int64_t>(levels[i]);
  return sum;
}

std::vector<double> shares(const RunResult& result, std::size_t snapshot) {
  std::vector<double> values;
  for (const std::uint64_t count : result.histograms.counts.at(snapshot))
    values.push_back(static_cast<double>(count) / static_cast<double>(result.config.ensemble.particles));
  return values;
}

Check follows_equation(const RunResult& result, const std::string& whose) {
  const Comparison& c = result.comparison;
  double smallest = c.tests > 0 && tested_snapshots(c).snapshots > 0 ? 1.0 : std::nan("");
  const auto take = [&](double p) {
    if (p < smallest) smallest = p;
  };
  for (const std::vector<Fit>* fits : {&c.master_equation, &c.levels})
    for (const Fit& fit : *fits)
      if (fit.dof > 0.0) take(fit.p_value);
  for (const CountTest& test : c.counts) take(test.p_value);
  return at_least(Role::witness, fmt::format("{}: particles against equation, smallest of {} p-values", whose, c.tests),
                  smallest, false_alarm_rate / static_cast<double>(std::max<std::uint64_t>(1, c.tests)),
                  "passed but for one run in a million by chance");
}

Curve curve(std::string name, Mark mark, Ink ink, const std::vector<double>& x, const std::vector<double>& y,
            const std::vector<double>& errors) {
  Curve out{std::move(name), mark, ink, {}};
  for (std::size_t i = 0; i < std::min(x.size(), y.size()); ++i)
    out.points.push_back({x[i], y[i], i < errors.size() ? errors[i] : 0.0});
  return out;
}

Curve density_curve(std::string name, Mark mark, Ink ink, const std::vector<double>& edges,
                    const std::vector<double>& probability) {
  Curve out{std::move(name), mark, ink, {}};
  for (std::size_t i = 0; i < probability.size(); ++i) {
    const double density = probability[i] / (edges[i + 1] - edges[i]);
    if (mark == Mark::area) {
      out.points.push_back({edges[i], density});
    } else {
      out.points.push_back({0.5 * (edges[i] + edges[i + 1]), density});
    }
  }
  if (mark == Mark::area && !probability.empty()) out.points.push_back({edges.back(), out.points.back().y});
  return out;
}

Figure single_figure(std::string id, std::string title, Panel panel, std::string caption, std::string reading) {
  Figure figure;
  figure.id = std::move(id);
  figure.title = std::move(title);
  figure.caption = std::move(caption);
  figure.reading = std::move(reading);
  figure.layout = Layout::beside;
  figure.panels.push_back(std::move(panel));
  return figure;
}

}  // namespace powerstroke::io
