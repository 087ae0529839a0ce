#pragma once

#include "powerstroke/study/result/observable.hpp"
#include "powerstroke/study/result/quantity.hpp"

namespace powerstroke::study::observables {

/// <E>, the mean kinetic energy.
struct MeanEnergy {
  static constexpr QuantityInfo info{.position = 10,
                                     .key = "mean_energy",
                                     .unit = "energy",
                                     .symbol = {"mean E", "⟨<i>E</i>⟩", "⟨{/:Italic E}⟩"},
                                     .description = "Mean kinetic energy per particle",
                                     .is_compared = true,
                                     .is_main = true};
  static analysis::Estimate measure(const ParticleLook& look) {
    const bool is_kept =
        look.config.strokes && laws::is<laws::Exchange>(look.config.strokes->law.balance);
    return analysis::with_unseen(analysis::mean_energy(look.snapshot),
                                 is_kept ? 0.0 : look.unseen_stroke, look.snapshot.particles);
  }
  static double solve(const EquationLook& look) { return look.mean_energy; }
  static double error(const ErrorSources& sources) { return sources.mean_energy; }
};

}  // namespace powerstroke::study::observables
