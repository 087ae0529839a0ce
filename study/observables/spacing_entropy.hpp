#pragma once

#include "powerstroke/study/result/observable.hpp"
#include "powerstroke/study/result/quantity.hpp"

namespace powerstroke::study::observables {

/// S_E of equation (9) without bins, from the spacings of sorted energies: a cross-check of the
/// other at some snapshots.
struct SpacingEntropy {
  static constexpr QuantityInfo info{
      .position = 60,
      .key = "S_E_spacing",
      .unit = "k_B",
      .symbol = {"S_E by spacings", "<i>S</i><sub>E</sub> from spacings",
                 "{/:Italic S}_E from spacings"},
      .description = "S_E without bins, from spacings; NaN where not evaluated",
      .followed = Followed::by_particles};
  static analysis::Estimate measure(const ParticleLook& look) { return look.spacing; }
  static double error(const ErrorSources& sources) {
    return sources.with_shared(sources.of_entropy(), sources.influence.entropy);
  }
};

}  // namespace powerstroke::study::observables
