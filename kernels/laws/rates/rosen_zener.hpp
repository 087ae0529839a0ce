#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/kernels/laws/flip_probability.hpp"
#include "powerstroke/kernels/laws/rates/microreversible.hpp"
#include "powerstroke/kernels/laws/rates_input.hpp"

namespace powerstroke::laws {

/// Rates out of quantum mechanics: a particle passes the two-level system within a range b, for a
/// time tau = b/v, v the mean of its speeds before and after the stroke, and flips it with the
/// probability of N. Rosen and C. Zener. That factor is the same for a stroke and its reverse, so
/// that detailed balance is the `microreversible` one, whose factor both rates keep.
struct RosenZener {
  static constexpr const char* name = "rosen_zener";
  static constexpr const char* description =
      "as microreversible, times sin^2(pi coupling tau/hbar) / cosh^2(pi delta_e tau/(2 hbar)), "
      "tau = range / mean of the "
      "speeds before and after: the probability that the passage flips a two-level system";
  static constexpr std::array<Parameter, 2> parameters{
      {{"coupling", "energy", "V0, the largest coupling of the two levels during a passage"},
       {"range", "length", "b, over which a particle is coupled: a passage at speed v lasts b/v"}}};

  Microreversible phase_space;
  double mass, hbar, coupling, range;

  explicit RosenZener(const RatesInput& input)
      : phase_space(input), mass(input.mass), hbar(input.hbar) {
    POWERSTROKE_EXPECT(input.parameter.size() >= parameters.size());
    coupling = input.parameter[0];
    range = input.parameter[1];
  }

  double uptake(double energy, double delta_e) const {
    return phase_space.uptake(energy, delta_e) *
           flip_probability(passage(energy, energy + delta_e, delta_e));
  }
  double release(double energy, double delta_e) const {
    return phase_space.release(energy, delta_e) *
           flip_probability(passage(energy - delta_e, energy, delta_e));
  }
  FactorRange uptake_range(double low, double high, double delta_e) const {
    return product(phase_space.uptake_range(low, high, delta_e),
                   flip_probability_range(passage(high, high + delta_e, delta_e),
                                          passage(low, low + delta_e, delta_e)));
  }
  FactorRange release_range(double low, double high, double delta_e) const {
    return product(phase_space.release_range(low, high, delta_e),
                   flip_probability_range(passage(high - delta_e, high, delta_e),
                                          passage(low - delta_e, low, delta_e)));
  }
  /// No passage is slower than that of a particle that starts or ends at rest.
  double bound(double delta_e) const {
    return largest_flip_probability(passage(0.0, delta_e, delta_e));
  }
  double state_exponent() const { return phase_space.state_exponent(); }

  /// Of two factors that are not negative.
  static FactorRange product(const FactorRange& a, const FactorRange& b) {
    return {a.low * b.low, a.high * b.high};
  }

  /// A passage between the kinetic energies `low` and `high`.
  Passage passage(double low, double high, double delta_e) const {
    const double before = std::sqrt(2.0 * std::max(0.0, low) / mass),
                 after = std::sqrt(2.0 * high / mass);
    return {coupling, delta_e, 2.0 * range / (before + after), hbar};
  }
};

}  // namespace powerstroke::laws
