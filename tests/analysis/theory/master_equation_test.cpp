#include "powerstroke/analysis/theory/master_equation.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/math/distributions/poisson.hpp>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "powerstroke/analysis/theory/entropy_balance.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "support/stroke_laws.hpp"

using namespace powerstroke;
using namespace powerstroke::theory;

namespace {

Populations start(laws::EnergyLaw law, double delta_e = 1.0) {
  return initial_populations(law, delta_e);
}

Populations solved(const laws::EnergyLaw& law, const laws::Transition& transition, bool conserving,
                   double t, double tolerance = 1e-10) {
  MasterEquation equation(start(law, transition.delta_e),
                          test_support::single(transition, conserving), tolerance);
  equation.advance(t);
  return equation.populations();
}

double poisson(double mean, int k) {
  return k < 0 ? 0.0 : boost::math::pdf(boost::math::poisson(mean), k);
}

/// Half the summed difference of the levels' probabilities.
double total_variation(const Populations& a, const Populations& b) {
  const auto p = level_probabilities(a), q = level_probabilities(b);
  double sum = 0.0;
  for (std::size_t i = 0; i < std::max(p.size(), q.size()); ++i)
    sum += std::abs((i < p.size() ? p[i] : 0.0) - (i < q.size() ? q[i] : 0.0));
  return 0.5 * sum;
}

}  // namespace

TEST_CASE("fixed rates from one level: the transient M/M/1 queue, by Bessel functions") {
  const auto a = level_probabilities(solved({laws::DeltaEnergy{5.5}}, {1.0, 0.5, 1.0}, false, 4.0));
  CHECK(std::abs(a[1] - 0.13165138286) < 6e-12);
  CHECK(std::abs(a[4] - 0.16637188280) < 6e-12);
  const auto b =
      level_probabilities(solved({laws::DeltaEnergy{3.5}}, {1.0, 0.75, 1.0}, false, 10.0));
  CHECK(std::abs(b[1] - 0.26276965057) < 6e-12);
  // The same in other units, and in two stretches.
  MasterEquation scaled(start({laws::DeltaEnergy{7.0}}, 2.0),
                        test_support::single({2.0, 7.5, 10.0}, false));
  scaled.advance(0.3);
  scaled.advance(1.0);
  CHECK(std::abs(level_probabilities(scaled.populations())[1] - 0.26276965057) < 6e-12);
}

TEST_CASE("one way only: Poisson") {
  const auto down =
      level_probabilities(solved({laws::DeltaEnergy{40.5}}, {1.0, 0.0, 2.0}, false, 3.0, 1e-13));
  for (int k = 0; k < 40; ++k)
    CHECK(std::abs(down[static_cast<std::size_t>(41 - k)] - poisson(6.0, k)) < 1e-13);
  const auto up =
      level_probabilities(solved({laws::DeltaEnergy{1.5}}, {1.0, 2.0, 0.0}, false, 150.0, 1e-13));
  for (int k = 200; k < 400; ++k)
    CHECK(std::abs(up[static_cast<std::size_t>(k + 2)] - poisson(300.0, k)) < 1e-13);
}

TEST_CASE(
    "w+ > w-: the ladder grows with the linear mean and variance of a walk that meets no end") {
  MasterEquation equation(start({laws::DeltaEnergy{100.5}}),
                          test_support::single({1.0, 3.0, 1.0}, false));
  equation.advance(200.0);
  const Populations& p = equation.populations();
  CHECK(std::abs(mean_energy(p) - 500.5) < 1e-8);
  double variance = 0.0;
  const auto levels = level_probabilities(p);
  for (std::size_t i = 0; i < levels.size(); ++i)
    variance += levels[i] * std::pow(static_cast<double>(i) - 501.0, 2);
  CHECK(std::abs(variance - 800.0) < 1e-5);
  CHECK(std::abs(total_mass(p) - 1.0) < 1e-12);
  CHECK(std::abs(equation.strokes() - 800.0) < 1e-8);
}

