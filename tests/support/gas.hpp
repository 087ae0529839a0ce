#pragma once

#include <cstdint>
#include <vector>

#include "powerstroke/kernels/initial_phase.hpp"

namespace test_support {

/// Momenta of Maxwell-Boltzmann at a temperature, all species, at the origin or spread over a cube
/// [0, length)^d.
inline powerstroke::PhaseEnsemble maxwell_gas(int dimension,
                                              std::vector<powerstroke::Species> species,
                                              double temperature, std::uint64_t seed = 1,
                                              double length = 0.0) {
  using namespace powerstroke;
  PhaseEnsemble gas(dimension, std::move(species));
  PhaseStart start{{laws::MaxwellBoltzmannEnergy{temperature, dimension}}};
  if (length > 0.0) start.position.fill(laws::UniformPosition{0.0, length});
  for (std::size_t s = 0; s < gas.species(); ++s)
    start_species(gas, s, start, laws::Free{}, {}, 0.0, seed);
  return gas;
}

inline double total_energy(const powerstroke::PhaseEnsemble& gas, std::size_t species) {
  double sum = 0.0;
  for (std::size_t i = gas.first(species); i < gas.last(species); ++i)
    sum += gas.kinetic_energy(species, i);
  return sum;
}

inline double total_energy(const powerstroke::PhaseEnsemble& gas) {
  double sum = 0.0;
  for (std::size_t species = 0; species < gas.species(); ++species)
    sum += total_energy(gas, species);
  return sum;
}

}  // namespace test_support
