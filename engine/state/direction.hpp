#pragma once

#include <array>
#include <cstdint>

#include "powerstroke/engine/random/purpose.hpp"

namespace powerstroke {

/// A unit vector in 1, 2 or 3 dimensions; components beyond the dimension are 0.
using Vector = std::array<double, 3>;

/// The isotropic unit vector of a particle, drawn from its own stream (seed, particle, step, purpose): equal each time it
/// is asked for, so it need not be stored. d = 1: a sign; d = 2: an angle; d = 3: Archimedes' cylinder.
Vector isotropic_direction(std::uint64_t seed, std::uint64_t particle, std::uint64_t step, Purpose purpose, int dimension);

/// |p| of kinetic energy E = p^2 / 2m.
double momentum_magnitude(double energy, double mass);

}  // namespace powerstroke
