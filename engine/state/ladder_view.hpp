#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "powerstroke/engine/core/ladder.hpp"

namespace powerstroke {

/// What estimators read: a snapshot that owns nothing.
struct LadderView {
  double spacing;
  std::span<const double> offset;
  std::span<const std::int32_t> level;

  std::size_t size() const { return level.size(); }
  double energy(std::size_t i) const { return ladder_energy(spacing, offset[i], level[i]); }

  /// Particles [first, last).
  LadderView part(std::size_t first, std::size_t last) const {
    return {spacing, offset.subspan(first, last - first), level.subspan(first, last - first)};
  }
};

}  // namespace powerstroke
