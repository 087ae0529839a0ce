#pragma once

#include <limits>

namespace powerstroke::laws {

/// [low, high]; infinite where it has no end.
struct Interval {
  double low = -std::numeric_limits<double>::infinity(),
         high = std::numeric_limits<double>::infinity();

  static Interval around(double centre, double reach) { return {centre - reach, centre + reach}; }
};

}  // namespace powerstroke::laws
