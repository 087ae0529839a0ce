#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "powerstroke/kernels/laws/checks.hpp"
#include "powerstroke/kernels/laws/interval.hpp"
#include "powerstroke/kernels/laws/parameter.hpp"

namespace powerstroke::laws {

/// The quartic double well v = barrier ((x/minimum)^2 - 1)^2: minima 0 at +-minimum, v(0) =
/// barrier.
struct DoubleWell {
  static constexpr const char* name = "double_well";
  static constexpr const char* description = "barrier ((x/minimum)^2-1)^2";
  static constexpr std::array<Parameter, 2> parameters{
      {{"barrier", "energy", "V(0), the minima being 0."},
       {"minimum", "length", "The minima lie at plus and minus this."}}};

  double barrier, minimum;

  double energy(double x, double) const {
    const double s = x / minimum, well = s * s - 1.0;
    return barrier * well * well;
  }
  double force(double x, double) const {
    const double scale = 1.0 / (minimum * minimum);
    return -4.0 * barrier * scale * x * (x * x * scale - 1.0);
  }
  Interval confined(double level, double) const {
    return Interval::around(0.0,
                            minimum * std::sqrt(1.0 + std::sqrt(std::max(0.0, level) / barrier)));
  }
  double curvature() const { return 8.0 * barrier / (minimum * minimum); }
  void validate(const std::string& where) const {
    require_positive(where + ".barrier", barrier);
    require_positive(where + ".minimum", minimum);
  }
  std::string words(const Say& say) const {
    return "The potential is a double well, *V* = " + say(barrier, "energy") + " Σ((*x*/" +
           say(minimum, "length") + ")² − 1)².";
  }
};

}  // namespace powerstroke::laws
