#pragma once

#include <functional>
#include <span>
#include <vector>

#include "powerstroke/kernels/laws/box.hpp"
#include "powerstroke/kernels/laws/potential.hpp"

namespace powerstroke::theory {

/// The law exp(-v(x)/T)/Z of one coordinate, (17), by Gauss-Kronrod quadrature (Boost.Math).
class BoltzmannCoordinate {
 public:
  /// @param potential a sum over the axes, taken at time `t`; @param extent of the box along this
  /// axis.
  /// @throws ConfigError for a potential that is no such sum, a temperature that is no positive
  ///         number, or if exp(-v/T) cannot be normalised.
  BoltzmannCoordinate(const laws::AnyPotential& potential, double temperature,
                      const laws::Extent& extent = {}, double t = 0.0);

  /// Prob(low <= x < high).
  double probability(double low, double high) const;
  /// Between neighbouring edges, ascending.
  std::vector<double> bin_probabilities(std::span<const double> edges) const;
  /// <f(x)>.
  double mean(const std::function<double(double x)>& f) const;
  double mean_energy() const;

 private:
  double integral(const std::function<double(double x)>& f, double low, double high) const;

  std::function<double(double x)> energy_;
  double temperature_, lowest_ = 0.0, norm_ = 1.0;
  laws::Interval interval_;  ///< outside of it exp(-v/T) is below 1e-17 of its largest value
};

}  // namespace powerstroke::theory
