#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "powerstroke/engine/state/phase_ensemble.hpp"
#include "powerstroke/kernels/phase_split.hpp"

namespace powerstroke {

/// A kernel that moves momenta, acting on one species of an ensemble in phase space: strokes on the
/// active part of a gas.
template <Kernel<const MomentumView, Ledger> K>
class SpeciesKernel {
 public:
  SpeciesKernel(K kernel, std::size_t species) : kernel_(std::move(kernel)), species_(species) {}

  void advance(PhaseEnsemble& ensemble, double t, double dt, StepClock& clock,
               Ledger& ledger) const requires Kernel<const K, const MomentumView, Ledger> {
    kernel_.advance(ensemble.momentum_view(species_), t, dt, clock, ledger);
  }
  void advance(PhaseEnsemble& ensemble, double t, double dt, StepClock& clock, Ledger& ledger) {
    const MomentumView momenta = ensemble.momentum_view(species_);
    kernel_.advance(momenta, t, dt, clock, ledger);
  }

  /// Of strokes so rare that each block of particles can make its own.
  PhaseStep in_blocks(double dt) const requires requires(const K& kernel) {
    kernel.sparse_step(dt);
  }
  {
    const auto few = kernel_.sparse_step(dt);
    if (!few) return {};
    return {1, 1,
            [few = *few, seed = kernel_.seed(), species = species_](
                PhaseEnsemble& ensemble, double, std::uint64_t tick, std::size_t first,
                std::size_t last, Ledger& ledger) {
              const std::size_t start = ensemble.first(species), from = std::max(first, start),
                                to = std::min(last, ensemble.last(species));
              if (from < to)
                few(ensemble.momentum_view(species).part(from - start, to - start), seed, tick,
                    ledger);
            }};
  }

 private:
  K kernel_;
  std::size_t species_;
};

}  // namespace powerstroke
