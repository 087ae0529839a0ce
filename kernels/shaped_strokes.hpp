#pragma once

#include <cstdint>
#include <span>

#include "powerstroke/engine/random/poisson_table.hpp"
#include "powerstroke/engine/run/ledger.hpp"
#include "powerstroke/kernels/candidates.hpp"
#include "powerstroke/kernels/places.hpp"

/// Strokes of any law over a step in which w+ and w- stay as they are: any rates law, any number of transitions.
namespace powerstroke {

/// Uniformization as in `UniformizedStep`, with candidates that the rates law thins out. Exact in time.
///
/// Over a step a particle has K ~ Poisson(Lambda dt) candidates, Lambda the sum of (w+ + w-) times the law's bound over the
/// transitions. Random words a particle: 64 bits for K, 64 a candidate (Purpose::shaped_strokes).
class ShapedStep {
 public:
  /// @param dt such that at most PoissonTable::largest_mean candidates are expected; kernels cut longer ones.
  ShapedStep(AnyCandidates candidates, double dt);

  Ledger operator()(const LadderPlaces& places, std::uint64_t seed, std::uint64_t first, std::uint64_t step) const;
  Ledger operator()(const EnergyPlaces& places, std::uint64_t seed, std::uint64_t first, std::uint64_t step) const;

 private:
  AnyCandidates candidates_;
  PoissonTable how_many_;
};

/// The same process by exponential waiting times between candidates (D. T. Gillespie, J. Comput. Phys. 22 (1976) 403):
/// slower, and the check on the uniformization. Any length of step.
class WaitingTimeStep {
 public:
  WaitingTimeStep(AnyCandidates candidates, double dt);

  Ledger operator()(const LadderPlaces& places, std::uint64_t seed, std::uint64_t first, std::uint64_t step) const;
  Ledger operator()(const EnergyPlaces& places, std::uint64_t seed, std::uint64_t first, std::uint64_t step) const;

 private:
  AnyCandidates candidates_;
  double dt_;
};

/// Candidates per particle and time.
inline double candidate_rate(const AnyCandidates& candidates) {
  return std::visit([](const auto& form) { return form.total(); }, candidates);
}

}  // namespace powerstroke
