#pragma once

#include <array>
#include <cstddef>
#include <span>

#include "powerstroke/engine/core/vector.hpp"

namespace powerstroke {

/// What estimators read of particles of one mass in phase space: a snapshot that owns nothing.
struct PhaseView {
  int dimension = 1;
  double mass = 1.0;
  std::array<std::span<const double>, 3> position{},
      momentum{};  ///< [axis][particle]; empty beyond the dimension

  std::size_t size() const { return position[0].size(); }
  /// p^2 / 2m.
  double kinetic_energy(std::size_t i) const {
    double square = 0.0;
    for (int axis = 0; axis < dimension; ++axis) {
      const double p = momentum[static_cast<std::size_t>(axis)][i];
      square += p * p;
    }
    return square / (2.0 * mass);
  }
  Vector position_of(std::size_t i) const { return vector(position, i); }
  Vector momentum_of(std::size_t i) const { return vector(momentum, i); }

  /// Particles [first, last).
  PhaseView part(std::size_t first, std::size_t last) const {
    PhaseView view{dimension, mass, {}, {}};
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(dimension); ++axis) {
      view.position[axis] = position[axis].subspan(first, last - first);
      view.momentum[axis] = momentum[axis].subspan(first, last - first);
    }
    return view;
  }

 private:
  Vector vector(const std::array<std::span<const double>, 3>& components, std::size_t i) const {
    Vector result{};
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(dimension); ++axis)
      result[axis] = components[axis][i];
    return result;
  }
};

}  // namespace powerstroke
