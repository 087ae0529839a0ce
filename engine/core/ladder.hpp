#pragma once

#include <cmath>
#include <cstdint>
#include <limits>

#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke {

/// A place on the energy ladder: E = delta_e * (offset + level), offset in (0, 1], level = -1, 0,
/// 1, ...
///
/// The offset is taken from the half-open interval that is closed above, so that the strict
/// condition E > delta_e of a release is the integer comparison level >= 1, exact also for energies
/// that are whole multiples of delta_e (E = delta_e is offset 1, level 0: blocked). Only E = 0 has
/// level -1: it can take up energy and never comes back.
struct LadderPlace {
  double offset;
  std::int32_t level;
};

inline constexpr std::int32_t lowest_level = -1;
/// Initial energies lie below highest_level * delta_e, so that levels have as much room again in 32
/// bits.
inline constexpr double highest_level = 0x1p30;
/// Energies that lie higher on the ladder, where no particle comes, have this level: there is one
/// above it in 32 bits.
inline constexpr std::int32_t beyond_levels = std::numeric_limits<std::int32_t>::max() - 1;

/// The place of an energy >= 0 (units of delta_e); offset 1 on the level `beyond_levels` for all
/// that lie above it.
///
/// An energy within `roundings` units of relative rounding of a whole multiple of delta_e is that
/// multiple: 2.1 / 0.7 comes out above 3, and whether E > delta_e holds at the end of the ladder
/// must not be a matter of rounding.
inline LadderPlace ladder_place(double energy, double delta_e, double roundings = 4.0) {
  POWERSTROKE_EXPECT(energy >= 0.0 && delta_e > 0.0);
  const double steps = energy / delta_e, whole = std::round(steps);
  if (!(steps < static_cast<double>(beyond_levels))) return {1.0, beyond_levels};
  if (std::abs(steps - whole) <= roundings * std::numeric_limits<double>::epsilon() * whole)
    return {1.0, static_cast<std::int32_t>(whole) - 1};
  const double level = std::ceil(steps) - 1.0;
  return {steps - level, static_cast<std::int32_t>(level)};
}

/// The energy of a place: the one rounding that particles, grids and histograms share.
constexpr double ladder_energy(double delta_e, double offset, std::int32_t level) {
  return delta_e * (offset + level);
}

/// A release needs E > delta_e, strictly.
constexpr bool can_release(std::int32_t level) { return level >= 1; }

}  // namespace powerstroke
