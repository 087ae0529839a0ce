#pragma once

#include <cstdint>

namespace powerstroke {

/// What the strokes moved, in whole quanta, since it was opened: integers, so that they are exact.
struct Ledger {
  std::uint64_t uptakes = 0;   ///< strokes that gave delta_e to a particle
  std::uint64_t releases = 0;  ///< strokes that took delta_e from a particle
  std::uint64_t blocked = 0;   ///< attempts to release at E <= delta_e
  std::uint64_t steps = 0;     ///< of the kernel, the same for all particles

  std::uint64_t strokes() const { return uptakes + releases; }
  std::int64_t net_quanta() const { return static_cast<std::int64_t>(uptakes) - static_cast<std::int64_t>(releases); }

  Ledger& operator+=(const Ledger& other) {
    uptakes += other.uptakes;
    releases += other.releases;
    blocked += other.blocked;
    steps += other.steps;
    return *this;
  }
};

}  // namespace powerstroke
