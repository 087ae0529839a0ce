#include <doctest/doctest.h>

#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <string>

#include "powerstroke/io/config/config.hpp"
#include "powerstroke/study/run/run.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;

namespace {

study::RunResult thermal(int seed, int dimension) {
  return study::run(
      io::parse_config(R"({ "format": "powerstroke/1", "seed": )" + std::to_string(seed) + R"(,
    "ensemble": { "particles": 3000, "dimension": )" +
                           std::to_string(dimension) +
                           R"(, "energy": { "distribution": "exponential", "mean": 1.2 } },
    "strokes": { "transitions": [ { "delta_e": 0.3, "rate_down": 1.0 } ], "balance": "thermal", "temperature": 1.5,
      "rates": "microreversible" },
    "time": { "snapshots": [0, 8, 400] } })",
                       "kinetic temperature"));
}

}  // namespace

TEST_CASE(
    "kinetic temperature: 2 <E>/d of particles and equation, and that of the bath in the end") {
  for (const int dimension : {1, 2, 3}) {
    CAPTURE(dimension);
    const study::RunResult result = thermal(1, dimension);
    const study::Quantity &temperature = result.quantity("kinetic_temperature"),
                          &energy = result.quantity("mean_energy");
    REQUIRE(temperature.values.size() == 3);
    for (std::size_t k = 0; k < 3; ++k) {
      CHECK(temperature.values[k] * dimension ==
            doctest::Approx(2.0 * energy.values[k]).epsilon(1e-14));
      CHECK(temperature.errors[k] * dimension ==
            doctest::Approx(2.0 * energy.errors[k]).epsilon(1e-14));
      CHECK(temperature.solution[k] * dimension ==
            doctest::Approx(2.0 * energy.solution[k]).epsilon(1e-14));
    }
    CHECK(temperature.solution.front() == doctest::Approx(2.0 * 1.2 / dimension).epsilon(1e-9));
    // E modulo 0.3 stays as it was drawn, next to uniform: Maxwell-Boltzmann but for that, which in
    // d = 1 is far from uniform.
    if (dimension > 1) CHECK(temperature.solution.back() == doctest::Approx(1.5).epsilon(0.01));
  }
}

TEST_CASE("kinetic temperature: its standard error is its scatter over seeds") {
  constexpr int seeds = 40;
  double sum = 0.0;
  for (int seed = 1; seed <= seeds; ++seed) {
    const study::Quantity temperature = thermal(seed, 3).quantity("kinetic_temperature");
    sum += std::pow((temperature.values[1] - temperature.solution[1]) / temperature.errors[1], 2);
  }
  const boost::math::chi_squared squares(seeds);
  CHECK(sum > boost::math::quantile(squares, 0.5 * test_support::false_alarm_rate));
  CHECK(sum < boost::math::quantile(
                  boost::math::complement(squares, 0.5 * test_support::false_alarm_rate)));
}
