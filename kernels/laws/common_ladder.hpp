#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace powerstroke::laws {

/// The ladder that transitions share: their greatest common divisor g, and each delta_e as a whole
/// number of it. E modulo g is an invariant of every particle.
struct CommonLadder {
  double spacing;                     ///< g
  std::vector<std::int32_t> strides;  ///< delta_e / g, without a common divisor
};

/// @param delta_e at least one, all > 0.
/// @returns nothing if they are incommensurate: if no whole numbers up to 4096 are in their ratios
///          within 16 roundings, so that 1 and sqrt 2 share no ladder.
std::optional<CommonLadder> common_ladder(std::span<const double> delta_e);

/// How many steps of a ladder a delta_e is. @returns nothing if it is no whole number >= 1 of them,
/// within 64 roundings.
std::optional<std::int32_t> stride(double delta_e, double spacing);

}  // namespace powerstroke::laws
