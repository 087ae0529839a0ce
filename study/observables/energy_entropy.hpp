#pragma once

#include <cmath>

#include "powerstroke/study/result/observable.hpp"
#include "powerstroke/study/result/quantity.hpp"

namespace powerstroke::study::observables {

/// S_E of equation (9), the entropy of P(E): from bins, corrected for their bias, or from spacings
/// where bins do not resolve P(E).
struct EnergyEntropy {
  static constexpr QuantityInfo info{.position = 30,
                                     .key = "S_E",
                                     .unit = "k_B",
                                     .symbol = {"S_E", "<i>S</i><sub>E</sub>", "{/:Italic S}_E"},
                                     .description = "Entropy of the energies, equation (9)",
                                     .logarithm_of = "energy",
                                     .is_compared = true,
                                     .is_main = true};
  static analysis::Estimate measure(const ParticleLook& look) {
    return {look.entropy.value, std::sqrt(look.entropy.variance + look.entropy.beyond)};
  }
  static double solve(const EquationLook& look) { return look.energy_entropy; }
  /// The bias of bins, which the solution knows and no sample shows, is part of the error.
  static double error(const ErrorSources& sources) {
    const double bias = sources.bias_of_bins * sources.bias_of_bins;
    return sources.with_shared(sources.of_entropy() + bias, sources.influence.entropy);
  }
};

}  // namespace powerstroke::study::observables
