#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "powerstroke/engine/state/phase_ensemble.hpp"
#include "powerstroke/kernels/laws/box.hpp"
#include "powerstroke/kernels/laws/energy_law.hpp"
#include "powerstroke/kernels/laws/position_law.hpp"
#include "powerstroke/kernels/laws/potential.hpp"

namespace powerstroke {

/// How particles of one species start in phase space: kinetic energies and directions, and the
/// places along each axis, all independent.
struct PhaseStart {
  laws::EnergyLaw energy;
  std::optional<Vector> direction{};  ///< a unit vector for all; isotropic without
  std::array<laws::PositionLaw, 3> position{};
};

/// Draws momenta and positions of a species (Purpose::initial_energy, direction, initial_position).
/// @param potential, box read by `BoltzmannPosition` alone, at time `t`.
/// @throws ConfigError as `laws::validate` of each law; if exp(-v/T) cannot be normalised, or for a
///         potential that is no sum over axes; or if a particle would start outside of its box.
void start_species(PhaseEnsemble& ensemble, std::size_t species, const PhaseStart& start,
                   const laws::AnyPotential& potential, const laws::Box& box, double t,
                   std::uint64_t seed);

}  // namespace powerstroke
