#pragma once

#include <cstddef>
#include <vector>

namespace powerstroke::theory {

/// A linear noise approximation whose coefficients do not change: dy/dt = drift + J (y - y0), dX/dt = J X + X J^T + noise.
struct LinearNoise {
  std::vector<double> drift;     ///< dy/dt at y0
  std::vector<double> jacobian;  ///< J, row-major
  std::vector<double> noise;     ///< row-major, symmetric

  std::size_t coordinates() const { return drift.size(); }
};

/// Moves a covariance over a stretch of time: X := e^{JT} X e^{J^T T} + int_0^T e^{Js} noise e^{J^T s} ds, by a Taylor series over a short
/// stretch that is doubled until it is the whole one (scaling and squaring: C. Van Loan, IEEE Trans. Autom. Control 23 (1978) 395),
/// whatever the time is, in O(log T) matrix products.
/// @param covariance X, row-major, symmetric; is replaced. @returns y - y0 at the end.
std::vector<double> propagate(const LinearNoise& linear, double duration, std::vector<double>& covariance);

/// How many matrix products `propagate` takes.
std::size_t products_of_propagation(const LinearNoise& linear, double duration);

}  // namespace powerstroke::theory
