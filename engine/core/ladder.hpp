#pragma once

#include <cmath>
#include <cstdint>

#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke {

/// A place on the energy ladder: E = delta_e * (offset + level), offset in (0, 1], level = -1, 0, 1, ...
///
/// The offset is taken from the half-open interval that is closed above, so that the strict condition E > delta_e of a
/// release is the integer comparison level >= 1, exact also for energies that are whole multiples of delta_e
/// (E = delta_e is offset 1, level 0: blocked). Only E = 0 has level -1: it can take up energy and never comes back.
struct LadderPlace {
  double offset;
  std::int32_t level;
};

inline constexpr std::int32_t lowest_level = -1;

/// The place of an energy >= 0 (units of delta_e); energy / delta_e must stay below 2^31.
inline LadderPlace ladder_place(double energy, double delta_e) {
  POWERSTROKE_EXPECT(energy >= 0.0 && delta_e > 0.0);
  const double steps = energy / delta_e;
  const double level = std::ceil(steps) - 1.0;
  return {steps - level, static_cast<std::int32_t>(level)};
}

/// The energy of a place: the one rounding that particles, grids and histograms share.
constexpr double ladder_energy(double delta_e, double offset, std::int32_t level) { return delta_e * (offset + level); }

/// A release needs E > delta_e, strictly.
constexpr bool can_release(std::int32_t level) { return level >= 1; }

}  // namespace powerstroke
