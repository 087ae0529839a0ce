#pragma once

#include <cstdint>

#include "powerstroke/engine/state/phase_ensemble.hpp"
#include "powerstroke/kernels/phase_split.hpp"

namespace powerstroke {

/// The dissipative part of the Fokker-Planck equation (14): friction zeta and the white noise of a
/// heat bath at temperature T. Each component of a momentum is an Ornstein-Uhlenbeck process, and a
/// step of any length is exact:
///
///     p -> exp(-zeta dt) p + sqrt(m T (1 - exp(-2 zeta dt))) N(0, 1) .
///
/// {Kick, Flight, LangevinBath} in a symmetric split is BAOAB.
class LangevinBath {
 public:
  /// @param friction zeta, 1/time, >= 0. @param temperature in units of energy, >= 0.
  /// @throws ConfigError if one of them is negative or not finite.
  LangevinBath(double friction, double temperature, std::uint64_t seed);

  /// All species alike. One normal number a component, from Purpose::langevin.
  void advance(PhaseEnsemble& ensemble, double t, double dt, StepClock& clock,
               Ledger& ledger) const;
  PhaseStep in_blocks(double dt) const;

 private:
  double friction_, temperature_;
  std::uint64_t seed_;
};

}  // namespace powerstroke
