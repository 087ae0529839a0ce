#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>
#include <random>
#include <vector>

#include "powerstroke/analysis/theory/kinetic_theory.hpp"
#include "powerstroke/kernels/elastic_collisions.hpp"
#include "support/gas.hpp"
#include "support/maxwell_fit.hpp"
#include "support/replicas.hpp"

using namespace powerstroke;
using test_support::false_alarm_rate;
using test_support::maxwell_gas;

/// Elastic collisions against kinetic theory.
namespace {

const laws::CollisionLaw maxwell_molecules{{std::numbers::inv_sqrtpi}, 1.0, 1.0};  // sigma g = 1

/// Two beams of equal particles along x against one another, at speed 1.
PhaseEnsemble two_beams(int dimension, std::size_t particles) {
  PhaseEnsemble gas(dimension, {{particles, 1.0}});
  for (std::size_t i = 0; i < particles; ++i) gas.momenta(0)[i] = i % 2 == 0 ? 1.0 : -1.0;
  return gas;
}

/// sum of v_x^2 - v^2/d, masses 1.
double anisotropy(PhaseEnsemble& gas) {
  double sum = 0.0;
  for (std::size_t i = 0; i < gas.size(); ++i)
    sum += std::pow(gas.momenta(0)[i], 2) - 2.0 * gas.kinetic_energy(0, i) / gas.dimension();
  return sum;
}

theory::FourthMoments fourth_sums(PhaseEnsemble& gas) {
  theory::FourthMoments sums{0.0, 0.0};
  for (std::size_t i = 0; i < gas.size(); ++i)
    sums.fourth += std::pow(2.0 * gas.kinetic_energy(0, i), 2);
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) {
      double component = 0.0;
      for (std::size_t i = 0; i < gas.size(); ++i)
        component += gas.momenta(a)[i] * gas.momenta(b)[i];
      sums.tensor += component * component;
    }
  return sums;
}

}  // namespace

