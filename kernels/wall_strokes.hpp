#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/engine/state/phase_ensemble.hpp"
#include "powerstroke/kernels/laws/box.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"
#include "powerstroke/kernels/ledger.hpp"

namespace powerstroke {

/// Free flight in a box whose reflecting sides are walls that exchange energy: takes the place of
/// `Flight` in a split.
///
/// Hit by hit, exact in time: at each hit a particle tries at most one stroke, an uptake with the
/// probability w+ u(E), a release with w- r(E) where E > delta_e; |p| is rescaled, the direction is
/// that of the mirror, and it flies on at the new speed for the rest of the step. A particle at
/// rest never hits.
///
/// Detailed balance is that of the flux: `laws::microreversible_at_walls` with w+ = w-
/// exp(-delta_e/T) leaves Maxwell-Boltzmann at the walls' temperature T.
class WallStrokes {
 public:
  /// @param box at least one axis with reflecting sides, none with a partition; other axes as in
  /// `Flight`.
  /// @param law whose rates are numbers; its w+ and w- are probabilities a hit. @param species that
  /// makes strokes; all without.
  /// @throws ConfigError if they are not so, if a delta_e or probability is out of range, or if the
  ///         probabilities of a hit, each at its law's bound, sum to more than 1.
  WallStrokes(laws::Box box, laws::StrokeLaw law, std::uint64_t seed,
              std::optional<std::size_t> species = {});

  /// Particles must start within the box.
  /// @throws NumericsError if a position or momentum is not finite, naming the particle, or if a
  ///         rates law breaks its bound; ConfigError for a species that the ensemble has not.
  void advance(PhaseEnsemble& ensemble, double t, double dt, StepClock& clock,
               Ledger& ledger) const;

 private:
  laws::Box box_;
  laws::StrokeLaw law_;
  std::uint64_t seed_;
  std::optional<std::size_t> species_;
};

}  // namespace powerstroke
