#pragma once

#include <cstdint>
#include <span>

#include "powerstroke/engine/random/poisson_table.hpp"
#include "powerstroke/engine/run/ledger.hpp"

/// Power strokes on the energy ladder at rates that stay constant over a step: the sampling that the stroke kernels share.
namespace powerstroke {

/// Uniformization (A. Jensen, "Markoff chains as an aid in the study of Markoff processes", Skand. Aktuarietidskr. 36 (1953)
/// 87): over a step a particle has K ~ Poisson((w+ + w-) dt) candidates; each is an uptake with probability w+ / (w+ + w-),
/// else an attempt to release, which is blocked at E <= dE. Exact in time.
///
/// Range: any rates >= 0. Random words a particle: 64 bits for K and 32 bits a candidate, compared as integers with the
/// leading half of the share of uptakes. A candidate that ties with it, one in 2^32, is decided by the other half and 32
/// bits from a stream of its own (Purpose::ties), so that the share is right to 2^-64.
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
  /// Whose random numbers: of one particle in one step.
  struct Key {
    std::uint64_t seed, particle, step;
  };
  bool is_uptake(std::uint32_t word, std::uint32_t candidate, const Key& key) const;
  void try_one(std::uint32_t word, std::uint32_t candidate, const Key& key, std::int32_t& level, Ledger& ledger) const;
  void finish(std::uint32_t done, std::uint32_t count, const Key& key, std::int32_t& level, Ledger& ledger) const;

  PoissonTable candidates_;
  std::uint64_t uptake_below_;  ///< share of uptakes in units of 2^-64
  bool all_uptakes_;            ///< the share is 1, which 64 bits cannot say
};

}  // namespace powerstroke
