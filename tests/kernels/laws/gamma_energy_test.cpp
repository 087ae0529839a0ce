#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <vector>

#include "powerstroke/analysis/theory/populations.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/kernels/initial_state.hpp"
#include "powerstroke/kernels/laws/energy_law.hpp"
#include "support/kolmogorov.hpp"

using namespace powerstroke;
using namespace powerstroke::laws;

namespace {

EnergyLaw gamma(double shape, double scale) { return {GammaEnergy{shape, scale}}; }

/// Whole shapes: the sum of that many exponential energies (Erlang), whose distribution function is
/// a finite sum.
double erlang_above(int shape, double x) {
  double term = 1.0, sum = 1.0;
  for (int k = 1; k < shape; ++k) sum += (term *= x / k);
  return std::exp(-x) * sum;
}

constexpr std::array shapes{0.5, 0.8, 1.0, 1.7, 2.5, 4.0, 30.0, 2000.0};

}  // namespace

TEST_CASE("gamma energies: closed forms of whole and of half shapes") {
  const double scale = 1.3;
  for (const int shape : {1, 2, 3, 7})
    for (const double energy : {0.1, 0.9, 2.3, 8.0, 30.0}) {
      const double x = energy / scale,
                   density_of_x = std::pow(x, shape - 1) * std::exp(-x) / std::tgamma(shape);
      CHECK(density(gamma(shape, scale), energy) ==
            doctest::Approx(density_of_x / scale).epsilon(1e-13));
      CHECK(1.0 - cumulative(gamma(shape, scale), energy) ==
            doctest::Approx(erlang_above(shape, x)).epsilon(1e-9));
    }
  // Half of a squared standard normal number, and half of the sum of three: one and three degrees
  // of freedom.
  for (const double x : {0.05, 0.4, 1.0, 3.0}) {
    CHECK(cumulative(gamma(0.5, scale), scale * x) ==
          doctest::Approx(std::erf(std::sqrt(x))).epsilon(1e-13));
    const double three =
        std::erf(std::sqrt(x)) - 2.0 * std::sqrt(x / std::numbers::pi) * std::exp(-x);
    CHECK(cumulative(gamma(1.5, scale), scale * x) == doctest::Approx(three).epsilon(1e-12));
  }
  CHECK(density(gamma(0.5, scale), 0.0) == std::numeric_limits<double>::infinity());
  CHECK(density(gamma(1.0, scale), 0.0) == doctest::Approx(1.0 / scale).epsilon(1e-15));
  CHECK(density(gamma(1.5, scale), 0.0) == 0.0);
  CHECK(jumps(gamma(0.7, scale)) == std::vector<double>{0.0});
  CHECK(jumps(gamma(1.0, scale)) == std::vector<double>{0.0});
  CHECK(jumps(gamma(1.1, scale)).empty());
}

TEST_CASE("gamma energies: probability, mean and variance are integrals over the density") {
  boost::math::quadrature::tanh_sinh<double> at_zero;  // takes the power of E as it is
  for (const double shape : shapes) {
    CAPTURE(shape);
    const EnergyLaw law = gamma(shape, 0.7);
    CHECK(mean(law) == doctest::Approx(0.7 * shape).epsilon(1e-15));
    CHECK(variance(law) == doctest::Approx(0.49 * shape).epsilon(1e-15));
    const auto integral = [&](auto&& f) {
      std::vector<double> ends = breakpoints(law);
      ends.push_back(upper_energy(law, 1e-17));
      std::ranges::sort(ends);
      double sum = 0.0;
      for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
        const auto weighted = [&](double energy) { return f(energy) * density(law, energy); };
        if (ends[i] == 0.0 && ends[i + 1] > 0.0)
          sum += at_zero.integrate(weighted, 0.0, ends[i + 1]);
        if (ends[i] > 0.0 && ends[i + 1] > ends[i])
          sum += boost::math::quadrature::gauss_kronrod<double, 61>::integrate(
              weighted, ends[i], ends[i + 1], 5, 1e-13);
      }
      return sum;
    };
    CHECK(integral([](double) { return 1.0; }) == doctest::Approx(1.0).epsilon(1e-11));
    CHECK(integral([](double energy) { return energy; }) ==
          doctest::Approx(mean(law)).epsilon(1e-11));
    const auto square = [&](double energy) { return (energy - mean(law)) * (energy - mean(law)); };
    CHECK(integral(square) == doctest::Approx(variance(law)).epsilon(1e-9));
    const double above = 1.0 - cumulative(law, upper_energy(law, 1e-6));
    CHECK(above < 1e-6);
    CHECK(above > 1e-8);
  }
}

TEST_CASE("gamma energies: particles start with them, and a scale 4 % off is seen") {
  constexpr std::size_t particles = 200'000;
  for (const double shape : shapes) {
    CAPTURE(shape);
    std::vector<double> energies(particles);
    draw_energies(gamma(shape, 0.7), 0, 5, energies);
    std::ranges::sort(energies);
    const double bound = test_support::kolmogorov_bound(particles, 1e-7);  // eight of them
    const auto distance = [&](double scale) {
      return test_support::kolmogorov_distance(
          energies, [&](double e) { return cumulative(gamma(shape, scale), e); }, 5);
    };
    CHECK(distance(0.7) < bound);
    CHECK(distance(1.04 * 0.7) > bound);
  }
}

TEST_CASE("gamma energies: the equation's start has their probability and mean") {
  for (const double shape : shapes) {
    if (shape > 100.0) continue;  // thousands of levels
    CAPTURE(shape);
    const theory::Populations start = theory::initial_populations(gamma(shape, 0.7), 1.0);
    double mean_energy = 0.0, mass = 0.0;
    for (std::size_t node = 0; node < start.grid.nodes(); ++node)
      for (std::size_t i = 0; i < start.levels; ++i) {
        const double share = start.mass[node * start.levels + i];
        mass += share;
        mean_energy += share * (start.grid.offset[node] + static_cast<double>(i) - 1.0);
      }
    CHECK(mass == doctest::Approx(1.0).epsilon(1e-12));
    CHECK(mean_energy == doctest::Approx(0.7 * shape).epsilon(1e-10));
  }
}

TEST_CASE("gamma energies: parameters that cannot be are refused by name") {
  CHECK_THROWS_WITH_AS(validate(gamma(0.49, 1.0)),
                       "energy.shape is 0.49; it must be a number from 0.5 to 1e6", ConfigError);
  CHECK_THROWS_WITH_AS(validate(gamma(2e6, 1.0)), doctest::Contains("energy.shape"), ConfigError);
  CHECK_THROWS_WITH_AS(validate(gamma(1.0, 0.0)),
                       "energy.scale is 0; it must be a finite number > 0", ConfigError);
  CHECK_NOTHROW(validate(gamma(0.5, 1e-9)));
}
