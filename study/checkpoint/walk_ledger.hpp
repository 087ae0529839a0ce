#pragma once

#include <cstdint>
#include <span>
#include <type_traits>

#include "powerstroke/kernels/ledger.hpp"
#include "powerstroke/study/checkpoint/archive.hpp"

namespace powerstroke::study {

/// @throws DamagedState for numbers of strokes that no run can have made.
inline void check_ledger(const Ledger& ledger) {
  constexpr std::uint64_t most = std::uint64_t{1} << 62U;
  bool possible = ledger.uptakes < most && ledger.releases < most;
  for (const std::int64_t net : ledger.net)
    possible =
        possible && net < static_cast<std::int64_t>(most) && net > -static_cast<std::int64_t>(most);
  for (const auto* counts : {&ledger.uptakes_by, &ledger.releases_by})
    for (const std::uint64_t count : *counts) possible = possible && count < most;
  if (!possible) throw DamagedState("its ledger has more strokes than a run can make");
}

/// Every field of a ledger once (see `walk`), by the names that its counts give them.
/// @throws DamagedState as `check_ledger`.
inline void walk_ledger(const Archive& group, Ledger& ledger) {
  for_each_field<Ledger>([&](const auto& field) {
    if (field.is_new && !group.has(field.name)) return;
    auto& value = ledger.*field.member;
    if constexpr (std::is_integral_v<std::remove_reference_t<decltype(value)>>)
      group.field(field.name, value, "1", field.description);
    else
      group.field(field.name, std::span(value.data(), value.size()), "1", field.description);
  });
  check_ledger(ledger);
}

}  // namespace powerstroke::study
