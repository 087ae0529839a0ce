#pragma once

#include <vector>

namespace powerstroke::laws {

/// Ends of panels for exp(-E/scale): 24 Gauss nodes on each interpolate it to 1e-12 of its peak,
/// also in the square root of E.
inline std::vector<double> exponential_scale(double scale) {
  return {0.0, 8.0 * scale, 40.0 * scale};
}

}  // namespace powerstroke::laws
