#pragma once

#include <cstdint>
#include <tuple>

#include "powerstroke/engine/run/ledger.hpp"

namespace powerstroke {

/// Elastic collisions of pairs (`ElasticCollisions`).
struct CollisionCounts {
  std::uint64_t collisions = 0;
  std::uint64_t collision_candidates = 0;  ///< of the majorant

  static constexpr auto fields() {
    using Counts = CollisionCounts;
    return std::tuple(CountField("collisions", "Elastic collisions", &Counts::collisions),
                      CountField("collision_candidates", "Candidates of the majorant",
                                 &Counts::collision_candidates));
  }
  CollisionCounts& operator+=(const CollisionCounts& more) { return add_counts(*this, more); }
};

}  // namespace powerstroke
