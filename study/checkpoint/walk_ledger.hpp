#pragma once

#include <cstdint>
#include <span>

#include "powerstroke/engine/run/ledger.hpp"
#include "powerstroke/study/checkpoint/archive.hpp"

namespace powerstroke::study {

/// @throws DamagedState for numbers of strokes that no run can have made.
inline void check_ledger(const Ledger& ledger) {
  constexpr std::uint64_t most = std::uint64_t{1} << 62U;
  bool possible = ledger.uptakes < most && ledger.releases < most;
  for (const std::int64_t net : ledger.net)
    possible = possible && net < static_cast<std::int64_t>(most) && net > -static_cast<std::int64_t>(most);
  for (const auto* counts : {&ledger.uptakes_by, &ledger.releases_by})
    for (const std::uint64_t count : *counts) possible = possible && count < most;
  if (!possible) throw DamagedState("its ledger has more strokes than a run can make");
}

/// Every field of a ledger once (see `walk`).
inline void walk_ledger(const Archive& group, Ledger& ledger) {
  group.field("uptakes", ledger.uptakes, "1", "Strokes that gave a particle energy");
  group.field("releases", ledger.releases, "1", "Strokes that took energy from a particle");
  group.field("blocked", ledger.blocked, "1", "Releases attempted with E <= delta_e");
  group.field("declined_uptakes", ledger.declined_uptakes, "1", "Attempts that a rates law turned down");
  group.field("declined_releases", ledger.declined_releases, "1", "Attempts that a rates law turned down");
  group.field("steps", ledger.steps, "1", "Steps of the kernel");
  group.field("collisions", ledger.collisions, "1", "Elastic collisions");
  group.field("collision_candidates", ledger.collision_candidates, "1", "Candidates of the majorant");
  group.field("wall_hits", ledger.wall_hits, "1", "Hits of particles on the sides of their box");
  group.field("net", std::span<std::int64_t>(ledger.net), "1", "Uptakes - releases of each transition");
  if (group.has("uptakes_by"))
    group.field("uptakes_by", std::span<std::uint64_t>(ledger.uptakes_by), "1", "Uptakes of each transition");
  if (group.has("releases_by"))
    group.field("releases_by", std::span<std::uint64_t>(ledger.releases_by), "1", "Releases of each transition");
  check_ledger(ledger);
}

}  // namespace powerstroke::study
