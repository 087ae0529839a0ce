#include "powerstroke/analysis/theory/boltzmann.hpp"

#include <doctest/doctest.h>

#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/bessel.hpp>
#include <cmath>
#include <numbers>
#include <vector>

#include "powerstroke/engine/core/error.hpp"

using namespace powerstroke;
using theory::BoltzmannCoordinate;

namespace {

using Sides = laws::Extent::Sides;

}  // namespace

TEST_CASE(
    "Boltzmann law of a coordinate: a harmonic well has the normal law, wherever it is and however "
    "narrow") {
  for (const double centre : {0.0, -3.7, 4e4})
    for (const double temperature : {1.3, 1e-4}) {
      CAPTURE(centre);
      const double sigma = std::sqrt(temperature / 2.3);
      const BoltzmannCoordinate law(laws::Harmonic{2.3, centre}, temperature);
      const boost::math::normal normal;
      double last = 0.0;
      for (const double z : {-3.0, -1.2, 0.0, 0.1, 2.5}) {
        const double below = boost::math::cdf(normal, z);
        // z is known to the rounding of centre/sigma.
        CHECK(law.probability(centre - 20.0 * sigma, centre + z * sigma) ==
              doctest::Approx(below).epsilon(1e-8));
        CHECK(below > last);
        last = below;
      }
      CHECK(law.mean_energy() == doctest::Approx(0.5 * temperature).epsilon(1e-8));
      CHECK(law.mean([&](double x) { return (x - centre) * (x - centre); }) ==
            doctest::Approx(sigma * sigma).epsilon(1e-8));
    }
}

TEST_CASE(
    "Boltzmann law of a coordinate: the virial theorem, and closed forms of the other potentials") {
  constexpr double temperature = 0.7;
  // <x dv/dx> = T.
  for (const laws::AnyPotential& potential :
       {laws::AnyPotential(laws::Quartic{1.7}), laws::AnyPotential(laws::DoubleWell{2.1, 0.8})}) {
    const BoltzmannCoordinate law(potential, temperature);
    const double virial = law.mean([&](double x) {
      const double h = 1e-4;
      const auto v = [&](double at) { return laws::potential_energy(potential, {at}, 1, 0.0); };
      return x * (8.0 * (v(x + h) - v(x - h)) - (v(x + 2.0 * h) - v(x - 2.0 * h))) / (12.0 * h);
    });
    CHECK(virial == doctest::Approx(temperature).epsilon(1e-9));
  }
  // s x^4/(4T) has the gamma law of shape 1/4.
  const BoltzmannCoordinate quartic(laws::Quartic{1.7}, temperature);
  const double x = 0.9;
  CHECK(quartic.probability(-x, x) ==
        doctest::Approx(boost::math::cdf(boost::math::gamma_distribution<double>(0.25),
                                         1.7 * x * x * x * x / 4.0 / temperature))
            .epsilon(1e-11));
  CHECK(quartic.mean_energy() == doctest::Approx(0.25 * temperature).epsilon(1e-11));
  // A whole period of a cosine: <cos> = I_1/I_0.
  const BoltzmannCoordinate cosine(laws::Cosine{0.9, 2.0}, temperature,
                                   {Sides::periodic, -1.0, 1.0});
  const double a = 0.9 / temperature;
  CHECK(cosine.mean([](double at) { return std::cos(std::numbers::pi * at); }) ==
        doctest::Approx(boost::math::cyl_bessel_i(1, a) / boost::math::cyl_bessel_i(0, a))
            .epsilon(1e-11));
}

TEST_CASE(
    "Boltzmann law of a coordinate: a box cuts it, on the flank of a well, too; time moves a "
    "trap") {
  constexpr double temperature = 0.5;
  const BoltzmannCoordinate free(laws::Free{}, temperature, {Sides::reflecting, 1.0, 5.0});
  CHECK(free.probability(0.0, 2.0) == doctest::Approx(0.25));
  const double sigma = std::sqrt(temperature / 2.0);
  const BoltzmannCoordinate flank(laws::Harmonic{2.0}, temperature, {Sides::reflecting, 4.0, 9.0});
  const boost::math::normal normal(0.0, sigma);
  const auto above = [&](double at) {
    return boost::math::cdf(boost::math::complement(normal, at));
  };
  CHECK(flank.probability(4.0, 4.1) ==
        doctest::Approx(1.0 - above(4.1) / above(4.0)).epsilon(1e-10));
  const laws::Trap trap{{1.0, 4.0, 0.0, 2.0}, {0.0, 3.0, 0.0, 2.0}};
  const BoltzmannCoordinate later(trap, temperature, {}, 1.0);
  CHECK(later.mean([](double at) { return at; }) == doctest::Approx(1.5));
  CHECK(later.mean([](double at) { return (at - 1.5) * (at - 1.5); }) ==
        doctest::Approx(temperature / 2.5));
}

TEST_CASE("Boltzmann law of a coordinate: bins, and what has no law") {
  const BoltzmannCoordinate law(laws::DoubleWell{2.0, 1.0}, 0.5);
  const std::vector<double> edges = {-9.0, -1.0, -0.5, 0.0, 0.5, 1.0, 9.0};
  const std::vector<double> bins = law.bin_probabilities(edges);
  double sum = 0.0;
  for (const double p : bins) sum += p;
  CHECK(sum == doctest::Approx(1.0).epsilon(1e-13));
  CHECK(bins[0] == doctest::Approx(bins[5]).epsilon(1e-12));
  CHECK_THROWS_AS(BoltzmannCoordinate(laws::Free{}, 1.0), ConfigError);
  CHECK_THROWS_AS(BoltzmannCoordinate(laws::Cosine{100.0, 1.0}, 1.0), ConfigError);
  CHECK_THROWS_AS(BoltzmannCoordinate(laws::Harmonic{1.0}, 0.0), ConfigError);
  const laws::UserPotential user{[](const Vector&, double) { return 0.0; },
                                 [](const Vector&, double) { return Vector{}; }};
  CHECK_THROWS_AS(BoltzmannCoordinate(user, 1.0, {Sides::reflecting, 0.0, 1.0}), ConfigError);
}
