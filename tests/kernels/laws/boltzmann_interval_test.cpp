#include "powerstroke/kernels/laws/boltzmann_interval.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace powerstroke::laws;

TEST_CASE(
    "the interval of exp(-V/T) is some sigmas wide however cold it is, as long as numbers can tell "
    "its points apart") {
  for (const double temperature : {1e-300, 1e-20, 1.0, 1e20}) {
    CAPTURE(temperature);
    const Interval found = boltzmann_interval(Harmonic{1.0, 0.0}, temperature, Extent{}, 0.0);
    const double sigma = std::sqrt(temperature);
    CHECK(found.high >= 8.9 * sigma);  // exp(-40)
    CHECK(found.high < 20.0 * sigma);
    CHECK(found.low == doctest::Approx(-found.high));
  }
  const Interval elsewhere = boltzmann_interval(Harmonic{1.0, 2.0}, 1e-16, Extent{}, 0.0);
  CHECK(elsewhere.low < 2.0 - 8e-8);
  CHECK(elsewhere.high < 2.0 + 2e-7);
  for (const double temperature : {1e-300, 1e-40, 1e-30}) {
    CAPTURE(temperature);
    CHECK_THROWS_AS(boltzmann_interval(Harmonic{1.0, 2.0}, temperature, Extent{}, 0.0), TooNarrow);
  }
}
