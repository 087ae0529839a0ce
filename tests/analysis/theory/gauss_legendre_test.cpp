#include "powerstroke/analysis/theory/gauss_legendre.hpp"

#include <doctest/doctest.h>

#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <numeric>

using powerstroke::theory::GaussLegendre;

TEST_CASE("Gauss-Legendre nodes and weights are those of Boost's table") {
  using Table = boost::math::quadrature::gauss<double, 25>;
  const GaussLegendre rule(25);
  REQUIRE(rule.size() == 25);
  for (std::size_t i = 0; i <= 12; ++i) {
    CHECK(rule.nodes()[12 + i] ==
          doctest::Approx(0.5 * (1.0 + Table::abscissa()[i])).epsilon(1e-14));
    CHECK(rule.weights()[12 - i] == doctest::Approx(0.5 * Table::weights()[i]).epsilon(1e-13));
  }
}

TEST_CASE(
    "the polynomial through the nodes reproduces a polynomial of its degree, and its integral") {
  for (const int n : {1, 2, 7, 24}) {
    const GaussLegendre rule(n);
    const int degree = n - 1;
    for (const double u : {0.0, 0.03, 0.5, 0.81, 1.0}) {
      const auto value = rule.lagrange(u), integral = rule.lagrange_integral(u);
      double f = 0.0, below = 0.0;
      for (std::size_t j = 0; j < rule.size(); ++j) {
        f += value[j] * std::pow(rule.nodes()[j], degree);
        below += integral[j] * std::pow(rule.nodes()[j], degree);
      }
      CHECK(f == doctest::Approx(std::pow(u, degree)).epsilon(1e-12));
      CHECK(below == doctest::Approx(std::pow(u, n) / n).epsilon(1e-12));
    }
  }
}
