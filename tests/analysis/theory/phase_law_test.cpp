#include "powerstroke/analysis/theory/phase_law.hpp"

#include <doctest/doctest.h>

#include <boost/math/quadrature/tanh_sinh.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <vector>

#include "powerstroke/engine/core/error.hpp"

using namespace powerstroke;
using namespace powerstroke::theory;

namespace {

constexpr double mass = 1.3, temperature = 1.2;
const double maxwell =
    0.5 * std::log(2.0 * std::numbers::pi * std::numbers::e * mass * temperature);

}  // namespace

TEST_CASE("entropy of a Boltzmann law: closed forms in a harmonic well, a quartic one and a box") {
  const double stiffness = 2.0, strength = 0.7;
  CHECK(BoltzmannLaw(laws::Harmonic{stiffness, 0.4}, mass, temperature, -10.0, 10.0).entropy() ==
        doctest::Approx(normal_phase_entropy(temperature / stiffness, mass * temperature, 0.0))
            .epsilon(1e-13));
  // Z = 2 Gamma(5/4) (4T/a)^(1/4), <v> = T/4.
  const double quartic =
      std::log(2.0 * std::tgamma(1.25) * std::pow(4.0 * temperature / strength, 0.25)) + 0.25 +
      maxwell;
  CHECK(BoltzmannLaw(laws::Quartic{strength}, mass, temperature, -8.0, 8.0).entropy() ==
        doctest::Approx(quartic).epsilon(1e-13));
  CHECK(BoltzmannLaw(laws::Free{}, mass, temperature, 0.0, 3.0).entropy() ==
        doctest::Approx(std::log(3.0) + maxwell).epsilon(1e-13));
  // However low its energies lie: only their differences count.
  const laws::Trap trap{{1.0, 3.0, 0.0, 2.0}, {0.0, 0.0}};
  CHECK(BoltzmannLaw(trap, mass, temperature, -10.0, 10.0, 1.0).entropy() ==
        doctest::Approx(normal_phase_entropy(temperature / 2.0, mass * temperature, 0.0))
            .epsilon(1e-13));
}

TEST_CASE(
    "cells of a Boltzmann law: incomplete gamma functions in a quartic well, and all of them sum "
    "to 1") {
  const double strength = 0.7;
  const std::vector<double> x = {-7.0, -1.0, 0.0, 0.5, 7.0}, p = {-15.0, 0.0, 1.0, 15.0};
  const std::vector<double> cells =
      BoltzmannLaw(laws::Quartic{strength}, mass, temperature, -7.0, 7.0).cells(x, p);
  REQUIRE(cells.size() == 12);
  const auto within = [&](double edge) {  // Prob(0 < x < edge)
    return 0.5 *
           boost::math::gamma_p(0.25, 0.25 * strength * edge * edge * edge * edge / temperature);
  };
  const double unit = 0.5 * std::erf(1.0 / std::sqrt(2.0 * mass * temperature));  // Prob(0 < p < 1)
  CHECK(cells[0] == doctest::Approx((0.5 - within(1.0)) * 0.5).epsilon(1e-12));
  CHECK(cells[4] == doctest::Approx(within(1.0) * unit).epsilon(1e-12));
  CHECK(cells[8] == doctest::Approx((within(0.5)) * (0.5 - unit)).epsilon(1e-12));
  CHECK(std::accumulate(cells.begin(), cells.end(), 0.0) == doctest::Approx(1.0).epsilon(1e-12));
}

TEST_CASE("the phase area of a quartic well by quadrature of the momentum along an orbit") {
  const double strength = 0.7, energy = 2.1;
  const double end = std::pow(4.0 * energy / strength, 0.25);
  boost::math::quadrature::tanh_sinh<double> rule;
  const double area = 4.0 * rule.integrate(
                                [&](double x) {
                                  const double v = laws::Quartic{strength}.energy(x, 0.0);
                                  return std::sqrt(2.0 * mass * std::max(0.0, energy - v));
                                },
                                0.0, end);
  CHECK(quartic_phase_area(strength, mass, energy) == doctest::Approx(area).epsilon(1e-7));
}

TEST_CASE("the entropy of shells is that of the Boltzmann law, if that is what they hold") {
  // In a quartic well the density of states goes with E^(-1/4), so that E/T is a gamma variate of
  // shape 3/4.
  const double strength = 0.7;
  constexpr int shells = 20'000;
  std::vector<double> probabilities, areas;
  for (int k = 0; k < shells; ++k) {
    const double low = 40.0 * temperature * k / shells,
                 high = 40.0 * temperature * (k + 1) / shells;
    probabilities.push_back(boost::math::gamma_p(0.75, high / temperature) -
                            boost::math::gamma_p(0.75, low / temperature));
    areas.push_back(quartic_phase_area(strength, mass, high) -
                    quartic_phase_area(strength, mass, low));
  }
  // A shell flattens exp(-E/T) over its width: the square of the width over T, 4e-6, over 24.
  CHECK(
      shell_entropy(probabilities, areas) ==
      doctest::Approx(BoltzmannLaw(laws::Quartic{strength}, mass, temperature, -8.0, 8.0).entropy())
          .epsilon(1e-6));
}

TEST_CASE("a Boltzmann law that cannot be is refused") {
  CHECK_THROWS_AS(
      BoltzmannLaw(laws::Free{}, 1.0, 1.0, 0.0, std::numeric_limits<double>::infinity()),
      ConfigError);
  CHECK_THROWS_AS(BoltzmannLaw(laws::Free{}, 1.0, 1.0, 1.0, 1.0), ConfigError);
  const laws::UserPotential user{[](const Vector&, double) { return 0.0; },
                                 [](const Vector&, double) { return Vector{}; }};
  CHECK_THROWS_AS(BoltzmannLaw(user, 1.0, 1.0, 0.0, 1.0), ConfigError);
}
