#pragma once

#include <array>
#include <limits>
#include <string>
#include <vector>

#include "powerstroke/kernels/laws/checks.hpp"
#include "powerstroke/kernels/laws/exponential_scale.hpp"
#include "powerstroke/kernels/laws/parameter.hpp"
#include "powerstroke/kernels/laws/special_functions.hpp"
#include "powerstroke/kernels/laws/variate.hpp"

namespace powerstroke::laws {

/// Density proportional to E^(d/2-1) exp(-E/T): gamma law of shape d/2 and scale T > 0.
struct MaxwellBoltzmannEnergy {
  static constexpr const char* name = "maxwell_boltzmann";
  static constexpr const char* description = "Density proportional to E^(d/2-1) exp(-E/T), d the dimension of the ensemble.";
  static constexpr std::array<Parameter, 1> parameters{
      {{"temperature", "temperature", "Temperature T (k_B = 1); the mean energy is d T/2."}}};
  static constexpr bool everywhere = true;

  double temperature;
  int dimension;

  static MaxwellBoltzmannEnergy from(const LawInput& input) { return {input.number(0), input.dimension}; }
  void validate(const std::string& where) const {
    require_positive(where + ".temperature", temperature);
    if (dimension < 1 || dimension > 3) reject(where + ".dimension", dimension, "it must be 1, 2 or 3");
  }
  double density(double energy) const {
    if (energy == 0.0 && dimension == 1) return std::numeric_limits<double>::infinity();
    return gamma_p_derivative(0.5 * dimension, energy / temperature) / temperature;
  }
  double cumulative(double energy) const { return gamma_p(0.5 * dimension, energy / temperature); }
  std::vector<double> breakpoints() const { return exponential_scale(temperature); }
  double upper_energy(double tail) const { return gamma_q_inv(0.5 * dimension, tail) * temperature; }
  double expectation() const { return 0.5 * dimension * temperature; }
  double variance() const { return 0.5 * dimension * temperature * temperature; }
  bool resolved_by(double width) const { return dimension > 1 && width < 0.5 * temperature; }
  Variate variate() const { return GammaVariate{0.5 * dimension, temperature}; }
  std::string words(const Say& say) const {
    return "Maxwell and Boltzmann’s energies at temperature " + say(temperature, "temperature");
  }
};

}  // namespace powerstroke::laws
