#pragma once

#include <cstdint>

#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/engine/state/ladder_ensemble.hpp"
#include "powerstroke/engine/state/momentum_view.hpp"

namespace powerstroke {

/// Strokes under (8): w+(t) = w- phi(t), phi the fraction of this ensemble with E > dE at t.
///
/// Between two looks at the ensemble w+ is held at w- times the mean of phi over the step of length h, so that the strokes
/// of a step are those of `UniformizedStep`. The mean needs no history: by (7) the derivatives of phi are sums over the
/// fractions of particles on the lowest levels, which the strokes' own pass counts, and phi + h/2 phi' + h^2/6 phi'' is the
/// mean to third order.
///
/// The step follows the errors of that, each kept at `phi_tolerance`: h^3 |phi'''| / 24 of the extrapolation; h^4 w-^4 / 120
/// of what no derivative shows yet, as when all particles are still far above the threshold; and h^2 w- |phi'| / 12 for
/// holding w+ still while phi moves, which makes the whole of second order in h. No step is longer than 1/(2 w-). The
/// particles' own scatter makes phi uncertain by about 1/sqrt(N), and a tolerance below a fraction of that buys nothing: the
/// default is 0.05/sqrt(N).
///
/// phi = 0: w+ = 0 for ever, the ensemble is frozen.
class ConservingStrokes {
 public:
  /// @param delta_e > 0; @param rate_down w- >= 0; @param phi_tolerance >= 1e-9, or 0 for the default.
  /// @throws ConfigError otherwise.
  ConservingStrokes(double delta_e, double rate_down, std::uint64_t seed, double phi_tolerance = 0.0);

  /// Steps of a fixed length instead: to measure the order.
  static ConservingStrokes with_fixed_step(double delta_e, double rate_down, std::uint64_t seed, double step);

  /// @throws NumericsError if the ensemble's ladder has another delta_e, if a level could leave 32 bits, or if a momentum is
  ///         not finite.
  void advance(LadderEnsemble& ensemble, double t, double dt, StepClock& clock, Ledger& ledger) const;
  void advance(const MomentumView& momenta, double t, double dt, StepClock& clock, Ledger& ledger) const;

 private:
  template <class Ensemble>
  void advance_any(Ensemble& ensemble, double dt, StepClock& clock, Ledger& ledger) const;

  double delta_e_, rate_down_, phi_tolerance_;
  double fixed_step_ = 0.0;  ///< 0: the step follows the error
  std::uint64_t seed_;
};

}  // namespace powerstroke
