#pragma once

#include "powerstroke/engine/state/phase_ensemble.hpp"
#include "powerstroke/kernels/laws/potential.hpp"
#include "powerstroke/kernels/phase_split.hpp"

namespace powerstroke {

/// The force of a potential: p += F(x, t) dt, the force taken in the middle of the step. With
/// `Flight`, in a symmetric split: velocity Verlet (L. Verlet, Phys. Rev. 159 (1967) 98; W. C.
/// Swope et al., J. Chem. Phys. 76 (1982) 637).
class Kick {
 public:
  /// @throws ConfigError as `laws::validate`.
  explicit Kick(laws::AnyPotential potential);

  void advance(PhaseEnsemble& ensemble, double t, double dt, StepClock& clock,
               Ledger& ledger) const;
  PhaseStep in_blocks(double dt) const;

 private:
  laws::AnyPotential potential_;
};

}  // namespace powerstroke
