#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "powerstroke/engine/random/poisson_table.hpp"
#include "powerstroke/kernels/counts/stroke_counts.hpp"
#include "powerstroke/kernels/sampling/candidates.hpp"
#include "powerstroke/kernels/sampling/factor_bounds.hpp"
#include "powerstroke/kernels/sampling/places.hpp"

/// Strokes of any law over a step in which w+ and w- stay as they are: any rates law, any number of
/// transitions.
namespace powerstroke {

/// Uniformization as in `UniformizedStep`, with candidates that the rates law thins out. Exact in
/// time.
///
/// Over a step a particle has K ~ Poisson(Lambda dt) candidates, Lambda the sum of (w+ + w-) times
/// the law's bound over the transitions. Random words a particle (Purpose::shaped_strokes): 64 bits
/// for K, 32 a candidate, of which the leading 12 say which transition and direction is tried and
/// the other 20 whether the law's factor lets it pass. Where they do not say it, because the border
/// between two transitions or the bounds of the factor (`FactorBounds`) lie too close, 64 more bits
/// for either follow from a stream of its own (Purpose::ties, block c of candidate c), and the law
/// is evaluated: no rate is off by more than 2^-52. Which bounds are used makes no difference to
/// what happens.
class ShapedStep {
 public:
  /// @param bounds of the law's factors, of the same transitions.
  /// @param dt such that at most PoissonTable::largest_mean candidates are expected; kernels cut
  /// longer ones.
  ShapedStep(AnyCandidates candidates, std::shared_ptr<const FactorBounds> bounds, double dt);

  StrokeCounts operator()(const LadderPlaces& places, std::uint64_t seed, std::uint64_t first,
                          std::uint64_t step) const;
  StrokeCounts operator()(const EnergyPlaces& places, std::uint64_t seed, std::uint64_t first,
                          std::uint64_t step) const;

  /// What a row of `FactorBounds` does to a particle.
  struct Moves {
    static constexpr std::size_t most = 2 * StrokeCounts::most_transitions + 1;
    alignas(64) std::array<std::int32_t, most> levels{};
    alignas(64) std::array<double, most> energy{};
  };
  static constexpr int channel_bits = 12;

 private:
  template <class Lanes, class Places>
  StrokeCounts move(const Places& places, std::uint64_t seed, std::uint64_t first,
                    std::uint64_t step) const;

  AnyCandidates candidates_;
  std::shared_ptr<const FactorBounds> bounds_;
  PoissonTable how_many_;
  std::vector<std::uint64_t>
      below_;  ///< upper ends of the channels' shares in units of 2^-64; the last is not read
  std::vector<std::uint32_t> row_of_;  ///< of `FactorBounds`, for each value of the leading bits
  Moves moves_;
};

}  // namespace powerstroke
