#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "powerstroke/engine/random/poisson_table.hpp"
#include "powerstroke/kernels/counts/stroke_counts.hpp"

/// Power strokes on the energy ladder at rates that stay constant over a step: the sampling that
/// the stroke kernels share.
namespace powerstroke {

struct StreamBatch;

/// Uniformization (A. Jensen, "Markoff chains as an aid in the study of Markoff processes", Skand.
/// Aktuarietidskr. 36 (1953) 87): over a step a particle has K ~ Poisson((w+ + w-) dt) candidates;
/// each is an uptake with probability w+ / (w+ + w-), else an attempt to release, which is blocked
/// at E <= dE. Exact in time.
///
/// Range: any rates >= 0. Draws have 16 bits. Particles 2j and 2j + 1 share the stream of the
/// number j (Purpose::strokes): of each of its words the lower half belongs to the even one, the
/// upper half to the odd one. K takes one draw, four (64 bits) if more than `few_expected`
/// candidates are; each candidate takes one. A draw is compared with the leading 16 bits of a
/// 64-bit threshold; where it ties with them, once in 2^16, 48 more bits from a stream of the
/// particle's own decide (Purpose::ties: block 0 for K, block c + 1 for candidate c). So the share
/// of uptakes is right to 2^-64, probabilities of K to 2^-63.
class UniformizedStep {
 public:
  /// @param rate_up, rate_down w+ and w- per unit time, finite and >= 0; @param dt length of the
  ///        step; their product (w+ + w-) dt is at most PoissonTable::largest_mean.
  UniformizedStep(double rate_up, double rate_down, double dt);

  /// How many candidates a step of length dt may expect, at most; kernels cut longer ones.
  static constexpr double largest_mean = PoissonTable::largest_mean;
  static constexpr double few_expected = 8.0;

  /// Strokes of neighbouring particles: levels[i] belongs to particle first + i.
  /// @throws std::length_error if a particle or the step do not fit 40 bits.
  StrokeCounts operator()(std::span<std::int32_t> levels, std::uint64_t seed, std::uint64_t first,
                          std::uint64_t step) const;

 private:
  struct Lanes;
  /// Whose random numbers: of one particle in one step.
  struct Key {
    std::uint64_t seed, particle, step;
  };
  bool expects_few() const { return !leading_.empty(); }
  std::uint32_t count(std::uint16_t draw, const Key& key) const;
  bool is_uptake(std::uint16_t draw, std::uint32_t candidate, const Key& key) const;
  void draw_counts(const StreamBatch& random, const Key& first, Lanes& lanes) const;
  std::uint32_t make_strokes(std::uint32_t draws_before, const Key& first, StreamBatch& random,
                             Lanes& lanes) const;
  void finish(std::uint32_t done, std::size_t lane, const Key& key, Lanes& lanes) const;

  PoissonTable candidates_;
  std::vector<std::uint16_t> leading_;  ///< of the thresholds of K, up to the first 2^16 - 1; empty
                                        ///< unless few are expected
  std::uint64_t uptake_below_;          ///< share of uptakes in units of 2^-64
  bool all_uptakes_;                    ///< the share is 1, which 64 bits cannot say
};

}  // namespace powerstroke
