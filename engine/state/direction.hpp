#pragma once

#include <cstdint>

#include "powerstroke/engine/core/vector.hpp"
#include "powerstroke/engine/random/purpose.hpp"

namespace powerstroke {

/// The isotropic unit vector of a particle, drawn from its own stream (seed, particle, step,
/// purpose): equal each time it is asked for, so it need not be stored. d = 1: a sign; d = 2: an
/// angle; d = 3: Archimedes' cylinder.
Vector isotropic_direction(std::uint64_t seed, std::uint64_t particle, std::uint64_t step,
                           Purpose purpose, int dimension);

/// |p| of kinetic energy E = p^2 / 2m.
double momentum_magnitude(double energy, double mass);

}  // namespace powerstroke
