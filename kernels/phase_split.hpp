#pragma once

#include <utility>

#include "powerstroke/engine/run/split.hpp"
#include "powerstroke/engine/state/phase_ensemble.hpp"
#include "powerstroke/kernels/ledger.hpp"

namespace powerstroke {

/// A split of particles in phase space, its parts, and what a part does to a block of particles.
using PhaseSplit = SymmetricSplit<PhaseEnsemble, Ledger>;
using PhasePart = Part<PhaseEnsemble, Ledger>;
using PhaseStep = BlockStep<PhaseEnsemble, Ledger>;

/// A kernel as a part of such a split.
template <Kernel<PhaseEnsemble, Ledger> K>
PhasePart phase_part(K kernel) {
  return part<PhaseEnsemble, Ledger>(std::move(kernel));
}

}  // namespace powerstroke
