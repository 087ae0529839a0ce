#include "powerstroke/analysis/weighted_line.hpp"

#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke::analysis {

WeightedLine weighted_line(std::span<const WeightedPoint> points) {
  double weight = 0.0, mean_x = 0.0, mean_y = 0.0;
  for (const WeightedPoint& p : points) {
    POWERSTROKE_EXPECT(p.error > 0.0);
    const double w = 1.0 / (p.error * p.error);
    weight += w;
    mean_x += (p.x - mean_x) * w / weight;
    mean_y += (p.y - mean_y) * w / weight;
  }
  double xx = 0.0, xy = 0.0;
  for (const WeightedPoint& p : points) {
    const double x = (p.x - mean_x) / p.error;
    xx += x * x;
    xy += x * (p.y - mean_y) / p.error;
  }
  POWERSTROKE_EXPECT(xx > 0.0);

  WeightedLine line;
  line.slope = xy / xx;
  line.intercept = mean_y - line.slope * mean_x;
  line.slope_error = 1.0 / std::sqrt(xx);
  line.intercept_error = std::sqrt(1.0 / weight + mean_x * mean_x / xx);
  line.covariance = -mean_x / xx;
  for (const WeightedPoint& p : points) {
    const double z = (p.y - mean_y - line.slope * (p.x - mean_x)) / p.error;
    line.chi2 += z * z;
  }
  line.dof = static_cast<double>(points.size()) - 2.0;
  if (line.dof > 0.0) line.p_value = boost::math::gamma_q(0.5 * line.dof, 0.5 * line.chi2);
  return line;
}

}  // namespace powerstroke::analysis
