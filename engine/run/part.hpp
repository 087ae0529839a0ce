#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/run/simulation.hpp"

namespace powerstroke {

/// What a kernel that acts on each particle alone does in steps of one length, to any block of
/// particles: such steps can follow each other on a block while it is in the cache.
template <class Ensemble, class Ledger>
struct BlockStep {
  std::uint64_t ticks = 0;  ///< of the step clock; `move` gets the first of them
  std::uint64_t steps = 0;  ///< that the ledger books
  /// (ensemble, t, tick, first, last, ledger); empty if the kernel cannot, for steps of this
  /// length. Called on many blocks at once.
  std::function<void(Ensemble&, double, std::uint64_t, std::size_t, std::size_t, Ledger&)> move;
};

/// A kernel that says so: `in_blocks(dt)` is what advance(ensemble, t, dt, ...) does.
template <class K, class Ensemble, class Ledger>
concept BlockKernel = requires(const K& kernel, double dt) {
  { kernel.in_blocks(dt) } -> std::same_as<BlockStep<Ensemble, Ledger>>;
};

/// One such step of all particles.
template <class Ensemble, class Ledger>
void advance_in_blocks(const BlockStep<Ensemble, Ledger>& step, Ensemble& ensemble, double t,
                       StepClock& clock, Ledger& ledger) {
  const std::uint64_t tick = clock.tick(step.ticks);
  ledger +=
      parallel::sum_over_blocks<Ledger>(ensemble.size(), [&](std::size_t first, std::size_t last) {
        Ledger block;
        step.move(ensemble, t, tick, first, last, block);
        return block;
      });
  ledger.steps += step.steps;
}

/// A process that is one of several in a split, of whatever type.
template <class Ensemble, class Ledger>
struct Part {
  using Step = BlockStep<Ensemble, Ledger>;
  using Whole = std::function<void(Ensemble&, double t, double dt, StepClock&, Ledger&)>;

  Part(Whole advance, std::function<Step(double dt)> in_blocks = {})
      : whole(std::move(advance)), blocks(std::move(in_blocks)) {}
  template <std::invocable<Ensemble&, double, double, StepClock&, Ledger&> F>
  requires(!std::same_as<std::remove_cvref_t<F>, Part> &&
           !std::same_as<std::remove_cvref_t<F>, Whole>) Part(F&& advance)
      : whole(std::forward<F>(advance)) {}

  void operator()(Ensemble& ensemble, double t, double dt, StepClock& clock, Ledger& ledger) const {
    whole(ensemble, t, dt, clock, ledger);
  }
  Step in_blocks(double dt) const { return blocks ? blocks(dt) : Step{}; }

  Whole whole;
  std::function<Step(double dt)> blocks;  ///< empty if it cannot
};

/// A kernel as a part of a split of ensembles of this type.
template <class Ensemble, class Ledger, Kernel<Ensemble, Ledger> K>
Part<Ensemble, Ledger> part(K kernel) {
  if constexpr (BlockKernel<K, Ensemble, Ledger>) {
    const auto shared = std::make_shared<const K>(std::move(kernel));
    return {[shared](Ensemble& ensemble, double t, double dt, StepClock& clock, Ledger& ledger) {
              shared->advance(ensemble, t, dt, clock, ledger);
            },
            [shared](double dt) { return shared->in_blocks(dt); }};
  } else {
    return {[kernel = std::move(kernel)](Ensemble& ensemble, double t, double dt, StepClock& clock,
                                         Ledger& ledger) mutable {
      kernel.advance(ensemble, t, dt, clock, ledger);
    }};
  }
}

}  // namespace powerstroke
