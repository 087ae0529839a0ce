#pragma once

#include <cstddef>
#include <utility>

#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/engine/state/phase_ensemble.hpp"

namespace powerstroke {

/// A kernel that moves momenta, acting on one species of an ensemble in phase space: strokes on the active part of a gas.
template <Kernel<const MomentumView> K>
class SpeciesKernel {
 public:
  SpeciesKernel(K kernel, std::size_t species) : kernel_(std::move(kernel)), species_(species) {}

  void advance(PhaseEnsemble& ensemble, double t, double dt, StepClock& clock, Ledger& ledger) {
    const MomentumView momenta = ensemble.momentum_view(species_);
    kernel_.advance(momenta, t, dt, clock, ledger);
  }

 private:
  K kernel_;
  std::size_t species_;
};

}  // namespace powerstroke
