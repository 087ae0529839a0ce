#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include "powerstroke/kernels/laws/checks.hpp"
#include "powerstroke/kernels/laws/interval.hpp"
#include "powerstroke/kernels/laws/parameter.hpp"

namespace powerstroke::laws {

/// The bond that breaks, v = depth (1 - exp(-(x - centre)/width))^2 (P. M. Morse, Phys. Rev. 34
/// (1929) 57): 0 at the centre, `depth` far to the right, a wall to the left.
///
/// Particles above `depth` leave to the right, so that exp(-v/T) has no normalisation but in a box.
struct Morse {
  static constexpr const char* name = "morse";
  static constexpr const char* description = "depth (1-exp(-(x-centre)/width))^2";
  static constexpr std::array<Parameter, 3> parameters{
      {{"depth", "energy", "V far to the right, the minimum being 0."},
       {"width", "length", "Range of the well: the inverse of Morse's a."},
       {.name = "centre",
        .quantity = "length",
        .description = "Where the minimum lies; left out: 0.",
        .limit = Limit::none,
        .otherwise = 0.0}}};

  double depth, width, centre = 0.0;

  double energy(double x, double) const {
    const double rise = 1.0 - std::exp((centre - x) / width);
    return depth * rise * rise;
  }
  double force(double x, double) const {
    const double decay = std::exp((centre - x) / width);
    return -2.0 * depth / width * decay * (1.0 - decay);
  }
  Interval confined(double level, double) const {
    return {centre - width * std::log1p(std::sqrt(std::max(0.0, level) / depth)),
            std::numeric_limits<double>::infinity()};
  }
  double curvature() const { return 2.0 * depth / (width * width); }
  void validate(const std::string& where) const {
    require_positive(where + ".depth", depth);
    require_positive(where + ".width", width);
    require_finite(where + ".centre", centre);
  }
  std::string words(const Say& say) const {
    return "The potential is Morse’s, *V* = " + say(depth, "energy") + " Σ(1 − exp(−(*x* − " +
           say(centre, "length") + ")/" + say(width, "length") + "))².";
  }
};

}  // namespace powerstroke::laws
