#pragma once

#include <cstdint>
#include <vector>

#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/engine/state/energy_ensemble.hpp"
#include "powerstroke/engine/state/ladder_ensemble.hpp"
#include "powerstroke/engine/state/momentum_view.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"
#include "powerstroke/kernels/ledger.hpp"

/// Strokes that move a quantum between two partners, event by event: nothing is conserved on the
/// average only. All particles of an ensemble are one system, whose events are drawn one after
/// another (Purpose::pair_strokes, as particle 0), so that the result does not depend on threads.
/// Uniformization: the candidates of the whole ensemble are Poisson, and exact in time.
namespace powerstroke {

/// The balance `exchange`: each release by a particle i is the uptake of another particle j != i,
/// drawn uniformly; the total energy is kept exactly. The event i -> j has the rate w- r(E_i)
/// u(E_j) / (N - 1).
///
/// N particles, Q quanta in all, constant rates: stationary when all ways to distribute the quanta
/// are equally likely, and with another rates law each with the product of its particles' densities
/// of states.
class ExchangeStrokes {
 public:
  /// @param law its rate_up is not read.
  /// @throws ConfigError unless each delta_e > 0 and w- is finite and >= 0.
  ExchangeStrokes(laws::StrokeLaw law, std::uint64_t seed);

  /// @throws NumericsError for fewer than two particles, if the ensemble's ladder does not hold
  ///         each delta_e, if a level could leave 32 bits, or if a momentum is not finite.
  void advance(LadderEnsemble& ensemble, double t, double dt, StepClock& clock,
               Ledger& ledger) const;
  void advance(EnergyEnsemble& ensemble, double t, double dt, StepClock& clock,
               Ledger& ledger) const;
  void advance(const MomentumView& momenta, double t, double dt, StepClock& clock,
               Ledger& ledger) const;

 private:
  template <class Ensemble>
  void advance_any(Ensemble& ensemble, double dt, StepClock& clock, Ledger& ledger) const;

  laws::StrokeLaw law_;
  std::uint64_t seed_;
};

/// The balance `bath`: M explicit two-level systems of gap dE for each transition. An uptake by a
/// particle needs an excited system and takes its quantum, a release needs one in its ground state:
/// w+ = kappa x u(E), w- = kappa (1-x) Theta r(E), kappa = rate_down, x the excited fraction.
/// Particles and systems together keep their energy exactly.
class BathStrokes {
 public:
  /// @param systems M of each transition; @param excited how many of them are, at first.
  /// @throws ConfigError unless each delta_e > 0, w- is finite and >= 0, systems >= 1 and excited
  /// <= systems.
  BathStrokes(laws::StrokeLaw law, std::uint64_t systems, std::uint64_t excited,
              std::uint64_t seed);
  /// That go on after what `so_far` has booked of them.
  BathStrokes(laws::StrokeLaw law, std::uint64_t systems, std::uint64_t excited, std::uint64_t seed,
              const Ledger& so_far);

  std::uint64_t systems() const { return systems_; }
  /// Excited systems of a transition, now.
  std::uint64_t excited(std::size_t transition) const { return excited_[transition]; }

  /// @throws NumericsError if the ensemble's ladder does not hold each delta_e, if a level could
  ///         leave 32 bits, or if a momentum is not finite.
  void advance(LadderEnsemble& ensemble, double t, double dt, StepClock& clock, Ledger& ledger);
  void advance(EnergyEnsemble& ensemble, double t, double dt, StepClock& clock, Ledger& ledger);
  void advance(const MomentumView& momenta, double t, double dt, StepClock& clock, Ledger& ledger);

 private:
  template <class Ensemble>
  void advance_any(Ensemble& ensemble, double dt, StepClock& clock, Ledger& ledger);

  laws::StrokeLaw law_;
  std::uint64_t systems_;
  std::vector<std::uint64_t> excited_;
  std::uint64_t seed_;
};

}  // namespace powerstroke
