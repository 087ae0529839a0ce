#include "powerstroke/analysis/work_theorems.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstddef>
#include <limits>

#include "powerstroke/analysis/snapshot.hpp"
#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke::analysis {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

bool all_finite(std::span<const double> values) {
  return std::ranges::all_of(values, [](double value) { return std::isfinite(value); });
}

/// exp(-W/T) relative to that of the least work.
struct Weights {
  double least;
  Moments moments;

  Weights(std::span<const double> work, double temperature)
      : least(*std::ranges::min_element(work)),
        moments(moments_of(work, [&](double w) { return std::exp((least - w) / temperature); })) {}
  double relative_error() const { return mean_of(moments).error / moments.mean; }
};

/// Bennett's acceptances of one direction: f = 1 / (1 + exp((W - shift)/T)).
Moments acceptances(std::span<const double> work, double shift, double temperature) {
  return moments_of(work,
                    [&](double w) { return 1.0 / (1.0 + std::exp((w - shift) / temperature)); });
}

double sum_of(const Moments& moments) { return static_cast<double>(moments.count) * moments.mean; }

/// (<f^2>/<f>^2 - 1)/n.
double relative_variance(const Moments& f) {
  const auto n = static_cast<double>(f.count);
  return f.squares / (n * n * f.mean * f.mean);
}

/// A sum of W in each bin beside the count, for the mean.
struct Filled {
  std::uint64_t count = 0;
  double sum = 0.0;
};

/// The range in which both directions were seen, in equal bins.
struct Range {
  double low, high;
  std::uint32_t bins;

  /// @param sign of the works that are sorted in: -1 for the reversed protocol.
  std::vector<Filled> sort(std::span<const double> work, double sign) const {
    std::vector<Filled> filled(bins);
    for (const double w : work) {
      const double place = (sign * w - low) / (high - low) * bins;
      if (!(place >= 0.0 && place < bins)) continue;
      Filled& bin = filled[static_cast<std::size_t>(place)];
      ++bin.count;
      bin.sum += sign * w;
    }
    return filled;
  }
};

Range common_range(std::span<const double> forward, std::span<const double> reverse,
                   std::uint32_t bins) {
  const auto [least_forward, most_forward] = std::ranges::minmax(forward);
  const auto [least_reverse, most_reverse] = std::ranges::minmax(reverse);
  return {std::max(least_forward, -most_reverse), std::min(most_forward, -least_reverse), bins};
}

constexpr std::uint64_t least_count = 50;  // of a bin that the line goes through

std::vector<WeightedPoint> line_points(const std::vector<CrooksBin>& bins, double total_forward,
                                       double total_reverse) {
  std::vector<WeightedPoint> points;
  for (const CrooksBin& bin : bins) {
    if (bin.forward < least_count || bin.reverse < least_count) continue;
    const auto forward = static_cast<double>(bin.forward),
               reverse = static_cast<double>(bin.reverse);
    points.push_back(
        {bin.work,
         std::log((forward + 0.5) / total_forward) - std::log((reverse + 0.5) / total_reverse),
         std::sqrt(1.0 / forward + 1.0 / reverse)});
  }
  return points;
}

/// Where a line crosses 0.
Estimate crossing(const WeightedLine& line) {
  const double at = -line.intercept / line.slope;
  const double variance = line.intercept_error * line.intercept_error + 2.0 * at * line.covariance +
                          at * at * line.slope_error * line.slope_error;
  return {at, std::sqrt(variance) / std::abs(line.slope)};
}

}  // namespace

Estimate mean_work(std::span<const double> work) {
  POWERSTROKE_EXPECT(work.size() >= 2);
  return mean_of(moments_of(work, [](double w) { return w; }));
}

