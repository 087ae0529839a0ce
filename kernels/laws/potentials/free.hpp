#pragma once

#include <array>
#include <string>

#include "powerstroke/kernels/laws/interval.hpp"
#include "powerstroke/kernels/laws/parameter.hpp"

namespace powerstroke::laws {

/// No force.
struct Free {
  static constexpr const char* name = "free";
  static constexpr const char* description = "0";
  static constexpr std::array<Parameter, 0> parameters{};

  double energy(double, double) const { return 0.0; }
  double force(double, double) const { return 0.0; }
  Interval confined(double, double) const { return {}; }
  double curvature() const { return 0.0; }
  void validate(const std::string&) const {}
  std::string words(const Say&) const { return "There is no potential."; }
};

}  // namespace powerstroke::laws
