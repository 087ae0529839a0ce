#pragma once

#include <cstdint>

#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/engine/state/ladder_ensemble.hpp"
#include "powerstroke/engine/state/momentum_view.hpp"

namespace powerstroke {

/// Strokes under (8): w+(t) = w- phi(t), phi the fraction of this ensemble with E > dE at t.
///
/// Between two looks at the ensemble w+ is held at w- (phi + h/2 phi'), the value at the middle of the step of length h, so
/// that the strokes of a step are those of `UniformizedStep`. phi' needs no history: phi' = w+ f_0 - w- f_1 by (7), f_n the
/// fraction of particles on level n, which the strokes' own pass counts. Second order in h.
///
/// The step follows the error of that extrapolation: the mean of phi over the step is missed by h^2 |phi''| / 24, and phi''
/// is known from f_-1 ... f_2 likewise; h keeps it at `phi_tolerance`. The particles' own scatter makes phi and phi''
/// uncertain by about 1/sqrt(N): a smaller tolerance than a fraction of that buys nothing, so the default is 0.02/sqrt(N).
/// No step is longer than 1/(2 w-). phi = 0: w+ = 0 for ever, the ensemble is frozen.
class ConservingStrokes {
 public:
  /// @param delta_e > 0; @param rate_down w- >= 0; @param phi_tolerance > 0, or 0 for the default.
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