Jarzynski jarzynski(std::span<const double> work, double temperature) {
  POWERSTROKE_EXPECT(work.size() >= 2 && temperature > 0.0);
  if (!all_finite(work)) return {{nan, nan}, nan, nan, nan, false};
  constexpr double fewest = 100.0, largest = 0.05;
  const Weights weights(work, temperature);
  const double sum = sum_of(weights.moments),
               squares = weights.moments.squares + sum * weights.moments.mean;
  const double relative = weights.relative_error();
  Jarzynski result{};
  result.delta_f = {weights.least - temperature * std::log(weights.moments.mean),
                    temperature * relative};
  result.bias = 0.5 * temperature * relative * relative;
  result.effective_samples = sum * sum / squares;
  result.largest_share = 1.0 / sum;
  result.is_trusted = result.effective_samples >= fewest && result.largest_share <= largest;
  return result;
}

Estimate exponential_average(std::span<const double> work, double delta_f, double temperature) {
  POWERSTROKE_EXPECT(work.size() >= 2 && temperature > 0.0);
  if (!all_finite(work)) return {nan, nan};
  const Weights weights(work, temperature);
  const double mean = std::exp((delta_f - weights.least) / temperature) * weights.moments.mean;
  return {mean, mean * weights.relative_error()};
}

AcceptanceRatio acceptance_ratio(std::span<const double> forward, std::span<const double> reverse,
                                 double temperature) {
  POWERSTROKE_EXPECT(forward.size() >= 2 && reverse.size() >= 2 && temperature > 0.0);
  if (!all_finite(forward) || !all_finite(reverse)) return {{nan, nan}, nan, false};
  const double sizes = temperature * std::log(static_cast<double>(forward.size()) /
                                              static_cast<double>(reverse.size()));
  const auto excess = [&](double delta_f) {
    return sum_of(acceptances(forward, delta_f - sizes, temperature)) -
           sum_of(acceptances(reverse, sizes - delta_f, temperature));
  };
  // At these ends one direction accepts nearly nothing, the other nearly all.
  constexpr double far = 50.0;
  const double beyond = std::abs(sizes) + far * temperature;
  const auto [least_forward, most_forward] = std::ranges::minmax(forward);
  const auto [least_reverse, most_reverse] = std::ranges::minmax(reverse);
  std::uintmax_t iterations = 200;
  const auto [below, above] =
      boost::math::tools::toms748_solve(excess, std::min(least_forward, -most_reverse) - beyond,
                                        std::max(most_forward, -least_reverse) + beyond,
                                        boost::math::tools::eps_tolerance<double>(48), iterations);
  const double delta_f = 0.5 * (below + above);
  constexpr double fewest = 100.0;
  const Moments f = acceptances(forward, delta_f - sizes, temperature),
                r = acceptances(reverse, sizes - delta_f, temperature);
  return {{delta_f, temperature * std::sqrt(relative_variance(f) + relative_variance(r))},
          sum_of(f),
          sum_of(f) >= fewest};
}

Crooks crooks(std::span<const double> forward, std::span<const double> reverse,
              std::uint32_t bins) {
  POWERSTROKE_EXPECT(!forward.empty() && !reverse.empty() && bins >= 1);
  Crooks result{{}, {}, {nan, nan}};
  const Range range = common_range(forward, reverse, bins);
  if (!(range.high > range.low)) return result;
  const std::vector<Filled> along = range.sort(forward, 1.0), back = range.sort(reverse, -1.0);
  for (std::size_t k = 0; k < along.size(); ++k) {
    if (along[k].count == 0 || back[k].count == 0) continue;
    const double work = 0.5 * (along[k].sum / static_cast<double>(along[k].count) +
                               back[k].sum / static_cast<double>(back[k].count));
    result.bins.push_back({work, along[k].count, back[k].count});
  }
  const std::vector<WeightedPoint> points = line_points(
      result.bins, static_cast<double>(forward.size()), static_cast<double>(reverse.size()));
  if (points.size() < 3) return result;
  result.line = weighted_line(points);
  result.delta_f = crossing(*result.line);
  return result;
}

}  // namespace powerstroke::analysis
