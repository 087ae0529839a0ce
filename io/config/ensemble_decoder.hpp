#pragma once

#include <vector>

#include "powerstroke/io/config/source.hpp"
#include "powerstroke/kernels/laws/energy_law.hpp"

/// How particles start, decoded from what the schema has let through.
namespace powerstroke::io {

/// @param path where it stands in the config, for messages. @throws ConfigError for parameters out
/// of range.
laws::EnergyLaw decode_energy(const ConfigSource& source, const Json& json, const KeyPath& path,
                              int dimension);

/// Refuses energies whose squares, or densities, would leave the range of a double: 0 or 1e-100 to
/// 1e100 is allowed.
void check_energy_range(const ConfigSource& source, const KeyPath& path, double energy);

/// A unit vector; empty for "isotropic". @throws ConfigError for another number of components, or
/// all zero, and for a law by which particles are at rest, where none has a direction.
std::vector<double> decode_direction(const ConfigSource& source, const Json& json,
                                     const KeyPath& path, int dimension,
                                     const laws::EnergyLaw& energy);

}  // namespace powerstroke::io
