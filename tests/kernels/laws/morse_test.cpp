#include <doctest/doctest.h>

#include <algorithm>
#include <boost/math/differentiation/finite_difference.hpp>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <vector>

#include "powerstroke/analysis/theory/boltzmann.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/kernels/flight.hpp"
#include "powerstroke/kernels/initial_phase.hpp"
#include "powerstroke/kernels/kick.hpp"
#include "powerstroke/kernels/laws/boltzmann_interval.hpp"
#include "powerstroke/kernels/laws/potential.hpp"
#include "powerstroke/kernels/phase_split.hpp"
#include "support/kolmogorov.hpp"

using namespace powerstroke;
using laws::Morse;

namespace {

const Morse bond{2.5, 0.4, 1.2};
constexpr double low = 0.6,
                 high = 4.0;  // of a box that holds the bond and much of where it is broken

/// Prob(x < at) of exp(-v/T) in the box, with Morse's formula written out.
double below(double at, double depth, double temperature) {
  const auto weight = [&](double x) {
    const double rise = 1.0 - std::exp(-(x - 1.2) / 0.4);
    return std::exp(-depth * rise * rise / temperature);
  };
  boost::math::quadrature::tanh_sinh<double> rule;
  return rule.integrate(weight, low, at) / rule.integrate(weight, low, high);
}

laws::Box box() {
  laws::Box box;
  box.axis[0] = {laws::Extent::Sides::reflecting, low, high, {}};
  return box;
}

}  // namespace

TEST_CASE("Morse: depth, turning points, the steepest place and the curvature are Morse's") {
  const double depth = 2.5, width = 0.4, centre = 1.2, ln2 = std::numbers::ln2;
  CHECK(bond.energy(centre, 0.0) == 0.0);
  CHECK(bond.energy(1e3, 0.0) == depth);
  CHECK(bond.energy(centre - width * ln2, 0.0) == doctest::Approx(depth).epsilon(1e-14));
  CHECK(bond.energy(centre + width * ln2, 0.0) == doctest::Approx(0.25 * depth).epsilon(1e-14));
  CHECK(bond.force(centre, 0.0) == 0.0);
  CHECK(bond.force(centre + width * ln2, 0.0) ==
        doctest::Approx(-0.5 * depth / width).epsilon(1e-14));
  CHECK(laws::stiffest(bond) == doctest::Approx(2.0 * depth / (width * width)).epsilon(1e-15));
  for (const double x : {0.7, 1.1, 1.2, 1.9, 5.0}) {
    double error = 0.0;
    const auto v = [](double at) { return bond.energy(at, 0.0); };
    const double slope =
        boost::math::differentiation::finite_difference_derivative<decltype(v), double, 8>(v, x,
                                                                                           &error);
    CHECK(std::abs(bond.force(x, 0.0) + slope) <= 20.0 * error);
  }
  for (const double level : {0.3, 2.5, 7.0})
    CHECK(bond.energy(laws::confined(bond, level, 0.0).low, 0.0) ==
          doctest::Approx(level).epsilon(1e-13));
}

TEST_CASE("Morse: a bound particle has the period 2 pi/w / sqrt(1 - E/depth)") {
  // w = sqrt(2 depth/m)/width; from the inner turning point, a quarter of the depth below where the
  // bond breaks.
  const double mass = 1.7, energy = 0.75 * 2.5, frequency = std::sqrt(2.0 * 2.5 / mass) / 0.4;
  const double period = 2.0 * std::numbers::pi / frequency / std::sqrt(1.0 - 0.75);
  const auto turning = [&](double sign) {
    return 1.2 - 0.4 * std::log1p(sign * std::sqrt(energy / 2.5));
  };
  const auto place_after = [&](double t, int steps) {
    PhaseEnsemble particle(1, {{1, mass}});
    particle.positions(0)[0] = turning(1.0);
    PhaseSplit verlet({phase_part(Kick(bond)), phase_part(Flight())}, t / steps);
    StepClock clock;
    Ledger ledger;
    verlet.advance(particle, 0.0, t, clock, ledger);
    return particle.positions(0)[0];
  };
  // Of second order in the step: halving it leaves a quarter of the error.
  const double coarse = std::abs(place_after(0.5 * period, 2000) - turning(-1.0));
  const double fine = std::abs(place_after(0.5 * period, 4000) - turning(-1.0));
  CHECK(fine < 1e-5);
  CHECK(std::log2(coarse / fine) == doctest::Approx(2.0).epsilon(0.1));
  CHECK(std::abs(place_after(period, 4000) - turning(1.0)) < 1e-5);
}

TEST_CASE(
    "Morse: particles start with its Boltzmann law in a box, the exact law agrees, and a depth 5 % "
    "off is seen") {
  constexpr std::size_t particles = 100'000;
  constexpr double temperature = 1.1;
  PhaseEnsemble ensemble(1, {{particles, 1.0}});
  start_species(ensemble, 0, {{laws::DeltaEnergy{1.0}}, {}, {laws::BoltzmannPosition{temperature}}},
                bond, box(), 0.0, 17);
  std::vector<double> x(ensemble.positions(0).begin(), ensemble.positions(0).end());
  std::ranges::sort(x);
  const auto distance = [&](double depth) {
    return test_support::kolmogorov_distance(
        x, [&](double at) { return below(at, depth, temperature); }, 101);
  };
  const double bound = test_support::kolmogorov_bound(particles, 1e-6);
  CHECK(distance(2.5) < bound);
  CHECK(distance(1.05 * 2.5) > bound);

  const theory::BoltzmannCoordinate law(bond, temperature, box().axis[0]);
  for (const double at : {0.8, 1.2, 1.9, 3.0})
    CHECK(law.probability(low, at) == doctest::Approx(below(at, 2.5, temperature)).epsilon(1e-10));
}

TEST_CASE("Morse: without a box there is no Boltzmann law, however low the temperature") {
  const Morse at_origin{2.5, 0.4};  // where a search for the well begins: all within 40 T of its
                                    // bottom is bound at T = 0.01
  for (const double temperature : {10.0, 0.5, 0.01}) {
    CHECK(laws::confined(at_origin, 40.0 * temperature, 0.0).high ==
          std::numeric_limits<double>::infinity());
    CHECK_THROWS_WITH_AS(laws::boltzmann_interval(at_origin, temperature, {}, 0.0),
                         doctest::Contains("normalised"), ConfigError);
    CHECK_THROWS_AS(theory::BoltzmannCoordinate(at_origin, temperature), ConfigError);
    PhaseEnsemble ensemble(1, {{10, 1.0}});
    CHECK_THROWS_AS(
        start_species(ensemble, 0,
                      {{laws::DeltaEnergy{1.0}}, {}, {laws::BoltzmannPosition{temperature}}},
                      at_origin, {}, 0.0, 1),
        ConfigError);
  }
}

TEST_CASE("Morse: parameters that cannot be are refused by name") {
  const auto refused = [](const Morse& morse, const char* what) {
    CHECK_THROWS_WITH_AS(laws::validate(morse), doctest::Contains(what), ConfigError);
  };
  refused({0.0, 1.0}, "potential.depth is 0; it must be a finite number > 0");
  refused({1.0, -1.0}, "potential.width");
  refused({1.0, 1.0, std::numeric_limits<double>::infinity()}, "potential.centre");
  CHECK_NOTHROW(laws::validate(bond));
}
