#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace powerstroke {

/// The Poisson law of one mean as a table of integer thresholds: one 64-bit word in, one count out,
/// by comparing integers alone. Made once for all particles of a step, who all have the same mean.
///
/// The probability of a count is right to 2^-63; what lies beyond 2^-64 in the upper tail is never
/// drawn.
class PoissonTable {
 public:
  static constexpr double largest_mean = 4096.0;

  /// @throws NumericsError unless 0 <= mean <= largest_mean.
  explicit PoissonTable(double mean);

  /// The count k with Prob(K < k) <= bits / 2^64 < Prob(K <= k).
  std::uint32_t operator()(std::uint64_t bits) const {
    std::uint32_t count = guide_[bits >> 56];
    while (count < last_ && bits >= below_[count]) ++count;
    return count;
  }

  std::uint32_t largest() const { return last_; }

  /// thresholds()[k] = Prob(K <= k) in units of 2^-64, for k < largest(): a count is how many of
  /// them the bits reach.
  std::span<const std::uint64_t> thresholds() const { return {below_.data(), last_}; }

 private:
  std::vector<std::uint64_t> below_;        ///< below_[k] = Prob(K <= k) in units of 2^-64
  std::array<std::uint32_t, 256> guide_{};  ///< the smallest count for each leading byte
  std::uint32_t last_ = 0;
};

}  // namespace powerstroke
