#pragma once

#include <cstdint>
#include <tuple>

#include "powerstroke/engine/run/ledger.hpp"

namespace powerstroke {

/// Walls of a box (`Flight`, `WallStrokes`).
struct WallCounts {
  std::uint64_t wall_hits = 0;  ///< of particles on the sides of their box

  static constexpr auto fields() {
    return std::tuple(CountField("wall_hits", "Hits of particles on the sides of their box",
                                 &WallCounts::wall_hits));
  }
  WallCounts& operator+=(const WallCounts& more) { return add_counts(*this, more); }
};

}  // namespace powerstroke
