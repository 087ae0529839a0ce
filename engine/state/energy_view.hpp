#pragma once

#include <cstddef>
#include <span>

namespace powerstroke {

/// What estimators read of particles that stand on no common ladder: a snapshot that owns nothing.
struct EnergyView {
  std::span<const double> energies;

  std::size_t size() const { return energies.size(); }
  double energy(std::size_t i) const { return energies[i]; }

  /// Particles [first, last).
  EnergyView part(std::size_t first, std::size_t last) const {
    return {energies.subspan(first, last - first)};
  }
};

}  // namespace powerstroke
