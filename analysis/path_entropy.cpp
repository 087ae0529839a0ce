#include "powerstroke/analysis/path_entropy.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke::analysis {
namespace {

double weight(double delta_s) { return std::exp(-delta_s); }

/// No value either where the error is none: a mean of exponentials says nothing without it.
Estimate mean_with_error(const Moments& moments) {
  const Estimate mean = mean_of(moments);
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  return std::isfinite(mean.error) ? mean : Estimate{none, none};
}

}  // namespace

void path_entropy(std::span<const double> ln_start, std::span<const double> ln_now,
                  std::span<const double> path, std::span<double> delta_s) {
  POWERSTROKE_EXPECT(ln_start.size() == delta_s.size() && ln_now.size() == delta_s.size() &&
                     path.size() == delta_s.size());
  for (std::size_t i = 0; i < delta_s.size(); ++i) delta_s[i] = ln_start[i] - ln_now[i] + path[i];
}

PathEntropySums& PathEntropySums::operator+=(const PathEntropySums& other) {
  delta_s += other.delta_s;
  weight += other.weight;
  largest_weight = std::max(largest_weight, other.largest_weight);
  return *this;
}

PathEntropySums gather_path_entropy(std::span<const double> delta_s) {
  if (delta_s.empty()) return {};
  const double least = *std::ranges::min_element(delta_s);
  return {moments_of(delta_s, [](double s) { return s; }), moments_of(delta_s, weight),
          weight(least)};
}

IntegralFluctuation integral_fluctuation(const PathEntropySums& sums) {
  const auto count = static_cast<double>(sums.weight.count);
  const double sum = count * sums.weight.mean,
               square_sum = sums.weight.squares + sum * sums.weight.mean;
  return {mean_with_error(sums.weight), mean_with_error(sums.delta_s), sum * sum / square_sum,
          sums.largest_weight / sum};
}

IntegralFluctuation integral_fluctuation(std::span<const double> delta_s) {
  return integral_fluctuation(gather_path_entropy(delta_s));
}

}  // namespace powerstroke::analysis
