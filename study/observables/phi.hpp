#pragma once

#include <cmath>

#include "powerstroke/study/result/observable.hpp"
#include "powerstroke/study/result/quantity.hpp"

namespace powerstroke::study::observables {

/// phi = Prob(E > delta_e) of the first transition.
struct Phi {
  static constexpr QuantityInfo info{.position = 20,
                                     .key = "phi",
                                     .unit = "1",
                                     .symbol = {"phi", "<i>φ</i>", "{/:Italic φ}"},
                                     .description = "Fraction of particles with E > delta_e",
                                     .is_compared = true,
                                     .is_share = true,
                                     .is_main = true};
  static analysis::Estimate measure(const ParticleLook& look) {
    if (!look.config.strokes) return {std::nan(""), std::nan("")};  // no delta_e
    return analysis::phi(look.snapshot);
  }
  static double solve(const EquationLook& look) { return look.phi; }
  static double error(const ErrorSources& sources) {
    return sources.with_shared(sources.independent.phi / sources.particles, sources.influence.phi);
  }
};

}  // namespace powerstroke::study::observables
