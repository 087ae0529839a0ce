#pragma once

#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

/// What a user would write in an afternoon: one particle after another, std::mt19937_64, exponential waiting times. The
/// baseline that the kernels' figures are ratios to, compiled alike and run in the same process.
namespace powerstroke::bench {

/// Fixed rates. Uniform numbers by shift and multiplication: std's distributions take a third longer. @returns strokes made.
inline std::uint64_t scalar_fixed_strokes(std::vector<int>& levels, double rate_up, double rate_down, double dt,
                                          std::mt19937_64& random) {
  const auto uniform = [&] { return static_cast<double>(random() >> 11) * 0x1p-53; };
  const double mean_wait = 1.0 / (rate_up + rate_down), share_of_uptakes = rate_up * mean_wait;
  const auto wait = [&] { return -mean_wait * std::log(1.0 - uniform()); };
  std::uint64_t strokes = 0;
  for (int& level : levels)
    for (double t = wait(); t < dt; t += wait()) {
      if (uniform() < share_of_uptakes) {
        ++level;
        ++strokes;
      } else if (level >= 1) {
        --level;
        ++strokes;
      }
    }
  return strokes;
}

/// The paper's condition (8): w+ = w- phi, phi counted anew for each of the equal steps. @returns strokes made.
inline std::uint64_t scalar_conserving_strokes(std::vector<int>& levels, double rate_down, double dt, int steps,
                                               std::mt19937_64& random) {
  std::uint64_t strokes = 0;
  for (int step = 0; step < steps; ++step) {
    std::size_t above = 0;
    for (const int level : levels) above += level >= 1 ? 1U : 0U;
    const double phi = static_cast<double>(above) / static_cast<double>(levels.size());
    strokes += scalar_fixed_strokes(levels, rate_down * phi, rate_down, dt / steps, random);
  }
  return strokes;
}

}  // namespace powerstroke::bench
