#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "powerstroke/kernels/laws/checks.hpp"
#include "powerstroke/kernels/laws/interval.hpp"
#include "powerstroke/kernels/laws/parameter.hpp"

namespace powerstroke::laws {

/// v = k (x - c)^2 / 2.
struct Harmonic {
  static constexpr const char* name = "harmonic";
  static constexpr const char* description = "stiffness (x-centre)^2/2";
  static constexpr std::array<Parameter, 2> parameters{
      {{"stiffness", "", "k, energy over length squared."},
       {.name = "centre",
        .quantity = "length",
        .description = "c; left out: 0.",
        .limit = Limit::none,
        .otherwise = 0.0}}};

  double stiffness, centre = 0.0;

  double energy(double x, double) const { return 0.5 * stiffness * (x - centre) * (x - centre); }
  double force(double x, double) const { return -stiffness * (x - centre); }
  Interval confined(double level, double) const {
    return Interval::around(centre, std::sqrt(2.0 * std::max(0.0, level) / stiffness));
  }
  double curvature() const { return stiffness; }
  void validate(const std::string& where) const {
    require_positive(where + ".stiffness", stiffness);
    require_finite(where + ".centre", centre);
  }
  std::string words(const Say& say) const {
    return "The potential is harmonic, *V* = " + say(stiffness, "") + " Σ(*x* − " +
           say(centre, "length") + ")²/2.";
  }
};

}  // namespace powerstroke::laws
