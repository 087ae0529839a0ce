#pragma once

#include <array>
#include <string>
#include <vector>

#include "powerstroke/kernels/laws/checks.hpp"
#include "powerstroke/kernels/laws/energies/gamma.hpp"
#include "powerstroke/kernels/laws/exponential_scale.hpp"
#include "powerstroke/kernels/laws/parameter.hpp"
#include "powerstroke/kernels/laws/variate.hpp"

namespace powerstroke::laws {

/// Density proportional to E^(d/2-1) exp(-E/T): gamma law of shape d/2 and scale T > 0.
struct MaxwellBoltzmannEnergy {
  static constexpr const char* name = "maxwell_boltzmann";
  static constexpr const char* description =
      "Density proportional to E^(d/2-1) exp(-E/T), d the dimension of the ensemble.";
  static constexpr std::array<Parameter, 1> parameters{
      {{"temperature", "temperature", "Temperature T (k_B = 1); the mean energy is d T/2."}}};
  static constexpr bool everywhere = true;

  double temperature;
  int dimension;

  static MaxwellBoltzmannEnergy from(const LawInput& input) {
    return {input.number(0), input.dimension};
  }
  void validate(const std::string& where) const {
    require_positive(where + ".temperature", temperature);
    if (dimension < 1 || dimension > 3)
      reject(where + ".dimension", dimension, "it must be 1, 2 or 3");
  }
  GammaEnergy gamma() const { return {0.5 * dimension, temperature}; }
  double density(double energy) const { return gamma().density(energy); }
  double cumulative(double energy) const { return gamma().cumulative(energy); }
  std::vector<double> breakpoints() const { return exponential_scale(temperature); }
  double upper_energy(double tail) const { return gamma().upper_energy(tail); }
  double expectation() const { return gamma().expectation(); }
  double variance() const { return gamma().variance(); }
  bool resolved_by(double width) const { return gamma().resolved_by(width); }
  Variate variate() const { return gamma().variate(); }
  std::string words(const Say& say) const {
    return "Maxwell and Boltzmann’s energies at temperature " + say(temperature, "temperature");
  }
};

}  // namespace powerstroke::laws
