#pragma once

#include <cstddef>
#include <cstdint>

#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/engine/state/phase_ensemble.hpp"
#include "powerstroke/kernels/finite_strokes.hpp"
#include "powerstroke/kernels/ledger.hpp"

namespace powerstroke {

/// Strokes that last, (4), on one species in phase space: with `Kick` and `Flight` in a symmetric
/// split, the force of a stroke acts beside that of the potential. A release that a particle cannot
/// pay for the moment, because the potential has slowed it, waits (`FiniteStrokes`); in a potential
/// that does not change with time it can be paid again, at the latest, where V is as low as it was
/// when the release began.
class LastingStrokes {
 public:
  /// @throws ConfigError as `FiniteStrokes`.
  LastingStrokes(laws::StrokeLaw law, double window, std::size_t species, std::uint64_t seed);

  /// @throws ConfigError for an ensemble that keeps no lasting strokes; NumericsError as
  /// `FiniteStrokes::advance`.
  void advance(PhaseEnsemble& ensemble, double t, double dt, StepClock& clock,
               Ledger& ledger) const;

  /// Net energy that the strokes under way have yet to give to the species.
  double still_due(PhaseEnsemble& ensemble) const;

 private:
  StrokedMomenta particles_of(PhaseEnsemble& ensemble) const;

  FiniteStrokes strokes_;
  std::size_t species_;
};

}  // namespace powerstroke