TEST_CASE(
    "collisions of a Maxwellian gas are as many as kinetic theory says: spheres, discs, softer "
    "ones, mixtures") {
  constexpr double density = 1.3, temperature = 0.8, time = 2.0;
  int checks = 0;
  double worst = 0.0;
  for (const int dimension : {2, 3})
    for (const double omega : {0.5, 0.74, 1.0})
      for (const std::vector<Species>& species :
           {std::vector<Species>{{20'000, 1.7}},
            std::vector<Species>{{12'000, 1.0}, {8'000, 9.0}}}) {
        laws::CollisionLaw law{{0.4}, omega, 1.5};
        if (species.size() == 2) law.diameters.push_back(1.1);
        PhaseEnsemble gas = maxwell_gas(dimension, species, temperature);
        double expected = 0.0, largest = 0.0;
        for (std::size_t a = 0; a < species.size(); ++a)
          for (std::size_t b = a; b < species.size(); ++b) {
            const auto n = static_cast<double>(species[a].particles),
                       m = static_cast<double>(species[b].particles);
            const double each = theory::mean_swept_volume(law, a, b, species[a].mass,
                                                          species[b].mass, temperature, dimension);
            expected += density / 20'000.0 * (a == b ? 0.5 * n * (n - 1.0) : n * m) * each * time;
            largest = std::max(largest, each);
          }
        StepClock clock;
        Ledger ledger;
        ElasticCollisions(law, density, 5).advance(gas, 0.0, time, clock, ledger);
        // At given momenta the count is Poisson. The momenta that were drawn scatter its mean:
        // pairs fall into N-1 sets of N/2 pairs without a common particle, which are independent,
        // and the sets' standard deviations at most add up.
        const double scatter = time * density * largest *
                               std::sqrt(10'000.0 * theory::swept_volume_scatter(law, dimension));
        const double deviate = (static_cast<double>(ledger.collisions) - expected) /
                               std::hypot(std::sqrt(expected), scatter);
        MESSAGE("d = ", dimension, ", omega = ", omega, ", species: ", species.size(), ": ",
                ledger.collisions, " of ", expected, " collisions, deviate ", deviate,
                ", acceptance ",
                static_cast<double>(ledger.collisions) /
                    static_cast<double>(ledger.collision_candidates));
        worst = std::max(worst, std::abs(deviate));
        ++checks;
      }
  CHECK(worst < test_support::largest_deviate(checks));
}

TEST_CASE(
    "collisions leave Maxwell-Boltzmann alone, and lead there; scattering angles that are not "
    "isotropic are caught") {
  constexpr std::size_t particles = 40'000;
  const std::vector<Species> species = {{particles / 2, 1.0}, {particles / 2, 4.0}};
  StepClock clock;
  Ledger ledger;
  for (const int dimension : {2, 3}) {
    CAPTURE(dimension);
    PhaseEnsemble thermal = maxwell_gas(dimension, species, 1.0), narrow(dimension, species);
    PhaseStart equal{{laws::DeltaEnergy{0.5 * dimension}}, Vector{1.0, 0.0, 0.0}};
    start_species(narrow, 0, equal, laws::Free{}, {}, 0.0, 2);
    equal.direction = Vector{
        -1.0, 0.0,
        0.0};  // heavier by 4, of twice the momentum: the gas is left with -1/2 of a momentum
    start_species(narrow, 1, equal, laws::Free{}, {}, 0.0, 2);
    for (std::size_t i = narrow.first(1); i < narrow.last(1); i += 2) narrow.momenta(0)[i] *= -1.0;
    for (std::size_t i = narrow.first(0); i < narrow.last(0); i += 2) narrow.momenta(0)[i] *= -1.0;
    for (PhaseEnsemble* const gas : {&thermal, &narrow}) {
      ElasticCollisions({{0.6, 0.6}}, 1.0, 3).advance(*gas, 0.0, 8.0, clock, ledger);
      const double temperature =
          2.0 * test_support::total_energy(*gas) / (dimension * static_cast<double>(particles));
      for (std::size_t s = 0; s < 2; ++s)
        CHECK(test_support::worst_maxwell_fit(gas->view(s), temperature) >
              false_alarm_rate / (8.0 * (dimension + 1)));
    }
  }
  // The break: the polar angle drawn uniformly in place of its cosine. Momentum and energy are kept
  // all the same.
  PhaseEnsemble gas = maxwell_gas(3, {{particles, 1.0}}, 1.0);
  std::mt19937_64 random(4);
  std::uniform_real_distribution<double> uniform(0.0, 1.0);
  std::uniform_int_distribution<std::size_t> any(0, particles - 1);
  for (std::size_t collision = 0; collision < 2 * particles; ++collision) {
    const std::size_t i = any(random), j = any(random);
    if (i == j) continue;
    Vector mean{}, half{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double p = gas.momenta(static_cast<int>(axis))[i],
                   q = gas.momenta(static_cast<int>(axis))[j];
      mean[axis] = 0.5 * (p + q);
      half[axis] = 0.5 * (p - q);
    }
    const double length = std::hypot(half[0], half[1], half[2]),
                 polar = std::numbers::pi * uniform(random),
                 azimuth = 2.0 * std::numbers::pi * uniform(random);
    half = {length * std::sin(polar) * std::cos(azimuth),
            length * std::sin(polar) * std::sin(azimuth), length * std::cos(polar)};
    for (std::size_t axis = 0; axis < 3; ++axis) {
      gas.momenta(static_cast<int>(axis))[i] = mean[axis] + half[axis];
      gas.momenta(static_cast<int>(axis))[j] = mean[axis] - half[axis];
    }
  }
  const double temperature = 2.0 * test_support::total_energy(gas) / (3.0 * particles);
  const double p_value = test_support::worst_maxwell_fit(gas.view(0), temperature);
  MESSAGE("polar angle uniform: p = ", p_value);
  CHECK(p_value < 1e-20);
}

TEST_CASE(
    "two beams of Maxwell molecules lose their direction as exp(-nu t/2), discs as exp(-8 nu "
    "t/15), exactly at any N") {
  constexpr int runs = 12'000;
  constexpr std::size_t particles = 10;
  for (const int dimension : {2, 3}) {
    // sigma g = 1 in both.
    const laws::CollisionLaw law =
        dimension == 3 ? maxwell_molecules : laws::CollisionLaw{{0.5}, 1.0, 1.0};
    std::vector<test_support::Replicas> measured(3);
    test_support::Replicas handed;  // sum of v_x v_y: angles of one sense would turn the beams
    StepClock clock;
    Ledger ledger;
    const ElasticCollisions collisions(law, 1.0, 6);
    for (int run = 0; run < runs; ++run) {
      PhaseEnsemble gas = two_beams(dimension, particles);
      for (test_support::Replicas& at : measured) {
        collisions.advance(gas, 0.0, 1.0, clock, ledger);
        at.add(anisotropy(gas) / static_cast<double>(particles));
      }
      double turned = 0.0;
      for (std::size_t i = 0; i < particles; ++i) turned += gas.momenta(0)[i] * gas.momenta(1)[i];
      handed.add(turned);
    }
    const double start = 1.0 - 1.0 / dimension, largest = test_support::largest_student(runs, 8);
    CHECK(std::abs(handed.deviate(0.0)) < largest);
    for (std::size_t k = 0; k < 3; ++k) {
      const double t = static_cast<double>(k) + 1.0,
                   expected = start * std::exp(-theory::anisotropy_decay(dimension) * t);
      MESSAGE("d = ", dimension, ", nu t = ", t, ": ", measured[k].mean(), " +- ",
              measured[k].error(), ", exact ", expected);
      CHECK(std::abs(measured[k].deviate(expected)) < largest);
    }
    // A particle meets 9 others, not 10: with that rate of collisions, as for a large gas, the
    // decay would be slower.
    const double naive = start * std::exp(-theory::anisotropy_decay(dimension) * 2.0 * 9.0 / 10.0);
    CHECK(std::abs(measured[1].deviate(naive)) > largest);
  }
}

TEST_CASE("fourth moments of ten Maxwell molecules, exactly: Kac's process at a finite number") {
  constexpr int runs = 8000;
  constexpr std::size_t particles = 10;
  std::vector<test_support::Replicas> fourth(2), tensor(2);
  StepClock clock;
  Ledger ledger;
  const ElasticCollisions collisions(maxwell_molecules, 1.0, 7);
  theory::FourthMoments start{};
  for (int run = 0; run < runs; ++run) {
    PhaseEnsemble gas = two_beams(3, particles);
    start = fourth_sums(gas);
    for (std::size_t k = 0; k < 2; ++k) {
      collisions.advance(gas, 0.0, 1.5, clock, ledger);
      const theory::FourthMoments sums = fourth_sums(gas);
      fourth[k].add(sums.fourth);
      tensor[k].add(sums.tensor);
    }
  }
  const double largest = test_support::largest_student(runs, 4);
  for (std::size_t k = 0; k < 2; ++k) {
    const double t = 1.5 * (static_cast<double>(k) + 1.0);
    const theory::FourthMoments exact = theory::fourth_moments(start, particles, particles, t);
    MESSAGE("nu t = ", t, ": sum v^4 ", fourth[k].mean(), " +- ", fourth[k].error(), ", exact ",
            exact.fourth, "; tensor ", tensor[k].mean(), " +- ", tensor[k].error(), ", exact ",
            exact.tensor);
    CHECK(std::abs(fourth[k].deviate(exact.fourth)) < largest);
    CHECK(std::abs(tensor[k].deviate(exact.tensor)) < largest);
    // In a large gas the fourth moment would be another: what is tested is the finite number.
    const double of_many = theory::fourth_moments({1e8, 1e16}, 1e8, 100'000'000, t).fourth / 1e7;
    CHECK(std::abs(fourth[k].deviate(of_many)) > largest);
  }
}

TEST_CASE(
    "the solution of Krook and Wu: fourth and sixth moment, and the whole distribution of the "
    "energies") {
  constexpr int runs = 100;
  constexpr std::size_t particles = 2000;
  std::mt19937_64 random(8);
  std::normal_distribution<double> normal;
  std::vector<test_support::Replicas> fourth(3), sixth(3);
  std::vector<std::vector<std::uint64_t>> counts(3, std::vector<std::uint64_t>(40, 0));
  std::vector<std::uint64_t> as_at_the_start = counts[0];
  StepClock clock;
  Ledger ledger;
  const ElasticCollisions collisions(maxwell_molecules, 1.0, 9);
  for (int run = 0; run < runs; ++run) {
    PhaseEnsemble gas(3, {{particles, 1.0}});
    for (std::size_t i = 0; i < particles; ++i) {
      // K = 3/5: v^2/K has five degrees of freedom.
      double square = 0.0;
      for (int k = 0; k < 5; ++k) square += 0.6 * std::pow(normal(random), 2);
      const Vector way{normal(random), normal(random), normal(random)};
      for (std::size_t axis = 0; axis < 3; ++axis)
        gas.momenta(static_cast<int>(axis))[i] =
            std::sqrt(square) * way[axis] / std::hypot(way[0], way[1], way[2]);
    }
    for (std::size_t k = 0; k < 3; ++k) {
      collisions.advance(gas, 0.0, 1.5, clock, ledger);
      const theory::KrookWu law = theory::KrookWu::after(0.6, 1.5 * static_cast<double>(k + 1));
      double v4 = 0.0, v6 = 0.0;
      for (std::size_t i = 0; i < particles; ++i) {
        const double energy = gas.kinetic_energy(0, i), square = 2.0 * energy;
        v4 += square * square;
        v6 += square * square * square;
        ++counts[k][test_support::class_of(law.cumulative(energy, 1.0))];
        if (k == 0)
          ++as_at_the_start[test_support::class_of(theory::KrookWu{0.6}.cumulative(energy, 1.0))];
      }
      fourth[k].add(v4 / (15.0 * particles));
      sixth[k].add(v6 / (105.0 * particles));
    }
  }
  const double largest = test_support::largest_student(runs, 6);
  for (std::size_t k = 0; k < 3; ++k) {
    const theory::KrookWu law = theory::KrookWu::after(0.6, 1.5 * static_cast<double>(k + 1));
    const double p_value = test_support::fit_to_equal_classes(counts[k]).p_value;
    MESSAGE("nu t = ", 1.5 * static_cast<double>(k + 1), ", K = ", law.k, ": fourth ",
            fourth[k].mean(), " +- ", fourth[k].error(), ", exact ", law.moment(2), "; sixth ",
            sixth[k].mean(), " +- ", sixth[k].error(), ", exact ", law.moment(3),
            "; p = ", p_value);
    CHECK(std::abs(fourth[k].deviate(law.moment(2))) < largest);
    CHECK(std::abs(sixth[k].deviate(law.moment(3))) < largest);
    CHECK(p_value > false_alarm_rate / 3.0);
  }
  CHECK(test_support::fit_to_equal_classes(as_at_the_start).p_value < 1e-20);
}

TEST_CASE(
    "hard spheres: the memory of directions, summed over time, is Chapman and Enskog's viscosity "
    "over the pressure") {
  // Green and Kubo for a homogeneous dilute gas: a small anisotropy A decays with the integral of A
  // dt/A(0) = viscosity/(n T) = 1.016034 (5/4)/nu (S. Chapman, T. G. Cowling, 1970; C. L. Pekeris,
  // Z. Alterman, Proc. Natl. Acad. Sci. 43 (1957) 998), nu = 4 n d^2 sqrt(pi T/m). Of two gases,
  // one hotter along x and one colder, the difference: what goes with the square of the anisotropy
  // drops out; with its cube there goes a share of 0.07 strength^2, below the error here.
  constexpr std::size_t particles = 12'000;
  constexpr int runs = 12;
  constexpr double strength = 0.2, step = 0.0625;
  constexpr double nu = 4.0;  // at d^2 = 1/sqrt(pi)
  const ElasticCollisions collisions({{1.0 / std::pow(std::numbers::pi, 0.25)}}, 1.0, 10);
  StepClock clock;
  Ledger ledger;
  test_support::Replicas memory;
  for (int run = 0; run < runs; ++run) {
    double sums[2] = {}, starts[2] = {};
    for (const int sign : {0, 1}) {
      PhaseEnsemble gas =
          maxwell_gas(3, {{particles, 1.0}}, 1.0, 500 + static_cast<std::uint64_t>(run));
      const double e = sign == 0 ? strength : -strength;
      for (int axis = 0; axis < 3; ++axis) {
        double square = 0.0;
        for (const double p : gas.momenta(axis)) square += p * p / particles;
        const double wanted = axis == 0 ? 1.0 + 2.0 * e : 1.0 - e;
        for (double& p : gas.momenta(axis)) p *= std::sqrt(wanted / square);
      }
      starts[sign] = anisotropy(gas);
      // Simpson's rule, and beyond 5/nu the last value's exponential tail.
      sums[sign] = step / 3.0 * starts[sign];
      for (int k = 1; k <= 20; ++k) {
        collisions.advance(gas, 0.0, step, clock, ledger);
        sums[sign] += (k == 20      ? step / 3.0 + 1.25 / nu
                       : k % 2 == 1 ? step * 4.0 / 3.0
                                    : step * 2.0 / 3.0) *
                      anisotropy(gas);
      }
    }
    memory.add((sums[0] - sums[1]) / (starts[0] - starts[1]) * nu * 0.8);
  }
  MESSAGE("in units of 5/(4 nu): ", memory.mean(), " +- ", memory.error());
  CHECK(std::abs(memory.deviate(1.016034)) < test_support::largest_student(runs, 1));
}
