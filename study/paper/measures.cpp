#include "powerstroke/study/paper/measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/study/result/tested.hpp"

namespace powerstroke::study {
namespace {

bool all_finite(const std::vector<double>& values) {
  return !values.empty() &&
         std::all_of(values.begin(), values.end(), [](double x) { return std::isfinite(x); });
}

}  // namespace

double larger(double a, double b) { return std::isnan(a) ? a : b <= a ? a : b; }

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
  for (std::size_t i = 1; i < values.size(); ++i)
    least = std::min(least, values[i] - values[i - 1]);
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
    values.push_back(static_cast<double>(count) /
                     static_cast<double>(result.config.ensemble.particles));
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
  return at_least(
      Role::witness,
      fmt::format("{}: particles against equation, smallest of {} p-values", whose, c.tests),
      smallest, false_alarm_rate / static_cast<double>(std::max<std::uint64_t>(1, c.tests)),
      "passed but for one run in a million by chance");
}

}  // namespace powerstroke::study
