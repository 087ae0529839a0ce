#pragma once

#include <cstdint>

#include "powerstroke/kernels/counts/stroke_counts.hpp"
#include "powerstroke/kernels/sampling/candidates.hpp"
#include "powerstroke/kernels/sampling/places.hpp"

namespace powerstroke {

/// The process of `ShapedStep` by exponential waiting times between candidates (D. T. Gillespie, J.
/// Comput. Phys. 22 (1976) 403): slower, and the check on the uniformization. Any length of step.
class WaitingTimeStep {
 public:
  WaitingTimeStep(AnyCandidates candidates, double dt);

  StrokeCounts operator()(const LadderPlaces& places, std::uint64_t seed, std::uint64_t first,
                          std::uint64_t step) const;
  StrokeCounts operator()(const EnergyPlaces& places, std::uint64_t seed, std::uint64_t first,
                          std::uint64_t step) const;

 private:
  AnyCandidates candidates_;
  double dt_;
};

}  // namespace powerstroke
