#pragma once

#include <cstddef>
#include <vector>

namespace powerstroke::theory {

/// A linear noise approximation whose coefficients do not change: dy/dt = drift + J (y - y0), dX/dt
/// = J X + X J^T + noise.
struct LinearNoise {
  std::vector<double> drift;     ///< dy/dt at y0
  std::vector<double> jacobian;  ///< J, row-major
  std::vector<double> noise;     ///< row-major, symmetric

  std::size_t coordinates() const { return drift.size(); }
};

/// What a stretch of time does to a covariance: X -> e^{JT} X e^{J^T T} + int_0^T e^{Js} noise
/// e^{J^T s} ds, by a Taylor series over a short stretch that is doubled until it is the whole one
/// (scaling and squaring: C. Van Loan, IEEE Trans. Autom. Control 23 (1978) 395), whatever the time
/// is, in O(log T) matrix products.
class Propagation {
 public:
  Propagation(const LinearNoise& linear, double duration);

  double duration() const { return duration_; }
  /// y - y0 at the end.
  const std::vector<double>& moved() const { return moved_; }
  /// @param covariance X, row-major, symmetric; is replaced.
  void move(std::vector<double>& covariance) const;

 private:
  double duration_;
  std::vector<double> flow_, gained_;  ///< e^{JT} and the noise gained, row-major
  std::vector<double> moved_;
};

/// How many matrix products a propagation takes.
std::size_t products_of_propagation(const LinearNoise& linear, double duration);

}  // namespace powerstroke::theory
