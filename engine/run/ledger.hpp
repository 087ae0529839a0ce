#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace powerstroke {

/// What the kernels moved since it was opened: integers, so that they are exact.
struct Ledger {
  /// How many transitions are told apart.
  static constexpr std::size_t most_transitions = 64;

  std::uint64_t uptakes = 0;                                  ///< strokes that gave a particle energy
  std::uint64_t releases = 0;                                 ///< strokes that took energy from a particle
  std::uint64_t blocked = 0;                                  ///< attempts to release at E <= delta_e
  std::uint64_t declined_uptakes = 0, declined_releases = 0;  ///< attempts that a rates law below its bound turned down
  std::uint64_t steps = 0;                                    ///< of the kernel, the same for all particles
  std::uint64_t collisions = 0, collision_candidates = 0;     ///< elastic, of pairs; those of the majorant
  std::uint64_t wall_hits = 0;                                ///< of particles on the sides of their box
  std::array<std::int64_t, most_transitions> net{};           ///< uptakes - releases of each transition
  /// Uptakes and releases by transition; 0 where only the net is drawn.
  std::array<std::uint64_t, most_transitions> uptakes_by{}, releases_by{};

  std::uint64_t strokes() const { return uptakes + releases; }
  std::uint64_t attempted_releases() const { return releases + blocked + declined_releases; }
  std::uint64_t attempted_uptakes() const { return uptakes + declined_uptakes; }
  /// Of all transitions together: an energy where there is one.
  std::int64_t net_quanta() const { return static_cast<std::int64_t>(uptakes) - static_cast<std::int64_t>(releases); }

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

  Ledger& operator+=(const Ledger& other) {
    uptakes += other.uptakes;
    releases += other.releases;
    blocked += other.blocked;
    declined_uptakes += other.declined_uptakes;
    declined_releases += other.declined_releases;
    steps += other.steps;
    collisions += other.collisions;
    collision_candidates += other.collision_candidates;
    wall_hits += other.wall_hits;
    for (std::size_t k = 0; k < net.size(); ++k) {
      net[k] += other.net[k];
      uptakes_by[k] += other.uptakes_by[k];
      releases_by[k] += other.releases_by[k];
    }
    return *this;
  }
};

/// A ledger as nothing but integers, by std::bit_cast: sums over processes, modulo 2^64, are those of each field.
using LedgerCounts = std::array<std::uint64_t, sizeof(Ledger) / sizeof(std::uint64_t)>;

}  // namespace powerstroke
