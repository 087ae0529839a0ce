#pragma once

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/kernels/laws/checks.hpp"
#include "powerstroke/kernels/laws/parameter.hpp"
#include "powerstroke/kernels/laws/variate.hpp"

namespace powerstroke::laws {

/// All energies equal `value` >= 0.
struct DeltaEnergy {
  static constexpr const char* name = "delta";
  static constexpr const char* description = "All energies equal.";
  static constexpr std::array<Parameter, 1> parameters{
      {{"value", "energy", "The energy.", Limit::not_negative}}};

  double value;

  void validate(const std::string& where) const { require_energy(where + ".value", value); }
  double density(double) const { return 0.0; }
  double cumulative(double energy) const { return energy >= value ? 1.0 : 0.0; }
  std::vector<std::pair<double, double>> atoms() const { return {{value, 1.0}}; }
  std::vector<double> breakpoints() const { return {}; }
  double upper_energy(double) const { return value; }
  double expectation() const { return value; }
  double variance() const { return 0.0; }
  Variate variate() const { return FixedVariate{value}; }
  std::string words(const Say& say) const {
    return "all energies equal to " + say(value, "energy");
  }
};

}  // namespace powerstroke::laws
