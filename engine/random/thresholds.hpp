#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace powerstroke {

/// Cumulative probabilities as integers, in units of 2^-64: [k] = Prob(K <= k), up to where less
/// than 2^-64 is left above; that number K is what 64 random bits that reach all of them stand for.
/// A count is how many thresholds the bits reach.
/// @param probability of K = 0, 1, ..., with sum 1.
std::vector<std::uint64_t> cumulative_thresholds(std::span<const double> probability);

}  // namespace powerstroke
