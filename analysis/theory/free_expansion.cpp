#include "powerstroke/analysis/theory/free_expansion.hpp"

#include <cmath>
#include <cstddef>
#include <numbers>

#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke::theory {
namespace {

/// The integral of Phi from -infinity.
double integrated_phi(double u) {
  const double phi = std::exp(-0.5 * u * u) / std::sqrt(2.0 * std::numbers::pi);
  return 0.5 * u * std::erfc(-u / std::numbers::sqrt2) + phi;
}

/// The integral of n, but for what is the same at all x.
double below(const FreeExpansion& gas, double s, int images, double x) {
  double sum = 0.0;
  for (int k = -images; k <= images; ++k) {
    const double place = x + 2.0 * k * gas.length;
    sum +=
        integrated_phi((place + gas.partition) / s) - integrated_phi((place - gas.partition) / s);
  }
  return sum * s / gas.partition;
}

}  // namespace

std::vector<double> expanded_cells(const FreeExpansion& gas, double t,
                                   std::span<const double> edges) {
  POWERSTROKE_EXPECT(t > 0.0 && gas.partition > 0.0 && gas.partition < gas.length);
  constexpr double farthest = 9.0;  // deviations, beyond which Phi is 0 or 1 to rounding
  const double s = t * std::sqrt(gas.temperature / gas.mass);
  const int images =
      1 + static_cast<int>(std::ceil((farthest * s + gas.partition) / (2.0 * gas.length)));
  std::vector<double> probabilities;
  for (std::size_t i = 1; i < edges.size(); ++i)
    probabilities.push_back(below(gas, s, images, edges[i]) - below(gas, s, images, edges[i - 1]));
  return probabilities;
}

}  // namespace powerstroke::theory
