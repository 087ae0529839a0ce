#include "powerstroke/kernels/elastic_collisions.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <random>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "support/gas.hpp"
#include "support/replicas.hpp"

using namespace powerstroke;
using test_support::maxwell_gas;

namespace {

const laws::CollisionLaw spheres{{0.5, 0.8}}, soft{{0.5, 0.8}, 0.74, 1.0},
    maxwell{{0.5, 0.8}, 1.0, 1.0};

Ledger collide(PhaseEnsemble& gas, const laws::CollisionLaw& law, double dt,
               std::uint64_t seed = 3) {
  StepClock clock;
  Ledger ledger;
  ElasticCollisions(law, 1.0, seed).advance(gas, 0.0, dt, clock, ledger);
  return ledger;
}

std::vector<double> all_momenta(PhaseEnsemble& gas) {
  std::vector<double> all;
  for (int axis = 0; axis < gas.dimension(); ++axis)
    all.insert(all.end(), gas.momenta(axis).begin(), gas.momenta(axis).end());
  return all;
}

/// All pairs at their own rates. @returns how many collided.
int collide_directly(PhaseEnsemble& gas, const laws::CollisionLaw& law, double time,
                     std::mt19937_64& random) {
  std::exponential_distribution<double> wait(1.0);
  std::normal_distribution<double> normal;
  const std::size_t n = gas.size();
  const auto velocity = [&](std::size_t i, int axis) {
    return gas.momenta(axis)[i] / gas.mass(gas.species_of(i));
  };
  for (int collisions = 0;; ++collisions) {
    std::vector<double> rates;
    for (std::size_t i = 0; i < n; ++i)
      for (std::size_t j = 0; j < n; ++j) {
        double square = 0.0;
        for (int axis = 0; axis < 3; ++axis)
          square += std::pow(velocity(i, axis) - velocity(j, axis), 2);
        const double diameter = 0.5 * (law.diameters[gas.species_of(i)] +
                                       law.diameters[gas.species_of(j)]),
                     g = std::sqrt(square);
        rates.push_back(i < j && g > 0.0
                            ? std::numbers::pi * diameter * diameter * g *
                                  std::pow(law.reference_speed / g, 2.0 * law.omega - 1.0) /
                                  static_cast<double>(n)
                            : 0.0);
      }
    std::discrete_distribution<std::size_t> any(rates.begin(), rates.end());
    double total = 0.0;
    for (const double rate : rates) total += rate;
    time -= wait(random) / total;
    if (time < 0.0) return collisions;
    const std::size_t pair = any(random), i = pair / n, j = pair % n;
    const double mass_i = gas.mass(gas.species_of(i)), mass_j = gas.mass(gas.species_of(j));
    double way[3], length = 0.0, g = 0.0;
    for (int axis = 0; axis < 3; ++axis) {
      way[axis] = normal(random);
      length = std::hypot(length, way[axis]);
      g = std::hypot(g, velocity(i, axis) - velocity(j, axis));
    }
    for (int axis = 0; axis < 3; ++axis) {
      const double all = gas.momenta(axis)[i] + gas.momenta(axis)[j];
      const double relative = mass_i * mass_j / (mass_i + mass_j) * g * way[axis] / length;
      gas.momenta(axis)[i] = all * mass_i / (mass_i + mass_j) + relative;
      gas.momenta(axis)[j] = all * mass_j / (mass_i + mass_j) - relative;
    }
  }
}

}  // namespace

