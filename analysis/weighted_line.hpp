#pragma once

#include <span>

/// A straight line through points that have error bars; knows no physics.
namespace powerstroke::analysis {

struct WeightedPoint {
  double x = 0.0, y = 0.0;
  double error = 1.0;  ///< standard error of y, > 0
};

/// y = intercept + slope x. The errors follow from those of the points alone; how well the line
/// fits does not enter them.
struct WeightedLine {
  double intercept = 0.0, slope = 0.0;
  double intercept_error = 0.0, slope_error = 0.0;
  double covariance = 0.0;  ///< of intercept and slope
  double chi2 = 0.0;        ///< sum of ((y - line) / error)^2
  double dof = 0.0;         ///< points - 2
  double p_value = 1.0;     ///< of a chi2 at least as large; 1 for two points
};

/// Least squares with the weights 1/error^2, from sums about the weighted mean of x.
/// Needs points at two different x at least.
WeightedLine weighted_line(std::span<const WeightedPoint> points);

}  // namespace powerstroke::analysis
