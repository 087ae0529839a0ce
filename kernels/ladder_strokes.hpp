#pragma once

#include <cstdint>
#include <span>

#include "powerstroke/engine/random/poisson_table.hpp"
#include "powerstroke/engine/run/ledger.hpp"

/// Power strokes on the energy ladder at rates that stay constant over a step: the sampling that the stroke kernels share.
namespace powerstroke {

/// Uniformization (A. Jensen, "Markoff chains as an aid in the study of Markoff processes", Skand. Aktuarietidskr. 36
/// (1953) 87): over a step a particle has K ~ Poisson((w+ + w-) dt) candidates; each is an uptake with probability
/// w+ / (w+ + w-), else an attempt to release, which is blocked at E <= dE. Exact in time.
///
/// Range: any rates >= 0. Random words a particle: 64 bits for K and 32 bits a candidate, compared as integers; the share
/// of uptakes is rounded to 2^-32, a candidate equal to the threshold is a release.
class UniformizedStep {
 public:
  /// @param rate_up, rate_down w+ and w- per unit time, finite and >= 0; @param dt length of the step; their product
  ///        (w+ + w-) dt is at most PoissonTable::largest_mean.
  UniformizedStep(double rate_up, double rate_down, double dt);

  /// How many candidates a step of length dt may expect, at most; kernels cut longer ones.
  static constexpr double largest_mean = PoissonTable::largest_mean;

  /// Strokes of neighbouring particles: levels[i] belongs to particle first + i.
  Ledger operator()(std::span<std::int32_t> levels, std::uint64_t seed, std::uint64_t first, std::uint64_t step) const;

 private:
  PoissonTable candidates_;
  std::uint64_t uptake_below_;  ///< of 2^32
};

}  // namespace powerstroke
