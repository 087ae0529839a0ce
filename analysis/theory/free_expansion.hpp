#pragma once

#include <span>
#include <vector>

namespace powerstroke::theory {

/// An ideal gas that fills [0, partition] of a box [0, length] and is released at time 0.
struct FreeExpansion {
  double partition, length;  ///< 0 < partition < length
  double temperature, mass;
};

/// Probabilities of cells of x at a time t > 0, by images: with the reflections unfolded the start
/// is even on [-partition, partition] of a circle of 2 length, and the velocities are normal, so
/// that with s = t sqrt(T/m) the density is
///     n(x) = sum over k of (Phi((x + 2 k length + partition)/s) - Phi((x + 2 k length -
///     partition)/s)) / partition,
/// Phi the normal distribution function. Its integral is taken in closed form.
std::vector<double> expanded_cells(const FreeExpansion& gas, double t,
                                   std::span<const double> edges);

}  // namespace powerstroke::theory
