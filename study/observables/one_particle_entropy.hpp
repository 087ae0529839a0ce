#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "powerstroke/kernels/laws/momentum_entropy.hpp"
#include "powerstroke/study/result/observable.hpp"
#include "powerstroke/study/result/quantity.hpp"

namespace powerstroke::study::observables {

/// S^(1) of equation (10), the entropy of isotropic momenta: S_E + constant + (d - 2)/2 <ln E> by
/// (A.8) with its constant.
struct OneParticleEntropy {
  static constexpr QuantityInfo info{
      .position = 40,
      .key = "S_1",
      .unit = "k_B",
      .symbol = {"S^(1)", "<i>S</i><sup>(1)</sup>", "{/:Italic S}^{(1)}"},
      .description = "One-particle entropy, equation (10) through (A.8) with its constant",
      .logarithm_of = "momentum",
      .is_compared = true,
      .is_main = true};
  static analysis::Estimate measure(const ParticleLook& look) {
    const laws::MomentumEntropy shift = of_momenta(look.config);
    const analysis::EntropyEstimate& entropy = look.entropy;
    const double c = shift.ln_energy_factor;
    const double value = entropy.value + shift.constant;
    if (c == 0.0)
      return {value, std::sqrt(entropy.variance + entropy.beyond)};  // <ln E> may be undefined
    const analysis::Estimate ln_energy = analysis::mean_ln_energy(look.snapshot);
    // Of few particles a sample's covariance may say that more than all of the scatter cancels.
    const double scatter = entropy.variance + 2.0 * c * entropy.ln_energy_covariance +
                           c * c * ln_energy.error * ln_energy.error;
    return {value + c * ln_energy.value, std::sqrt(std::max(scatter, 0.0) + entropy.beyond)};
  }
  static double solve(const EquationLook& look) {
    const laws::MomentumEntropy shift = of_momenta(look.config);
    const double c = shift.ln_energy_factor;
    return look.energy_entropy + shift.constant + (c == 0.0 ? 0.0 : c * look.mean_ln_energy);
  }
  static double error(const ErrorSources& sources) {
    const double c = of_momenta(sources.config).ln_energy_factor;
    std::vector<double> influence = sources.influence.entropy;
    for (std::size_t i = 0; c != 0.0 && i < influence.size(); ++i)
      influence[i] += c * sources.influence.ln_energy[i];
    const double bias = sources.bias_of_bins * sources.bias_of_bins;
    return sources.with_shared(sources.of_entropy(c) + bias, influence);
  }

 private:
  static laws::MomentumEntropy of_momenta(const Config& config) {
    return laws::momentum_entropy(config.ensemble.dimension, config.ensemble.mass);
  }
};

}  // namespace powerstroke::study::observables
