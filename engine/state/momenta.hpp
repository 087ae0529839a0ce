#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "powerstroke/engine/state/direction.hpp"
#include "powerstroke/engine/state/ladder_view.hpp"

namespace powerstroke {

/// Where the momenta of an energy-space ensemble point. No stroke changes it, so it is not stored:
/// isotropic directions are drawn anew, equal, from each particle's own stream
/// (Purpose::direction).
struct Directions {
  int dimension;                ///< 1, 2 or 3
  std::uint64_t seed;           ///< of the ensemble
  std::optional<Vector> given;  ///< one unit vector for all particles; isotropic without

  Vector of(std::size_t particle) const;
};

/// The momentum of a particle: magnitude sqrt(2 m E) from its energy, in its direction.
Vector momentum(const LadderView& particles, std::size_t particle, double mass,
                const Directions& directions);

}  // namespace powerstroke
