#include "powerstroke/analysis/weighted_line.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <random>
#include <vector>

#include "support/bounds.hpp"

using namespace powerstroke;
using analysis::WeightedLine;
using analysis::WeightedPoint;

namespace {

/// NIST's Statistical Reference Datasets, linear regression, "Norris": calibration of ozone
/// monitors.
std::vector<WeightedPoint> norris(double error) {
  constexpr double x[] = {0.2,   337.4, 118.2, 884.6, 10.1,  226.5, 666.3, 996.3, 448.6,
                          777.0, 558.2, 0.4,   0.6,   775.5, 666.9, 338.0, 447.5, 11.6,
                          556.0, 228.1, 995.8, 887.6, 120.2, 0.3,   0.3,   556.8, 339.1,
                          887.2, 999.0, 779.0, 11.1,  118.3, 229.2, 669.1, 448.9, 0.5};
  constexpr double y[] = {0.1,   338.8, 118.1, 888.0, 9.2,   228.1, 668.5, 998.5, 449.1,
                          778.9, 559.2, 0.3,   0.1,   778.1, 668.8, 339.3, 448.9, 10.8,
                          557.7, 228.3, 998.0, 888.8, 119.6, 0.3,   0.6,   557.6, 339.3,
                          888.0, 998.5, 778.9, 10.2,  117.6, 228.9, 668.4, 449.2, 0.2};
  std::vector<WeightedPoint> points;
  for (std::size_t i = 0; i < std::size(x); ++i) points.push_back({x[i], y[i], error});
  return points;
}

}  // namespace

TEST_CASE("weighted line: NIST's certified values of the Norris data") {
  // With the certified residual standard deviation for the error of every point, the certified
  // standard deviations follow.
  constexpr double residual = 0.884796396144373;
  const WeightedLine line = analysis::weighted_line(norris(residual));
  CHECK(line.slope == doctest::Approx(1.00211681802045).epsilon(1e-13));
  CHECK(line.intercept == doctest::Approx(-0.262323073774029).epsilon(1e-11));
  CHECK(line.slope_error == doctest::Approx(0.429796848199937e-03).epsilon(1e-13));
  CHECK(line.intercept_error == doctest::Approx(0.232818234301152).epsilon(1e-13));
  CHECK(line.covariance == doctest::Approx(-7.74327536339570e-05).epsilon(1e-12));  // from Octave
  CHECK(line.chi2 * residual * residual == doctest::Approx(26.6173985294224).epsilon(1e-11));
  CHECK(line.dof == 34.0);
}

TEST_CASE("weighted line: a point with half the error counts as four points") {
  const std::vector<WeightedPoint> merged = {
      {1.0, 2.5, 0.4}, {2.0, 3.0, 0.2}, {4.0, 6.0, 0.4}, {7.0, 8.5, 0.4}};
  std::vector<WeightedPoint> apart = merged;
  apart[1].error = 0.4;
  apart.insert(apart.end(), 3, apart[1]);
  const WeightedLine a = analysis::weighted_line(merged), b = analysis::weighted_line(apart);
  CHECK(a.slope == doctest::Approx(b.slope).epsilon(1e-14));
  CHECK(a.intercept == doctest::Approx(b.intercept).epsilon(1e-13));
  CHECK(a.slope_error == doctest::Approx(b.slope_error).epsilon(1e-14));
  CHECK(a.intercept_error == doctest::Approx(b.intercept_error).epsilon(1e-14));
  CHECK(a.chi2 == doctest::Approx(b.chi2).epsilon(1e-13));
  CHECK(a.dof == 2.0);
  CHECK(a.p_value == doctest::Approx(std::exp(-0.5 * a.chi2))
                         .epsilon(1e-13));  // chi-square with two degrees of freedom
}

TEST_CASE("weighted line: two points fix it, whatever their errors") {
  const std::vector<WeightedPoint> points = {{1.0, 5.0, 0.3}, {3.0, 1.0, 0.4}};
  const WeightedLine line = analysis::weighted_line(points);
  CHECK(line.slope == doctest::Approx(-2.0));
  CHECK(line.intercept == doctest::Approx(7.0));
  CHECK(line.slope_error == doctest::Approx(0.25));  // hypot(0.3, 0.4) / 2
  CHECK(line.dof == 0.0);
  CHECK(line.p_value == 1.0);
}

TEST_CASE("weighted line: its error bars and p-values cover what they say") {
  // z = (slope - truth)/error is a standard normal deviate, and so is that of the intercept: over
  // `trials` sets of points the mean of z has the standard deviation 1/sqrt(trials) and the sum of
  // z^2 is chi-square, of standard deviation sqrt(2/trials) over trials. Fewer than a stated number
  // of p-values lie below 0.05.
  constexpr int trials = 4000;
  std::mt19937_64 random(7);
  std::normal_distribution<double> normal;
  double slope_sum = 0.0, slope_squares = 0.0, intercept_sum = 0.0, intercept_squares = 0.0,
         p_sum = 0.0;
  int low = 0;
  for (int trial = 0; trial < trials; ++trial) {
    std::vector<WeightedPoint> points;
    for (int i = 0; i < 6; ++i) {
      const double x = 0.5 + i * i, error = 0.1 + 0.3 * (i % 3);
      points.push_back({x, 2.0 - 1.5 * x + error * normal(random), error});
    }
    const WeightedLine line = analysis::weighted_line(points);
    const double slope = (line.slope + 1.5) / line.slope_error,
                 intercept = (line.intercept - 2.0) / line.intercept_error;
    slope_sum += slope, slope_squares += slope * slope;
    intercept_sum += intercept, intercept_squares += intercept * intercept;
    p_sum += line.p_value;
    low += line.p_value < 0.05 ? 1 : 0;
  }
  constexpr double n = trials;
  const double bound = test_support::largest_deviate(6);
  CHECK(std::abs(slope_sum) / std::sqrt(n) < bound);
  CHECK(std::abs(intercept_sum) / std::sqrt(n) < bound);
  CHECK(std::abs(slope_squares - n) / std::sqrt(2.0 * n) < bound);
  CHECK(std::abs(intercept_squares - n) / std::sqrt(2.0 * n) < bound);
  CHECK(std::abs(p_sum - 0.5 * n) / std::sqrt(n / 12.0) < bound);
  CHECK(std::abs(low - 0.05 * n) / std::sqrt(0.05 * 0.95 * n) < bound);
}
