#pragma once

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "powerstroke/kernels/laws/checks.hpp"
#include "powerstroke/kernels/laws/parameter.hpp"
#include "powerstroke/kernels/laws/variate.hpp"

namespace powerstroke::laws {

/// Constant density on [low, high), 0 <= low < high.
struct UniformEnergy {
  static constexpr const char* name = "uniform";
  static constexpr const char* description = "Constant density on [low, high).";
  static constexpr std::array<Parameter, 2> parameters{
      {{"low", "energy", "Lowest energy.", Limit::not_negative},
       {"high", "energy", "Upper end, above low."}}};

  double low, high;

  void validate(const std::string& where) const {
    require_energy(where + ".low", low);
    require_energy(where + ".high", high);
    if (low >= high)
      reject(where + ".high", high, "it must be greater than low, which is " + shortest(low));
  }
  double density(double energy) const {
    return energy >= low && energy < high ? 1.0 / (high - low) : 0.0;
  }
  double cumulative(double energy) const {
    return std::clamp((energy - low) / (high - low), 0.0, 1.0);
  }
  std::vector<double> breakpoints() const { return {low, high}; }
  std::vector<double> jumps() const { return breakpoints(); }
  double upper_energy(double) const { return high; }
  double expectation() const { return 0.5 * (low + high); }
  double variance() const { return (high - low) * (high - low) / 12.0; }
  Variate variate() const { return UniformVariate{low, high}; }
  std::string words(const Say& say) const {
    return "energies uniform from " + say(low, "energy") + " to " + say(high, "energy");
  }
};

}  // namespace powerstroke::laws
