#pragma once

#include "powerstroke/study/observables/mean_energy.hpp"
#include "powerstroke/study/result/observable.hpp"
#include "powerstroke/study/result/quantity.hpp"

namespace powerstroke::study::observables {

/// 2 <E> / d, k_B times the temperature at which the Maxwell-Boltzmann distribution of d dimensions
/// has this mean kinetic energy. A temperature of the particles only once they have that law; until
/// then the mean energy in other units.
struct KineticTemperature {
  static constexpr QuantityInfo info{
      .position = 70,
      .key = "kinetic_temperature",
      .unit = "energy",
      .symbol = {"T_kin", "<i>T</i><sub>kin</sub>", "{/:Italic T}_{kin}"},
      .description = "Kinetic temperature 2 <E>/d, as k_B T",
      .is_new = true};
  static analysis::Estimate measure(const ParticleLook& look) {
    const analysis::Estimate energy = MeanEnergy::measure(look);
    return {per_degree(look.config) * energy.value, per_degree(look.config) * energy.error};
  }
  static double solve(const EquationLook& look) {
    return per_degree(look.config) * look.mean_energy;
  }
  static double error(const ErrorSources& sources) {
    return per_degree(sources.config) * sources.mean_energy;
  }

 private:
  /// Each of d quadratic degrees of freedom has kT/2.
  static double per_degree(const Config& config) { return 2.0 / config.ensemble.dimension; }
};

}  // namespace powerstroke::study::observables
