#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/engine/state/energy_ensemble.hpp"
#include "powerstroke/engine/state/ladder_ensemble.hpp"
#include "powerstroke/engine/state/momentum_view.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"
#include "powerstroke/kernels/ledger.hpp"
#include "powerstroke/kernels/sampling/factor_bounds.hpp"
#include "powerstroke/kernels/sampling/sparse_step.hpp"

namespace powerstroke {

/// Strokes at rates w+ and w- that do not change with time, the balances `fixed` and `thermal`: the
/// stochastic process behind (7), exact in time, by uniformization. `choose_sampler` says by which
/// of the samplers.
class PoissonStrokes {
 public:
  /// @throws ConfigError unless each delta_e > 0 and all rates are finite and >= 0.
  PoissonStrokes(laws::StrokeLaw law, std::uint64_t seed);
  PoissonStrokes(const laws::Transition& transition, std::uint64_t seed)
      : PoissonStrokes({{transition}}, seed) {}

  /// @throws NumericsError if the ensemble's ladder does not hold each delta_e, if a level could
  ///         leave 32 bits, or if a momentum is not finite.
  void advance(LadderEnsemble& ensemble, double t, double dt, StepClock& clock,
               Ledger& ledger) const;
  void advance(EnergyEnsemble& ensemble, double t, double dt, StepClock& clock,
               Ledger& ledger) const;
  void advance(const MomentumView& momenta, double t, double dt, StepClock& clock,
               Ledger& ledger) const;

  /// What a step of that length does to any momenta, with one tick of the clock; nothing where so
  /// many candidates are expected that `advance` takes all particles side by side instead.
  std::optional<SparseStep> sparse_step(double dt) const;
  std::uint64_t seed() const { return seed_; }

 private:
  template <class Ensemble>
  void advance_any(Ensemble& ensemble, double dt, StepClock& clock, Ledger& ledger) const;

  laws::StrokeLaw law_;
  std::uint64_t seed_;
  std::shared_ptr<const FactorBounds> bounds_;
};

}  // namespace powerstroke