TEST_CASE("fixed rates: strokes and mean energy count the same quanta") {
  MasterEquation equation(start({laws::MaxwellBoltzmannEnergy{2.0, 3}}, 0.7),
                          test_support::single({0.7, 0.6, 1.1}, false));
  const double before = mean_energy(equation.populations());
  equation.advance(3.0);
  equation.advance(40.0);
  const double net = (mean_energy(equation.populations()) - before) / 0.7;
  CHECK(std::abs(2.0 * 0.6 * 40.0 - net - equation.strokes()) < 1e-9);
  CHECK(equation.rates(0).up == 0.6);
}

TEST_CASE("fixed rates end in the geometric ladder over the offsets of the start") {
  const laws::EnergyLaw law{laws::NormalEnergy{3.5, 0.2}};
  const Populations p = solved(law, {1.0, 0.5, 1.0}, false, 400.0);  // slowest decay 0.0858
  const Populations stationary = geometric_populations(start(law), 0.5);
  CHECK(total_variation(p, stationary) < 1e-10);
  CHECK(std::abs(energy_entropy(p) - energy_entropy(stationary)) < 1e-9);
}

TEST_CASE("conserving: mean energy and mass stay, w+ is w- phi, and the end is geometric") {
  for (const auto& law : {laws::EnergyLaw{laws::NormalEnergy{3.5, 0.2}},
                          laws::EnergyLaw{laws::MaxwellBoltzmannEnergy{7.0 / 3.0, 1}}}) {
    MasterEquation equation(
        start(law),
        test_support::single({1.0, std::numeric_limits<double>::quiet_NaN(), 1.0}, true));
    const double before = mean_energy(equation.populations());
    for (int t = 0; t <= 100; t += 4) {
      equation.advance(t);
      CHECK(std::abs(mean_energy(equation.populations()) - before) < 1e-10);
      CHECK(std::abs(total_mass(equation.populations()) - 1.0) < 1e-12);
      CHECK(std::abs(equation.rates(0).up - phi(equation.populations())) < 1e-15);
    }
  }
  MasterEquation single(start({laws::DeltaEnergy{3.5}}),
                        test_support::single({1.0, 0.0, 1.0}, true));
  single.advance(1500.0);
  CHECK(total_variation(single.populations(),
                        geometric_populations(start({laws::DeltaEnergy{0.5}}), 0.75)) < 1e-10);
}

TEST_CASE("conserving: rates and energies in other units change nothing but the clock") {
  const Populations a = solved({laws::NormalEnergy{3.5, 0.2}}, {1.0, 0.0, 1.0}, true, 10.0);
  const Populations b = solved({laws::NormalEnergy{350.0, 20.0}}, {100.0, 0.0, 0.25}, true, 40.0);
  CHECK(total_variation(a, b) < 1e-11);
  CHECK(std::abs(energy_entropy(a) + std::log(100.0) - energy_entropy(b)) < 1e-10);
}

TEST_CASE("conserving: strokes are the integral of 2 w- phi") {
  const laws::EnergyLaw law{laws::DeltaEnergy{2.5}};
  MasterEquation sampled(start(law), test_support::single({1.0, 0.0, 1.5}, true)),
      whole(start(law), test_support::single({1.0, 0.0, 1.5}, true));
  double integral = 0.0;
  for (int piece = 0; piece < 10; ++piece) {
    // Boost's Gauss rule calls the middle first, then pairs: sample in order of time instead.
    using Rule = boost::math::quadrature::gauss<double, 15>;
    for (int i = -7; i <= 7; ++i) {
      const auto at = static_cast<std::size_t>(std::abs(i));
      sampled.advance(piece + 0.5 * (1.0 + (i < 0 ? -1.0 : 1.0) * Rule::abscissa()[at]));
      integral += 0.5 * Rule::weights()[at] * 2.0 * sampled.rates(0).up;
    }
  }
  whole.advance(10.0);
  CHECK(std::abs(whole.strokes() - integral) < 1e-10);
}

TEST_CASE("conserving: the entropy rises at the rate of (A.6)") {
  MasterEquation equation(start({laws::NormalEnergy{3.5, 0.8}}),
                          test_support::single({1.0, 0.0, 1.0}, true), 1e-12);
  const double h = 0.02;
  for (const double t : {0.5, 2.0, 10.0}) {
    double slope = 0.0,
           production = 0.0;  // the five-point formula errs by h^4 / 30 times the fifth derivative
    for (int i = -2; i <= 2; ++i) {
      equation.advance(t + i * h);
      const double weight[] = {1.0, -8.0, 0.0, 8.0, -1.0};
      slope += weight[i + 2] * energy_entropy(equation.populations()) / (12.0 * h);
      if (i == 0)
        production =
            entropy_balance(equation.populations(), equation.law(), equation.rates()).production;
    }
    CHECK(slope == doctest::Approx(production).epsilon(2e-6));
  }
}

