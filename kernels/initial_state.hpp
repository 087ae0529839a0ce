#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "powerstroke/engine/parallel/ranks.hpp"
#include "powerstroke/engine/state/energy_ensemble.hpp"
#include "powerstroke/engine/state/ladder_ensemble.hpp"
#include "powerstroke/kernels/laws/energy_law.hpp"

namespace powerstroke {

/// N particles with independent energies from a law, each from its own stream
/// (Purpose::initial_energy), on the ladder of delta_e.
/// @param ranks that the ensemble is divided among. @returns the share that this rank holds.
/// @throws ConfigError if delta_e is not a positive number; NumericsError if an energy lies over
/// 2^30 delta_e.
LadderEnsemble initial_ensemble(const laws::EnergyLaw& law, double delta_e, std::size_t particles,
                                std::uint64_t seed, parallel::Ranks ranks = {});

/// Independent energies of the particles with ids first_id, first_id + 1, ...
void draw_energies(const laws::EnergyLaw& law, std::uint64_t first_id, std::uint64_t seed,
                   std::span<double> energies);

/// The same energies without a ladder.
EnergyEnsemble initial_energies(const laws::EnergyLaw& law, std::size_t particles,
                                std::uint64_t seed, parallel::Ranks ranks = {});

}  // namespace powerstroke
