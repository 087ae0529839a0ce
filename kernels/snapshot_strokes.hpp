#pragma once

#include <cstdint>
#include <vector>

#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/engine/state/ladder_ensemble.hpp"
#include "powerstroke/kernels/ledger.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"

namespace powerstroke {

/// Strokes at rates that do not change with time, one transition at constant rates, of which only
/// the outcome is wanted: each particle goes from one snapshot to the next by one draw from the
/// exact law of its level then, given its level now
/// (`laws::ladder_transition`), however many strokes lie between. The ledger learns the net quanta;
/// how many strokes there were nobody knows.
///
/// Draws: 32 random bits a particle (Purpose::snapshots; particles 4j ... 4j + 3 share the block of
/// the number j), compared with the leading halves of 64-bit thresholds; where they tie, once in
/// 2^32 for each threshold, 32 more bits of the particle's own decide (Purpose::ties).
/// Probabilities are right to 2^-50.
///
/// Where the law's table would be larger than `largest_table` levels (rates up >= rates down over
/// long times, or particles very far up), the strokes themselves are made, by `PoissonStrokes`.
class SnapshotStrokes {
 public:
  static constexpr std::size_t largest_table = 640;

  /// @throws ConfigError unless delta_e > 0 and the rates are finite and >= 0.
  SnapshotStrokes(const laws::Transition& transition, std::uint64_t seed);

  /// @throws NumericsError if the ensemble's ladder is not that of delta_e, or if a level could
  /// leave 32 bits.
  void advance(LadderEnsemble& ensemble, double t, double dt, StepClock& clock, Ledger& ledger);

 private:
  /// Cumulative probabilities of the levels to come, for each level now.
  struct Table {
    double dt = -1.0;
    std::size_t starts = 0, levels = 0;  ///< rows are -1 ... starts - 2
    std::vector<std::uint64_t> below;    ///< [row][level + 1], in units of 2^-64
    std::vector<std::uint32_t> guide;    ///< [row][leading bits]: the level + 1, or `undecided`
  };
  void make_table(double dt, std::size_t highest_start);
  std::uint32_t entry(std::size_t row, std::uint64_t bits) const;
  StrokeCounts draw(std::span<std::int32_t> levels, std::size_t first, std::uint64_t step) const;

  laws::Transition transition_;
  std::uint64_t seed_;
  PoissonStrokes events_;
  Table table_;
};

}  // namespace powerstroke
