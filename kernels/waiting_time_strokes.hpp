#pragma once

#include <cstdint>

#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/engine/state/energy_ensemble.hpp"
#include "powerstroke/engine/state/ladder_ensemble.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"
#include "powerstroke/kernels/ledger.hpp"

namespace powerstroke {

/// The process of `PoissonStrokes` by exponential waiting times between attempts (D. T. Gillespie,
/// J. Comput. Phys. 22 (1976) 403): slower, and the check on the uniformization. One step, however
/// long.
class WaitingTimeStrokes {
 public:
  /// @throws ConfigError unless each delta_e > 0 and all rates are finite and >= 0.
  WaitingTimeStrokes(laws::StrokeLaw law, std::uint64_t seed);
  WaitingTimeStrokes(const laws::Transition& transition, std::uint64_t seed)
      : WaitingTimeStrokes({{transition}}, seed) {}

  /// @throws NumericsError as `PoissonStrokes::advance`.
  void advance(LadderEnsemble& ensemble, double t, double dt, StepClock& clock,
               Ledger& ledger) const;
  void advance(EnergyEnsemble& ensemble, double t, double dt, StepClock& clock,
               Ledger& ledger) const;

 private:
  template <class Ensemble>
  void advance_any(Ensemble& ensemble, double dt, StepClock& clock, Ledger& ledger) const;

  laws::StrokeLaw law_;
  std::uint64_t seed_;
};

}  // namespace powerstroke
