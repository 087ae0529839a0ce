#pragma once

#include <cmath>

#include "powerstroke/study/result/observable.hpp"
#include "powerstroke/study/result/quantity.hpp"

namespace powerstroke::study::observables {

/// <ln E>, which tells S^(1) from S_E; undefined where particles are at rest.
struct MeanLnEnergy {
  static constexpr QuantityInfo info{
      .position = 50,
      .key = "mean_ln_E",
      .unit = "1",
      .symbol = {"<ln E>", "⟨ln <i>E</i>⟩", "⟨ln {/:Italic E}⟩"},
      .description = "Mean of ln E, E in units of the config's energy",
      .is_compared = true};
  static analysis::Estimate measure(const ParticleLook& look) {
    // Of a particle at the geometric mean: where a stroke that nobody made matters, all are near
    // it.
    const analysis::Estimate seen = analysis::mean_ln_energy(look.snapshot);
    const double share = look.unseen_stroke / std::exp(seen.value);
    const double change = share < 1.0 ? -std::log1p(-share) : std::log1p(share);
    return analysis::with_unseen(seen, change, look.snapshot.particles);
  }
  static double solve(const EquationLook& look) { return look.mean_ln_energy; }
  static double error(const ErrorSources& sources) {
    return sources.with_shared(sources.independent.ln_energy / sources.particles,
                               sources.influence.ln_energy);
  }
  /// A mean that the law does not have is none of its sample either.
  static bool exists(const ErrorSources& sources) {
    return !std::isnan(sources.independent.ln_energy);
  }
};

}  // namespace powerstroke::study::observables
