#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/engine/state/energy_ensemble.hpp"
#include "powerstroke/engine/state/ladder_ensemble.hpp"
#include "powerstroke/engine/state/momentum_view.hpp"
#include "powerstroke/kernels/factor_bounds.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"
#include "powerstroke/kernels/sparse_strokes.hpp"

namespace powerstroke {

/// Strokes at rates w+ and w- that do not change with time, the balances `fixed` and `thermal`: the stochastic process
/// behind (7), exact in time, by uniformization. One transition at constant rates on a ladder: see `UniformizedStep`; all
/// else: see `ShapedStep`. Momenta in steps in which few make a stroke: see `SparseStep`.
class PoissonStrokes {
 public:
  /// @throws ConfigError unless each delta_e > 0 and all rates are finite and >= 0.
  PoissonStrokes(laws::StrokeLaw law, std::uint64_t seed);
  PoissonStrokes(const laws::Transition& transition, std::uint64_t seed) : PoissonStrokes({{transition}}, seed) {}

  /// @throws NumericsError if the ensemble's ladder does not hold each delta_e, if a level could leave 32 bits, or if a
  ///         momentum is not finite.
  void advance(LadderEnsemble& ensemble, double t, double dt, StepClock& clock, Ledger& ledger) const;
  void advance(EnergyEnsemble& ensemble, double t, double dt, StepClock& clock, Ledger& ledger) const;
  void advance(const MomentumView& momenta, double t, double dt, StepClock& clock, Ledger& ledger) const;

  /// What a step of that length does to any momenta, with one tick of the clock; nothing where so many candidates are expected that
  /// `advance` takes all particles side by side instead.
  std::optional<SparseStep> sparse_step(double dt) const;
  std::uint64_t seed() const { return seed_; }

 private:
  template <class Ensemble>
  void advance_any(Ensemble& ensemble, double dt, StepClock& clock, Ledger& ledger) const;

  laws::StrokeLaw law_;
  std::uint64_t seed_;
  std::shared_ptr<const FactorBounds> bounds_;
};

/// The same process by exponential waiting times between attempts (D. T. Gillespie, J. Comput. Phys. 22 (1976) 403): slower,
/// and the check on the uniformization. One step, however long.
class WaitingTimeStrokes {
 public:
  /// @throws ConfigError unless each delta_e > 0 and all rates are finite and >= 0.
  WaitingTimeStrokes(laws::StrokeLaw law, std::uint64_t seed);
  WaitingTimeStrokes(const laws::Transition& transition, std::uint64_t seed) : WaitingTimeStrokes({{transition}}, seed) {}

  /// @throws NumericsError as `PoissonStrokes::advance`.
  void advance(LadderEnsemble& ensemble, double t, double dt, StepClock& clock, Ledger& ledger) const;
  void advance(EnergyEnsemble& ensemble, double t, double dt, StepClock& clock, Ledger& ledger) const;

 private:
  template <class Ensemble>
  void advance_any(Ensemble& ensemble, double dt, StepClock& clock, Ledger& ledger) const;

  laws::StrokeLaw law_;
  std::uint64_t seed_;
};

}  // namespace powerstroke
