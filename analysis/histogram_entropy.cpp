#include <bit>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <vector>

#include "powerstroke/analysis/estimators.hpp"
#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke::analysis {
namespace {

/// Bins [first, last) taken as one class.
struct Class {
  std::uint32_t first, last;
};

/// Counts of neighbouring bins, whichever are taken together.
class Histogram {
 public:
  Histogram(const Snapshot& snapshot, const BinGrid& grid)
      : bins_(grid.bins),
        width_(grid.max / grid.bins),
        total_(static_cast<double>(snapshot.particles)),
        below_(bins_ + std::size_t{1}) {
    POWERSTROKE_EXPECT(snapshot.bins.size() == grid.bins);
    for (std::size_t i = 0; i < bins_; ++i) below_[i + 1] = below_[i] + snapshot.bins[i];
  }

  std::uint64_t count(Class c) const { return below_[c.last] - below_[c.first]; }
  double width(Class c) const { return width_ * (c.last - c.first); }
  double ln_density(Class c) const {
    return std::log(static_cast<double>(count(c)) / (total_ * width(c)));
  }

  /// The class at twice the width: a single bin's pair. The last of an odd number of bins has none,
  /// and wider classes stay.
  Class doubled(Class c) const {
    const bool paired = c.last - c.first == 1 && (c.first | 1U) < bins_;
    return paired ? Class{c.first & ~1U, (c.first | 1U) + 1} : c;
  }

  /// The bins, but where few particles share a binary group of them, the group: for small n, ln n
  /// scatters too widely for a correction of first order.
  std::vector<Class> classes() const {
    std::vector<Class> result;
    split({0, bins_}, result);
    return result;
  }

 private:
  static constexpr std::uint64_t few = 8;

  void split(Class c, std::vector<Class>& result) const {
    if (count(c) == 0) return;
    if (count(c) < few || c.last - c.first == 1) {
      result.push_back(c);
      return;
    }
    const std::uint32_t middle = c.first + std::bit_ceil(c.last - c.first) / 2;
    split({c.first, middle}, result);
    split({middle, c.last}, result);
  }

  std::uint32_t bins_;
  double width_, total_;
  std::vector<std::uint64_t> below_;
};

/// Mean of ln E over [low, low + width).
double mean_logarithm(double low, double width) {
  const double high = low + width;
  return (high * std::log(high) - (low > 0.0 ? low * std::log(low) : 0.0)) / width - 1.0;
}

/// Cancels the error that goes with the square of the width.
constexpr double extrapolated(double at_width, double at_twice_the_width) {
  return (4.0 * at_width - at_twice_the_width) / 3.0;
}

/// Sums over the classes. A particle in a class pulls the estimate by its influence / N, and the
/// mean of ln E by ln E / N.
struct Sums {
  double influence = 0.0, influence_squared = 0.0, ln_energy = 0.0, product = 0.0, occupied = 0.0;

  void add(double probability, double influence_here, double ln_energy_here) {
    influence += probability * influence_here;
    influence_squared += probability * influence_here * influence_here;
    ln_energy += probability * ln_energy_here;
    product += probability * influence_here * ln_energy_here;
  }
};

void add_bins(const Histogram& histogram, const Snapshot& snapshot, const BinGrid& grid,
              Sums& sums) {
  for (const Class fine : histogram.classes()) {
    const Class coarse = histogram.doubled(fine);
    const auto count = histogram.count(fine);
    sums.add(static_cast<double>(count) / static_cast<double>(snapshot.particles),
             -extrapolated(histogram.ln_density(fine), histogram.ln_density(coarse)),
             mean_logarithm(grid.edge(fine.first), histogram.width(fine)));
    const bool shared = histogram.count(coarse) > count;
    sums.occupied += extrapolated(1.0, shared ? 0.5 : 1.0);
  }
}

/// Particles above the grid are one class, as wide as an exponential tail with their mean excess
/// looks to the entropy, -ln p + 1 = -ln(p / e): the largest entropy that this excess allows.
void add_overflow(const Snapshot& snapshot, const BinGrid& grid, Sums& sums) {
  if (snapshot.overflow == 0) return;
  const double excess = snapshot.overflow_excess / static_cast<double>(snapshot.overflow);
  const double p = static_cast<double>(snapshot.overflow) / static_cast<double>(snapshot.particles);
  sums.add(p, -std::log(p / (std::numbers::e * excess)), std::log(grid.max + excess));
  sums.occupied += 1.0;
}

/// Neighbouring bins taken together: the snapshot of a grid of half as many.
Snapshot halved(const Snapshot& snapshot) {
  Snapshot result = snapshot;
  result.bins.assign((snapshot.bins.size() + 1) / 2, 0);
  for (std::size_t i = 0; i < snapshot.bins.size(); ++i) result.bins[i / 2] += snapshot.bins[i];
  return result;
}

/// The bins' entropy as it is, corrected for finite N alone.
double plain_entropy(const Snapshot& snapshot, double width) {
  const auto total = static_cast<double>(snapshot.particles);
  double entropy = 0.0, occupied = 0.0;
  for (const std::uint64_t count : snapshot.bins) {
    if (count == 0) continue;
    const double p = static_cast<double>(count) / total;
    entropy -= p * std::log(p / width);
    occupied += 1.0;
  }
  return entropy + (occupied - 1.0) / (2.0 * total);
}

/// What the extrapolation from the widths w and 2w may leave, judged by 4w. Where the bins resolve
/// the density the error goes with w^2, which is cancelled, and what is left grows by 16 from w to
/// 2w. Where it does not go so, as at jumps, nothing is cancelled for sure. NaN where the bins do
/// not resolve the density at all. Fewer than four bins are not judged.
double left_by_extrapolation(const Snapshot& snapshot, double width) {
  constexpr double unresolved = 0.1;
  if (snapshot.bins.size() < 4) return 0.0;
  const Snapshot twice = halved(snapshot), four_times = halved(twice);
  const double fine = plain_entropy(snapshot, width), coarse = plain_entropy(twice, 2.0 * width),
               coarsest = plain_entropy(four_times, 4.0 * width);
  const double change = coarse - fine, next_change = coarsest - coarse;
  if (std::abs(change) > unresolved || std::abs(next_change) > 4.0 * unresolved)
    return std::numeric_limits<double>::quiet_NaN();
  const bool is_quadratic = next_change > 3.0 * change && next_change < 5.0 * change;
  return is_quadratic ? (extrapolated(coarse, coarsest) - extrapolated(fine, coarse)) / 15.0
                      : change / 3.0;
}

}  // namespace

EntropyEstimate histogram_entropy(const Snapshot& snapshot, const BinGrid& grid) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  Sums sums;
  add_bins(Histogram(snapshot, grid), snapshot, grid, sums);
  add_overflow(snapshot, grid, sums);
  if (sums.occupied <= 1.0 || 1000 * snapshot.overflow > snapshot.particles)
    return {nan, nan, nan, nan};
  const auto total = static_cast<double>(snapshot.particles);
  const double left = left_by_extrapolation(snapshot, grid.max / grid.bins);
  if (std::isnan(left)) return {nan, nan, nan, nan};
  const double correction = (sums.occupied - 1.0) / (2.0 * total);
  return {sums.influence + correction,
          (sums.influence_squared - sums.influence * sums.influence) / total,
          (sums.product - sums.influence * sums.ln_energy) / total,
          correction / total + left * left};
}

}  // namespace powerstroke::analysis
