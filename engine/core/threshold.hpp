#pragma once

#include <limits>

namespace powerstroke {

/// Strokes put a particle on E = delta_e, as from rest, only to within roundings of its energy, one
/// a stroke or a cut of a window; whether it lies above must not be a matter of these.
inline constexpr double energy_roundings = 4096.0 * std::numeric_limits<double>::epsilon();

/// E > threshold, by more than roundings.
constexpr bool lies_above(double energy, double threshold) {
  return energy > threshold * (1.0 + energy_roundings);
}

}  // namespace powerstroke