TEST_CASE("particles at rest only leave: exp(-int w+ dt) of them are left") {
  const laws::EnergyLaw law{
      laws::MixtureEnergy{{{laws::DeltaEnergy{0.0}}, {laws::NormalEnergy{3.5, 0.5}}}, {1.0, 3.0}}};
  CHECK(level_probabilities(solved(law, {1.0, 0.4, 1.0}, false, 5.0))[0] ==
        doctest::Approx(0.25 * std::exp(-2.0)).epsilon(1e-11));
  MasterEquation equation(start(law), test_support::single({1.0, 0.0, 1.0}, true));
  equation.advance(5.0);
  CHECK(level_probabilities(equation.populations())[0] ==
        doctest::Approx(0.25 * std::exp(-0.5 * equation.strokes())).epsilon(1e-9));
  CHECK(std::abs(total_mass(equation.populations()) - 1.0) < 1e-12);
}

TEST_CASE("nobody above delta_e: conserving strokes are frozen for ever; rates 0 do nothing") {
  const laws::EnergyLaw below{laws::UniformEnergy{0.0, 1.0}};
  const Populations before = start(below);
  for (const bool conserving : {true, false}) {
    MasterEquation equation(before,
                            test_support::single({1.0, 0.0, conserving ? 1.0 : 0.0}, conserving));
    equation.advance(1e6);
    CHECK(total_variation(before, equation.populations()) == 0.0);
    CHECK(phi(equation.populations()) == 0.0);
    CHECK(equation.strokes() == 0.0);
    CHECK(equation.rates(0).up == 0.0);
    CHECK(equation.time() == 1e6);
  }
  MasterEquation still(start({laws::DeltaEnergy{0.0}}),
                       test_support::single({1.0, 0.0, 0.0}, true));
  still.advance(1.0);
  CHECK(level_probabilities(still.populations())[0] == 1.0);
}

TEST_CASE("the tolerance is kept, and the bound that is reported holds") {
  const laws::EnergyLaw law{laws::DeltaEnergy{3.5}};
  for (const bool conserving : {false, true}) {
    MasterEquation fine(start(law), test_support::single({1.0, 0.8, 1.0}, conserving), 1e-13);
    fine.advance(30.0);
    const std::string name = conserving ? "conserving" : "fixed";
    double coarsest = 0.0;
    for (const double tolerance : {1e-4, 1e-6, 1e-8, 1e-10, 1e-12}) {
      MasterEquation equation(start(law), test_support::single({1.0, 0.8, 1.0}, conserving),
                              tolerance);
      equation.advance(30.0);
      const double error = total_variation(equation.populations(), fine.populations());
      MESSAGE(name << ", tolerance " << tolerance << ": error " << error << ", reported bound "
                   << equation.error_bound() << ", levels " << equation.populations().levels);
      CHECK(error < tolerance);
      CHECK(std::abs(total_mass(equation.populations()) - 1.0) < 1e-12);  // whatever the tolerance
      CHECK(error < equation.error_bound() + 2e-14);
      coarsest = std::max(coarsest, error);
    }
    CHECK(coarsest > 1e-9);  // the tolerance does something
  }
}

TEST_CASE("a long run at constant rates loses no mass") {
  MasterEquation equation(start({laws::DeltaEnergy{2.5}}),
                          test_support::single({1.0, 0.9, 1.0}, false));
  equation.advance(2e4);
  CHECK(std::abs(total_mass(equation.populations()) - 1.0) < 1e-12);
  CHECK(equation.error_bound() < 1e-10);
  CHECK(std::abs(phi(equation.populations()) - 0.9) < 1e-10);
}

TEST_CASE("a start that needs too many levels is refused") {
  CHECK_THROWS_AS(start({laws::DeltaEnergy{1e12}}), NumericsError);
  CHECK_THROWS_AS(start({laws::MaxwellBoltzmannEnergy{1e6, 3}}, 1e-4), NumericsError);
}
