#pragma once

#include <cstdint>
#include <string>

#include "powerstroke/engine/core/error.hpp"

namespace powerstroke {

/// The registry of random streams: what a particle draws numbers for. Two draws of a particle in
/// one step never share a purpose, and a number that is listed here never gets another meaning, or
/// old results could not be reproduced. Kernels under one seed share one `StepClock`, so that no
/// step of one is a step of another. Numbers below `first_outside_purpose` are this tree's; from
/// there on they belong to kernels outside of it, see `outside_purpose`.
enum class Purpose : std::uint8_t {
  initial_energy = 1,     ///< the energy a particle starts with
  direction = 2,          ///< of its momentum; drawn anew, equal, whenever it is asked for
  strokes = 3,            ///< candidate strokes of the uniformization
  waiting_times = 4,      ///< exponential waiting times and the choice between uptake and release
  direction_at_rest = 5,  ///< for an uptake by a particle without momentum
  ties = 6,               ///< of candidate strokes with the threshold between uptake and release
  shaped_strokes = 7,     ///< candidate strokes of a rates law or of several transitions
  pair_strokes = 8,       ///< of all particles together: who gives a quantum, who takes it
  finite_strokes = 9,     ///< waiting times and choices of strokes that last
  initial_position = 10,  ///< where a particle starts
  langevin = 11,          ///< the kicks of a heat bath of friction and noise
  collisions = 12,        ///< of all particles together: waiting times, pairs and scattering angles
  wall_strokes = 13,      ///< at a particle's hits on a wall
  sparse_strokes = 14,    ///< of a block of particles together: how many candidates, and whose
  snapshots = 15          ///< a particle's level at the next snapshot
};

/// The first of the purposes that no kernel of this tree ever takes.
inline constexpr int first_outside_purpose = 128;

/// The purpose number 128 + k, k = 0 ... 127, for a kernel outside of this tree: its streams are
/// none of ours under the same seed, now and in versions to come. Kernels of different codes that
/// share a seed agree on their k.
/// @throws ConfigError for another k.
constexpr Purpose outside_purpose(int k) {
  if (k < 0 || k > 127)
    throw ConfigError("the purpose of a kernel outside is " + std::to_string(k) +
                      "; it must be 0 to 127");
  return static_cast<Purpose>(first_outside_purpose + k);
}

}  // namespace powerstroke
