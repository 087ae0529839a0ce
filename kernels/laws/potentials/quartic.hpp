#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "powerstroke/kernels/laws/checks.hpp"
#include "powerstroke/kernels/laws/interval.hpp"
#include "powerstroke/kernels/laws/parameter.hpp"

namespace powerstroke::laws {

/// v = strength x^4 / 4.
struct Quartic {
  static constexpr const char* name = "quartic";
  static constexpr const char* description = "strength x^4/4";
  static constexpr std::array<Parameter, 1> parameters{
      {{"strength", "", "Energy over length to the fourth."}}};

  double strength;

  double energy(double x, double) const { return 0.25 * strength * x * x * x * x; }
  double force(double x, double) const { return -strength * x * x * x; }
  Interval confined(double level, double) const {
    return Interval::around(0.0, std::pow(4.0 * std::max(0.0, level) / strength, 0.25));
  }
  double curvature() const { return 0.0; }
  void validate(const std::string& where) const { require_positive(where + ".strength", strength); }
  std::string words(const Say& say) const {
    return "The potential is quartic, *V* = " + say(strength, "") + " Σ*x*⁴/4.";
  }
};

}  // namespace powerstroke::laws
