#pragma once

#include <array>
#include <cmath>
#include <string>
#include <vector>

#include "powerstroke/kernels/laws/checks.hpp"
#include "powerstroke/kernels/laws/exponential_scale.hpp"
#include "powerstroke/kernels/laws/parameter.hpp"
#include "powerstroke/kernels/laws/variate.hpp"

namespace powerstroke::laws {

/// exp(-E/mean)/mean, mean > 0.
struct ExponentialEnergy {
  static constexpr const char* name = "exponential";
  static constexpr const char* description =
      "Density exp(-E/mean)/mean: Maxwell-Boltzmann in two dimensions.";
  static constexpr std::array<Parameter, 1> parameters{{{"mean", "energy", "Mean energy."}}};
  static constexpr bool everywhere = true;

  double mean;

  void validate(const std::string& where) const { require_positive(where + ".mean", mean); }
  double density(double energy) const { return std::exp(-energy / mean) / mean; }
  double cumulative(double energy) const { return -std::expm1(-energy / mean); }
  std::vector<double> breakpoints() const { return exponential_scale(mean); }
  double upper_energy(double tail) const { return -mean * std::log(tail); }
  double expectation() const { return mean; }
  double variance() const { return mean * mean; }
  bool resolved_by(double width) const { return width < 0.5 * mean; }
  Variate variate() const { return ExponentialVariate{mean}; }
  std::string words(const Say& say) const {
    return "exponential energies of mean " + say(mean, "energy");
  }
};

}  // namespace powerstroke::laws
