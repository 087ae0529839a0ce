#include "powerstroke/kernels/laws/momentum_entropy.hpp"

#include <doctest/doctest.h>

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <numbers>

using powerstroke::laws::momentum_entropy;

namespace {

double momentum(int dimension, double mass, double energy_entropy, double mean_ln_energy) {
  const auto law = momentum_entropy(dimension, mass);
  return energy_entropy + law.constant + law.ln_energy_factor * mean_ln_energy;
}

}  // namespace

TEST_CASE("Maxwell-Boltzmann has the entropy of d Gaussian components") {
  // S^(1) = (d/2)(1 + ln(2 pi m T)); the energies follow the gamma law of shape d/2, whose entropy
  // and <ln E> are known.
  for (int dimension = 1; dimension <= 3; ++dimension)
    for (const double mass : {1.0, 0.3, 28.0})
      for (const double temperature : {7.0 / 3.0, 0.05}) {
        const double shape = 0.5 * dimension, psi = boost::math::digamma(shape);
        const double energy_entropy =
            shape + std::log(temperature) + boost::math::lgamma(shape) + (1.0 - shape) * psi;
        const double expected =
            0.5 * dimension * (1.0 + std::log(2.0 * std::numbers::pi * mass * temperature));
        CHECK(momentum(dimension, mass, energy_entropy, psi + std::log(temperature)) ==
              doctest::Approx(expected).epsilon(1e-14));
      }
}

TEST_CASE("equal energies weigh the sphere of their momenta") {
  // A shell of energies [E, E + dE] has the volume Omega_d p^(d-2) m dE in momentum space.
  const double mass = 1.3, energy = 2.1, p = std::sqrt(2.0 * mass * energy), pi = std::numbers::pi;
  const double area[] = {2.0 / p, 2.0 * pi, 4.0 * pi * p};
  for (int dimension = 1; dimension <= 3; ++dimension)
    CHECK(momentum(dimension, mass, 0.0, std::log(energy)) ==
          doctest::Approx(std::log(area[dimension - 1] * mass)).epsilon(1e-14));
}

TEST_CASE("the reference table's start has the reference's entropy") {
  // tests/data/broad-normal-conserving-microreversible.json, t = 0: d = 3, m = 1.
  CHECK(momentum(3, 1.0, 1.195728022928556, 1.2240800492334116) ==
        doctest::Approx(4.685365884794525).epsilon(1e-9));
}
