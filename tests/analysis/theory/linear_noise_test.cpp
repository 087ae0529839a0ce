#include "powerstroke/analysis/theory/linear_noise.hpp"

#include <doctest/doctest.h>

#include <cmath>

using powerstroke::theory::LinearNoise;
using powerstroke::theory::products_of_propagation;
using powerstroke::theory::Propagation;

namespace {

/// dx/dt = f - a x with noise q, and y that is driven by x: closed forms of Ornstein and Uhlenbeck.
constexpr double a = 0.7, f = 0.3, q = 1.1, c = 0.4;
const LinearNoise process{{f, 0.0}, {-a, 0.0, c, 0.0}, {q, 0.0, 0.0, 0.0}};

}  // namespace

TEST_CASE("a linear process relaxes, and drives another, as its closed form says") {
  for (const double t : {1e-3, 0.5, 3.0, 40.0, 1e4, 1e7}) {
    CAPTURE(t);
    std::vector<double> x{0.2, 0.1, 0.1, 0.5};
    const Propagation propagation(process, t);
    propagation.move(x);
    const std::vector<double>& moved = propagation.moved();
    const double e = std::exp(-a * t), once = -std::expm1(-a * t) / a,
                 twice = -std::expm1(-2.0 * a * t) / (2.0 * a);
    CHECK(moved[0] == doctest::Approx(f * once).epsilon(1e-10));
    CHECK(moved[1] == doctest::Approx(c * f / a * (t - once)).epsilon(1e-8));
    CHECK(x[0] == doctest::Approx(0.2 * e * e + q * twice).epsilon(1e-10));
    // Cov(x, y) = e (X01 + c once X00) + q c int (e^{-as} (1 - e^{-as})/a) ds
    CHECK(x[1] ==
          doctest::Approx(e * (0.1 + c * once * 0.2) + q * c / a * (once - twice)).epsilon(1e-9));
    CHECK(x[1] == x[2]);
    const double driven = q * c * c / (a * a) * (t - 2.0 * once + twice);
    CHECK(x[3] == doctest::Approx(0.5 + 2.0 * c * once * 0.1 + c * c * once * once * 0.2 + driven)
                      .epsilon(1e-8));
  }
}

TEST_CASE("a time twice as long takes one more doubling") {
  for (const double t : {10.0, 1e3, 1e6})
    CHECK(products_of_propagation(process, 2.0 * t) == products_of_propagation(process, t) + 3);
  CHECK(products_of_propagation(process, 1e-9) == products_of_propagation(process, 1e-3));
}