TEST_CASE(
    "elastic collisions keep momentum and energy to rounding, in d = 2 and 3, whatever the "
    "masses") {
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  for (const int dimension : {2, 3})
    for (const laws::CollisionLaw& law : {spheres, soft, maxwell}) {
      CAPTURE(dimension);
      CAPTURE(law.omega);
      PhaseEnsemble gas = maxwell_gas(dimension, {{1500, 1.0}, {500, 7.3}}, 2.0);
      const double energy = test_support::total_energy(gas);
      Vector before{};
      double largest = 0.0;
      for (int axis = 0; axis < dimension; ++axis)
        for (const double p : gas.momenta(axis)) {
          before[static_cast<std::size_t>(axis)] += p;
          largest = std::max(largest, std::abs(p));
        }
      const Ledger ledger = collide(gas, law, 20.0);
      CHECK(ledger.collisions > 10'000);
      CHECK(ledger.collisions <= ledger.collision_candidates);
      // A collision rounds each of two components twice, and its energy, of two particles, in about
      // 20 operations; roundings are of either sign but are added here as if they were not. Sums
      // over 2000 numbers round once each.
      const auto roundings = static_cast<double>(ledger.collisions);
      for (int axis = 0; axis < dimension; ++axis) {
        double after = 0.0;
        for (const double p : gas.momenta(axis)) after += p;
        CHECK(std::abs(after - before[static_cast<std::size_t>(axis)]) <
              (2.0 * roundings + 4000.0 * 50.0) * epsilon * largest);
      }
      const double mean_of_two = 2.0 * energy / 2000.0;
      CHECK(std::abs(test_support::total_energy(gas) - energy) <
            20.0 * roundings * epsilon * 4.0 * mean_of_two + 4000.0 * epsilon * energy);
    }
}

TEST_CASE("elastic collisions of two particles: each keeps its speed in the centre of mass") {
  PhaseEnsemble two(3, {{1, 1.0}, {1, 3.0}});
  two.momenta(0)[0] = 2.0;
  two.momenta(1)[1] = -1.5;
  const Ledger ledger = collide(two, spheres, 100.0);
  CHECK(ledger.collisions > 10);
  CHECK(two.momenta(0)[0] != 2.0);
  const double total[] = {2.0, -1.5, 0.0};
  double square = 0.0, start = 0.0;
  const double initial[] = {2.0, 0.0, 0.0};
  for (int axis = 0; axis < 3; ++axis) {
    CHECK(two.momenta(axis)[0] + two.momenta(axis)[1] ==
          doctest::Approx(total[axis]).epsilon(1e-13));
    square += std::pow(two.momenta(axis)[0] - 0.25 * total[axis], 2);
    start += std::pow(initial[axis] - 0.25 * total[axis], 2);
  }
  CHECK(square == doctest::Approx(start).epsilon(1e-13));
}

TEST_CASE(
    "elastic collisions go on exactly where a collision makes a particle faster than all before") {
  // 100 cold particles and a few fast light ones: the bound of the cold species rises a
  // hundredfold, and no rate breaks it.
  PhaseEnsemble gas(3, {{100, 1.0}, {4, 1.0}});
  for (std::size_t i = 0; i < 4; ++i) gas.momenta(static_cast<int>(i % 3))[100 + i] = 100.0;
  for (std::size_t i = 0; i < 100; ++i) gas.momenta(0)[i] = 1e-3 * static_cast<double>(i % 2);
  const Ledger ledger = collide(gas, spheres, 5.0);
  CHECK(ledger.collisions > 1000);
}

TEST_CASE(
    "elastic collisions by a bound that rises: the same law as all pairs at their own rates") {
  // Five particles at rest and one that is fast and light: each collision raises a bound. The
  // reference knows all rates at each time (D. T. Gillespie, J. Comput. Phys. 22 (1976) 403), and
  // draws from a generator of its own.
  constexpr int runs = 6000;
  constexpr double time = 0.6;
  const laws::CollisionLaw law{{1.0, 0.7}, 0.6, 1.3};
  const auto start = [] {
    PhaseEnsemble gas(3, {{5, 1.0}, {1, 0.5}});
    gas.momenta(0)[5] = 4.0;
    gas.momenta(1)[2] = 0.01;
    return gas;
  };
  const auto share_of_first = [](const PhaseEnsemble& gas) {
    return std::pow(gas.kinetic_energy(0, 0), 2);
  };
  test_support::Replicas count, square, direct_count, direct_square;
  const ElasticCollisions collisions(law, 1.0, 4);
  StepClock clock;
  std::mt19937_64 random(5);
  for (int run = 0; run < runs; ++run) {
    PhaseEnsemble gas = start(), other = gas;
    Ledger ledger;
    collisions.advance(gas, 0.0, time, clock, ledger);
    count.add(static_cast<double>(ledger.collisions));
    square.add(share_of_first(gas));
    direct_count.add(collide_directly(other, law, time, random));
    direct_square.add(share_of_first(other));
  }
  const double largest = test_support::largest_student(runs, 2);
  MESSAGE("collisions ", count.mean(), " +- ", count.error(), ", directly ", direct_count.mean(),
          " +- ", direct_count.error(), "; <E_0^2> ", square.mean(), " +- ", square.error(),
          ", directly ", direct_square.mean(), " +- ", direct_square.error());
  CHECK(std::abs(count.mean() - direct_count.mean()) <
        largest * std::hypot(count.error(), direct_count.error()));
  CHECK(std::abs(square.mean() - direct_square.mean()) <
        largest * std::hypot(square.error(), direct_square.error()));
}

TEST_CASE("elastic collisions: nothing moves where nothing can") {
  PhaseEnsemble still(3, {{10, 1.0}, {10, 2.0}});
  CHECK(collide(still, spheres, 1e6).collision_candidates == 0);
  PhaseEnsemble one(3, {{1, 1.0}, {0, 1.0}});
  one.momenta(0)[0] = 1.0;
  CHECK(collide(one, spheres, 1e6).collision_candidates == 0);
  PhaseEnsemble gas = maxwell_gas(3, {{10, 1.0}, {10, 1.0}}, 1.0);
  CHECK(collide(gas, spheres, 0.0).collisions == 0);
}

TEST_CASE("elastic collisions: the same bits for 1, 2, 4 and 8 threads, and one stream a call") {
  const auto run = [](int threads) {
    const parallel::Threads scope(threads);
    PhaseEnsemble gas = maxwell_gas(3, {{9000, 1.0}, {3000, 2.0}}, 1.0);
    StepClock clock;
    Ledger ledger;
    const ElasticCollisions collisions(soft, 1.0, 8);
    for (int i = 0; i < 3; ++i) collisions.advance(gas, 0.2 * i, 0.2, clock, ledger);
    CHECK(clock.now() == 3);
    CHECK(ledger.steps == 3);
    return all_momenta(gas);
  };
  const std::vector<double> once = run(1);
  for (const int threads : {2, 4, 8}) CHECK(run(threads) == once);
}

TEST_CASE("elastic collisions: what cannot be is refused") {
  CHECK_THROWS_AS(ElasticCollisions({{}}, 1.0, 1), ConfigError);
  CHECK_THROWS_AS(ElasticCollisions({{0.0}}, 1.0, 1), ConfigError);
  CHECK_THROWS_AS(ElasticCollisions({{1.0}, 0.4, 1.0}, 1.0, 1), ConfigError);
  CHECK_THROWS_AS(ElasticCollisions({{1.0}, 1.1, 1.0}, 1.0, 1), ConfigError);
  CHECK_THROWS_WITH_AS(ElasticCollisions({{1.0}, 0.7, 0.0}, 1.0, 1),
                       doctest::Contains("reference speed"), ConfigError);
  CHECK_THROWS_AS(ElasticCollisions({{1.0}}, -1.0, 1), ConfigError);
  PhaseEnsemble line(1, {{10, 1.0}, {10, 1.0}});
  CHECK_THROWS_WITH_AS(collide(line, spheres, 1.0), doctest::Contains("d = 1"), ConfigError);
  PhaseEnsemble single(3, {{10, 1.0}});
  CHECK_THROWS_WITH_AS(collide(single, spheres, 1.0),
                       doctest::Contains("2 diameters for 1 species"), ConfigError);
  PhaseEnsemble broken = maxwell_gas(3, {{10, 1.0}, {10, 1.0}}, 1.0);
  CHECK_THROWS_WITH_AS(collide(broken, spheres, 1e13), doctest::Contains("10^12"), NumericsError);
  broken.momenta(1)[13] = std::numeric_limits<double>::infinity();
  CHECK_THROWS_AS(collide(broken, spheres, 1.0), NumericsError);
}
