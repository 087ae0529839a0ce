#include "powerstroke/kernels/laws/balance.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>

using namespace powerstroke::laws;

TEST_CASE("thermal rates are in detailed balance with the exponential law") {
  // w+ P(E) = w- P(E + dE) with P(E) proportional to exp(-E/T), whatever E.
  for (const double temperature : {0.2, 1.0, 7.0 / 3.0}) {
    const double rate_down = 1.7, delta_e = 0.9;
    const double rate_up = thermal_rate_up(rate_down, delta_e, temperature);
    for (const double energy : {0.0, 0.3, 4.0}) {
      const double upward = rate_up * std::exp(-energy / temperature);
      const double downward = rate_down * std::exp(-(energy + delta_e) / temperature);
      CHECK(upward == doctest::Approx(downward).epsilon(1e-14));
    }
  }
  CHECK(thermal_rate_up(1.0, 1.0, 1.0) == doctest::Approx(0.36787944117144233).epsilon(1e-15));
}

TEST_CASE("a hot bath makes both rates equal, a cold one forbids uptakes") {
  CHECK(thermal_rate_up(3.0, 1.0, 1e12) == doctest::Approx(3.0).epsilon(1e-11));
  CHECK(thermal_rate_up(3.0, 1.0, 1e-4) == 0.0);
}

TEST_CASE("the conserving uptake rate leaves no net flow of energy on any ladder") {
  const double occupied[] = {0.1, 0.3, 0.25, 0.2, 0.15};  // levels -1 to 3
  const double phi = 0.25 + 0.2 + 0.15, rate_down = 2.5;
  const double rate_up = conserving_rate_up(rate_down, phi);
  double flow = 0.0;
  for (int i = 0; i < 5; ++i) flow += occupied[i] * (rate_up - (i >= 2 ? rate_down : 0.0));
  CHECK(std::abs(flow) < 1e-15);
  CHECK(conserving_rate_up(rate_down, 0.0) == 0.0);
}

TEST_CASE(
    "the geometric ladder of ratio q has the mean level that q was made from, and q is its phi") {
  for (const double mean_level : {0.0, 0.4, 3.0, 25.0}) {
    const double q = geometric_ratio(mean_level);
    double mean = 0.0, phi = 0.0, p = 1.0 - q;
    for (int n = 0; n < 2000; ++n, p *= q) {
      mean += n * p;
      phi += n >= 1 ? p : 0.0;
    }
    CHECK(mean == doctest::Approx(mean_level).epsilon(1e-12));
    CHECK(phi == doctest::Approx(q).epsilon(1e-12));
  }
}
