#pragma once

#include <cstdint>

#include "powerstroke/engine/random/purpose.hpp"
#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/engine/state/ladder_ensemble.hpp"
#include "powerstroke/kernels/ledger.hpp"

namespace outside {

/// Spontaneous emission of harmonic oscillators: each of the n quanta of an oscillator is lost with
/// the rate `rate`, on its own, so that n -> n - 1 happens at the rate n `rate` (a pure death
/// process). After a time t an oscillator that had n quanta has k of them left with the probability
/// of Binomial(n, exp(-rate t)), from which the kernel draws: exact for any step.
///
/// On the ladder E = spacing (offset + level) of the ensemble, level + 1 is the number of quanta;
/// level -1 is the ground state.
class OscillatorDecay {
 public:
  /// What the streams of this kernel are for: the first of the numbers that powerstroke leaves to
  /// others.
  static constexpr powerstroke::Purpose purpose = powerstroke::outside_purpose(0);

  /// @param rate of each quantum, per unit time, >= 0.
  /// @param seed of the random numbers, as of the kernels that it acts beside.
  /// @throws powerstroke::ConfigError unless the rate is finite and >= 0.
  OscillatorDecay(double rate, std::uint64_t seed);

  /// Lets all oscillators decay for `dt`, with one tick of the clock; books the quanta lost as
  /// releases of the transition 0.
  void advance(powerstroke::LadderEnsemble& ensemble, double t, double dt,
               powerstroke::StepClock& clock, powerstroke::Ledger& ledger) const;

 private:
  double rate_;
  std::uint64_t seed_;
};

static_assert(
    powerstroke::Kernel<OscillatorDecay, powerstroke::LadderEnsemble, powerstroke::Ledger>);

}  // namespace outside
