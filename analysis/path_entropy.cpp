#include "powerstroke/analysis/path_entropy.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke::analysis {
namespace {

template <class Function>
Moments moments_of(std::span<const double> values, Function f) {
  double sum = 0.0, squares = 0.0;
  for (const double value : values) sum += f(value);
  const double mean = sum / static_cast<double>(values.size());
  for (const double value : values) squares += (f(value) - mean) * (f(value) - mean);
  return {values.size(), mean, squares};
}

double weight(double delta_s) { return std::exp(-delta_s); }

Estimate mean_of(const Moments& moments) {
  const double error = std::sqrt(moments.variance() / static_cast<double>(moments.count));
  if (std::isfinite(moments.mean) && std::isfinite(error)) return {moments.mean, error};
  return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
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
  return {mean_of(sums.weight), mean_of(sums.delta_s), sum * sum / square_sum,
          sums.largest_weight / sum};
}

IntegralFluctuation integral_fluctuation(std::span<const double> delta_s) {
  return integral_fluctuation(gather_path_entropy(delta_s));
}

}  // namespace powerstroke::analysis
