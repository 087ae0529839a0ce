#pragma once

#include <cstdint>
#include <memory>

#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/engine/state/energy_ensemble.hpp"
#include "powerstroke/engine/state/ladder_ensemble.hpp"
#include "powerstroke/engine/state/momentum_view.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"
#include "powerstroke/kernels/ledger.hpp"
#include "powerstroke/kernels/sampling/factor_bounds.hpp"
#include "powerstroke/kernels/sampling/hops.hpp"

namespace powerstroke {

/// Strokes under (8): each transition gives as much energy as it takes, on the average over this
/// ensemble, w+(t) <u> = w- <Theta r>; with constant rates w+ = w- phi, phi the fraction with E >
/// dE at t.
///
/// Between two looks at the ensemble w+ is held at its mean over the step of length h, so that the
/// strokes of a step are those of `UniformizedStep` or `ShapedStep`. The mean needs no history.
///
/// One transition at constant rates: by (7) the derivatives of phi are sums over the fractions of
/// particles on the lowest levels, which the strokes' own pass counts, and phi + h/2 phi' + h^2/6
/// phi'' is the mean to third order. The step follows the errors of that, each kept at
/// `phi_tolerance`: h^3 |phi'''| / 24 of the extrapolation; h^4 w-^4 / 120 of what no derivative
/// shows yet, as when all particles are still far above the threshold; and h^2 w- |phi'| / 12 for
/// holding w+ still while phi moves, which makes the whole of second order in h.
///
/// Otherwise: <u> and <Theta r> are summed over all particles, their derivatives over up to 16384
/// of them by applying the strokes' generator to each, and w+ is w- times their ratio at the middle
/// of the step, of second order in h. The step keeps h^2 w |(w+/w-)'| / 6, with w the total release
/// rate, and h^3 w^3 / 24 at the tolerance.
///
/// Within a step uptakes do not follow what its strokes change of phi; what they owe for that is
/// added in the next one, so that the variance of the net number of strokes is their number
/// (docs/methods/conserving_strokes.md has the share that is missing, at most 0.02).
///
/// No step is longer than 1/(2 w-). The particles' own scatter makes phi uncertain by about
/// 1/sqrt(N), and a tolerance below a fraction of that buys nothing: the default is 0.05/sqrt(N).
///
/// <Theta r> = 0: w+ = 0 for ever, the ensemble is frozen.
class ConservingStrokes {
 public:
  /// @param law its rate_up is not read. @param phi_tolerance >= 1e-9, or 0 for the default.
  /// @throws ConfigError unless each delta_e > 0, w- >= 0 and the tolerance is as above.
  ConservingStrokes(laws::StrokeLaw law, std::uint64_t seed, double phi_tolerance = 0.0);
  ConservingStrokes(double delta_e, double rate_down, std::uint64_t seed,
                    double phi_tolerance = 0.0)
      : ConservingStrokes({{{delta_e, 0.0, rate_down}}}, seed, phi_tolerance) {}

  /// The default for so many particles: a twentieth of what phi scatters by.
  static double tolerance_of(std::size_t particles);

  /// Steps of a fixed length instead: to measure the order.
  static ConservingStrokes with_fixed_step(laws::StrokeLaw law, std::uint64_t seed, double step);
  static ConservingStrokes with_fixed_step(double delta_e, double rate_down, std::uint64_t seed,
                                           double step) {
    return with_fixed_step({{{delta_e, 0.0, rate_down}}}, seed, step);
  }

  /// @throws NumericsError if the ensemble's ladder does not hold each delta_e, if a level could
  ///         leave 32 bits, or if a momentum is not finite.
  void advance(LadderEnsemble& ensemble, double t, double dt, StepClock& clock,
               Ledger& ledger) const;
  void advance(EnergyEnsemble& ensemble, double t, double dt, StepClock& clock,
               Ledger& ledger) const;
  void advance(const MomentumView& momenta, double t, double dt, StepClock& clock,
               Ledger& ledger) const;

 private:
  template <class Ensemble>
  void advance_any(Ensemble& ensemble, double dt, StepClock& clock, Ledger& ledger) const;
  template <class Ensemble>
  void advance_plain(Ensemble& ensemble, double spacing, double dt, StepClock& clock,
                     Ledger& ledger) const;
  template <class Ensemble>
  void advance_shaped(Ensemble& ensemble, double spacing, double dt, StepClock& clock,
                      Ledger& ledger) const;
  double tolerance(std::size_t particles) const;

  laws::StrokeLaw law_;
  double phi_tolerance_;
  double fixed_step_ = 0.0;  ///< 0: the step follows the error
  std::uint64_t seed_;
  std::shared_ptr<const FactorBounds> bounds_;
};

}  // namespace powerstroke
