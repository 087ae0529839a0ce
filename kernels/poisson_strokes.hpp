#pragma once

#include <cstdint>

#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/engine/state/ladder_ensemble.hpp"
#include "powerstroke/engine/state/momentum_view.hpp"
#include "powerstroke/kernels/laws/balance.hpp"

namespace powerstroke {

/// Strokes at constant rates w+ and w-, the balances `fixed` and `thermal`: the stochastic process behind (7), exact in
/// time, by uniformization. See `UniformizedStep`.
class PoissonStrokes {
 public:
  /// @throws ConfigError unless delta_e > 0 and both rates are finite and >= 0.
  PoissonStrokes(laws::Transition transition, std::uint64_t seed);

  /// @throws NumericsError if the ensemble's ladder has another delta_e, if a level could leave 32 bits, or if a momentum is
  ///         not finite.
  void advance(LadderEnsemble& ensemble, double t, double dt, StepClock& clock, Ledger& ledger) const;
  void advance(const MomentumView& momenta, double t, double dt, StepClock& clock, Ledger& ledger) const;

 private:
  template <class Ensemble>
  void advance_any(Ensemble& ensemble, double dt, StepClock& clock, Ledger& ledger) const;

  laws::Transition transition_;
  std::uint64_t seed_;
};

/// The same process by exponential waiting times between attempts (D. T. Gillespie, J. Comput. Phys. 22 (1976) 403): slower,
/// and the check on the uniformization.
class WaitingTimeStrokes {
 public:
  /// @throws ConfigError unless delta_e > 0 and both rates are finite and >= 0.
  WaitingTimeStrokes(laws::Transition transition, std::uint64_t seed);

  /// @throws NumericsError if the ensemble's ladder has another delta_e, or a level could leave 32 bits.
  void advance(LadderEnsemble& ensemble, double t, double dt, StepClock& clock, Ledger& ledger) const;

 private:
  laws::Transition transition_;
  std::uint64_t seed_;
};

}  // namespace powerstroke
