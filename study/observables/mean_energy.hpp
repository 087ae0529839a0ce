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
  static analysis::Estimate measure(const ParticleLook& look) { return analysis::mean_energy(look.snapshot); }
  static double solve(const EquationLook& look) { return look.mean_energy; }
  static double error(const ErrorSources& sources) { return sources.mean_energy; }
};

}  // namespace powerstroke::study::observables
