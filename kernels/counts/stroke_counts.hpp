#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>

#include "powerstroke/engine/run/ledger.hpp"

namespace powerstroke {

/// Strokes, of all kernels that make them.
struct StrokeCounts {
  /// How many transitions are told apart.
  static constexpr std::size_t most_transitions = 64;

  std::uint64_t uptakes = 0;   ///< strokes that gave a particle energy
  std::uint64_t releases = 0;  ///< strokes that took energy from a particle
  std::uint64_t blocked = 0;   ///< attempts to release at E <= delta_e
  std::uint64_t declined_uptakes = 0,
                declined_releases = 0;  ///< attempts that a rates law below its bound turned down
  std::array<std::int64_t, most_transitions> net{};  ///< uptakes - releases of each transition
  /// Uptakes and releases by transition; 0 where only the net is drawn.
  std::array<std::uint64_t, most_transitions> uptakes_by{}, releases_by{};

  std::uint64_t strokes() const { return uptakes + releases; }
  std::uint64_t attempted_releases() const { return releases + blocked + declined_releases; }
  std::uint64_t attempted_uptakes() const { return uptakes + declined_uptakes; }
  /// Of all transitions together: an energy where there is one.
  std::int64_t net_quanta() const {
    return static_cast<std::int64_t>(uptakes) - static_cast<std::int64_t>(releases);
  }

  void book_uptake(std::size_t transition) { book_uptakes(transition, 1); }
  void book_release(std::size_t transition) { book_releases(transition, 1); }
  void book_uptakes(std::size_t transition, std::uint64_t made) {
    uptakes += made;
    uptakes_by[transition] += made;
    net[transition] += static_cast<std::int64_t>(made);
  }
  void book_releases(std::size_t transition, std::uint64_t made) {
    releases += made;
    releases_by[transition] += made;
    net[transition] -= static_cast<std::int64_t>(made);
  }

  static constexpr auto fields() {
    using Counts = StrokeCounts;
    return std::tuple(
        CountField("uptakes", "Strokes that gave a particle energy", &Counts::uptakes),
        CountField("releases", "Strokes that took energy from a particle", &Counts::releases),
        CountField("blocked", "Releases attempted with E <= delta_e", &Counts::blocked),
        CountField("declined_uptakes", "Attempts that a rates law turned down",
                   &Counts::declined_uptakes),
        CountField("declined_releases", "Attempts that a rates law turned down",
                   &Counts::declined_releases),
        CountField("net", "Uptakes - releases of each transition", &Counts::net),
        CountField("uptakes_by", "Uptakes of each transition", &Counts::uptakes_by, true),
        CountField("releases_by", "Releases of each transition", &Counts::releases_by, true));
  }
  StrokeCounts& operator+=(const StrokeCounts& more) { return add_counts(*this, more); }
};

}  // namespace powerstroke
