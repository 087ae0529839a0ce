#include "powerstroke/kernels/wall_strokes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/kernels/flight.hpp"
#include "support/bounds.hpp"
#include "support/gas.hpp"

using namespace powerstroke;
using test_support::maxwell_gas;

namespace {

using Sides = laws::Extent::Sides;

laws::Box cube(int walls, Sides others = Sides::periodic) {
  laws::Box box;
  for (int axis = 0; axis < 3; ++axis)
    box.axis[static_cast<std::size_t>(axis)] = {axis < walls ? Sides::reflecting : others, 0.0,
                                                1.0};
  return box;
}

laws::StrokeLaw law_of(double up, double down, double delta_e = 1.0,
                       const laws::AnyRates& rates = laws::Constant{}) {
  laws::StrokeLaw law;
  law.transitions = {{delta_e, up, down}};
  law.rates = rates;
  return law;
}

template <class Kernel>
Ledger move(const Kernel& kernel, PhaseEnsemble& gas, double dt, int parts = 1) {
  StepClock clock;
  Ledger ledger;
  for (int i = 0; i < parts; ++i) kernel.advance(gas, 0.0, dt / parts, clock, ledger);
  return ledger;
}

std::vector<double> state(PhaseEnsemble& gas) {
  std::vector<double> all;
  for (int axis = 0; axis < gas.dimension(); ++axis) {
    all.insert(all.end(), gas.positions(axis).begin(), gas.positions(axis).end());
    all.insert(all.end(), gas.momenta(axis).begin(), gas.momenta(axis).end());
  }
  return all;
}

}  // namespace

TEST_CASE(
    "walls without strokes: the flight that lands in one go, whatever the sides of the other "
    "axes") {
  for (const Sides others : {Sides::periodic, Sides::open})
    for (const int walls : {1, 2, 3}) {
      PhaseEnsemble hits = maxwell_gas(3, {{500, 1.0}, {300, 2.5}}, 2.0, 1, 1.0), lands = hits;
      const Ledger ledger = move(WallStrokes(cube(walls, others), law_of(0.0, 0.0), 1), hits, 7.0);
      const Ledger expected = move(Flight(cube(walls, others)), lands, 7.0);
      CHECK(ledger.wall_hits == expected.wall_hits);
      CHECK(ledger.wall_hits > 1000);
      CHECK(ledger.strokes() == 0);
      // A flight of v t is rounded once, and that of its hits once each; the fastest of 800 makes
      // under 200 hits.
      const double allowed = 200.0 * 100.0 * std::numeric_limits<double>::epsilon();
      const std::vector<double> a = state(hits), b = state(lands);
      double largest = 0.0;
      for (std::size_t k = 0; k < a.size(); ++k) largest = std::max(largest, std::abs(a[k] - b[k]));
      CHECK(largest < allowed);
    }
}

TEST_CASE(
    "an uptake at every hit: the particle flies on faster at once, in its mirrored direction") {
  PhaseEnsemble one(2, {{1, 2.0}});
  one.positions(0)[0] = 0.5;
  one.positions(1)[0] = 0.25;
  one.momenta(0)[0] = 2.0;  // E = 1 + 1/16, speed 1 along x and 1/4 along y
  one.momenta(1)[0] = 0.5;
  const Ledger ledger =
      move(WallStrokes(cube(1), law_of(1.0, 0.0, 17.0 / 16.0 * 3.0), 1), one, 0.75);
  // At t = 1/2 it comes to x = 1; with four times the energy it is twice as fast.
  CHECK(ledger.uptakes == 1);
  CHECK(ledger.wall_hits == 1);
  CHECK(one.momenta(0)[0] == doctest::Approx(-4.0).epsilon(1e-14));
  CHECK(one.momenta(1)[0] == doctest::Approx(1.0).epsilon(1e-14));
  CHECK(one.positions(0)[0] == doctest::Approx(0.5).epsilon(1e-14));
  CHECK(one.positions(1)[0] == doctest::Approx(0.25 + 0.125 + 0.125).epsilon(1e-14));
}

TEST_CASE(
    "strokes at walls: energy by the ledger to rounding, no direction changes but by mirrors, each "
    "hit one attempt") {
  constexpr double epsilon = std::numeric_limits<double>::epsilon();
  for (const int dimension : {1, 2, 3}) {
    CAPTURE(dimension);
    PhaseEnsemble gas = maxwell_gas(dimension, {{2000, 1.0}}, 1.0, 2, 1.0);
    const std::vector<double> start = state(gas);
    const double before = test_support::total_energy(gas);
    const Ledger ledger = move(
        WallStrokes(cube(3), law_of(0.3, 0.5, 0.7, laws::microreversible_at_walls(dimension)), 3),
        gas, 10.0);
    const double after = test_support::total_energy(gas);
    CHECK(ledger.strokes() > 2000);
    CHECK(ledger.declined_uptakes == 0);
    CHECK((ledger.declined_releases > 0) == (dimension > 1));
    // A stroke rounds the energy of its particle, of 100 at most, in some 16 operations; the sums
    // over particles round, too.
    const double allowed =
        (16.0 * 100.0 * static_cast<double>(ledger.strokes()) + 2.0 * 2000.0 * after) * epsilon;
    CHECK(std::abs(after - before - 0.7 * static_cast<double>(ledger.net_quanta())) < allowed);
    for (std::size_t i = 0; i < 2000; ++i) {
      const double scale = std::abs(gas.momenta(0)[i] / start[2000 + i]);
      for (int axis = 0; axis < dimension; ++axis) {
        const double first = start[static_cast<std::size_t>(2 * axis + 1) * 2000 + i];
        CHECK(std::abs(gas.momenta(axis)[i]) ==
              doctest::Approx(scale * std::abs(first)).epsilon(1e-11));
      }
    }
    // Attempts are a binomial share of the hits: 0.3 and 0.5.
    const auto hits = static_cast<double>(ledger.wall_hits);
    const auto check = [&](std::uint64_t count, double share) {
      CHECK(std::abs(static_cast<double>(count) - share * hits) <
            test_support::largest_deviate(6) * std::sqrt(share * (1.0 - share) * hits));
    };
    check(ledger.uptakes, 0.3);
    check(ledger.attempted_releases(), 0.5);
  }
}

TEST_CASE("strokes at walls: of the species that makes them; a particle at rest never hits") {
  PhaseEnsemble gas = maxwell_gas(3, {{300, 1.0}, {200, 1.0}, {1, 1.0}}, 1.0, 5, 1.0);
  for (int axis = 0; axis < 3; ++axis) gas.momenta(axis)[500] = 0.0;
  const double active = test_support::total_energy(gas, 1);
  std::vector<double> inert;
  for (std::size_t i = 0; i < 300; ++i) inert.push_back(gas.kinetic_energy(0, i));
  move(WallStrokes(cube(3), law_of(0.5, 0.5), 1, 1), gas, 10.0);
  for (std::size_t i = 0; i < 300; ++i) CHECK(gas.kinetic_energy(0, i) == inert[i]);
  CHECK(test_support::total_energy(gas, 1) != active);
  const Ledger ledger = move(WallStrokes(cube(3), law_of(1.0, 0.0), 1, 2), gas, 10.0);
  CHECK(ledger.wall_hits > 0);
  CHECK(ledger.strokes() == 0);
  CHECK(test_support::total_energy(gas, 2) == 0.0);
}

TEST_CASE("strokes at walls: the same bits for 1, 2, 4 and 8 threads") {
  const auto run = [](int threads) {
    const parallel::Threads scope(threads);
    PhaseEnsemble gas = maxwell_gas(3, {{10'000, 1.0}, {5000, 2.0}}, 1.0, 6, 1.0);
    move(WallStrokes(cube(2), law_of(0.3, 0.5, 1.0, laws::microreversible_at_walls(3)), 6), gas,
         2.0, 3);
    return state(gas);
  };
  const std::vector<double> once = run(1);
  for (const int threads : {2, 4, 8}) CHECK(run(threads) == once);
}

TEST_CASE("strokes at walls: what cannot be is refused") {
  CHECK_THROWS_WITH_AS(WallStrokes(cube(3), law_of(0.6, 0.5), 1), doctest::Contains("sum to 1.1"),
                       ConfigError);
  CHECK_THROWS_AS(WallStrokes(cube(3), law_of(-0.1, 0.5), 1), ConfigError);
  CHECK_THROWS_AS(WallStrokes(cube(3), law_of(0.1, 0.5, 0.0), 1), ConfigError);
  CHECK_THROWS_WITH_AS(WallStrokes(cube(0), law_of(0.1, 0.5), 1), doctest::Contains("no wall"),
                       ConfigError);
  laws::StrokeLaw conserving = law_of(0.1, 0.5);
  conserving.balance = laws::Conserving{};
  CHECK_THROWS_AS(WallStrokes(cube(3), conserving, 1), ConfigError);
  CHECK_NOTHROW(WallStrokes(cube(3), law_of(0.7, 0.3), 1));
  PhaseEnsemble gas = maxwell_gas(3, {{10, 1.0}}, 1.0, 5, 1.0);
  CHECK_THROWS_AS(move(WallStrokes(cube(3), law_of(0.1, 0.5), 1, 1), gas, 1.0), ConfigError);
  gas.momenta(1)[7] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH_AS(move(WallStrokes(cube(3), law_of(0.1, 0.5), 1), gas, 1.0),
                       doctest::Contains("particle 7"), NumericsError);
  gas.momenta(1)[7] = 0.0;
  gas.positions(2)[3] = std::numeric_limits<double>::infinity();
  CHECK_THROWS_WITH_AS(move(WallStrokes(cube(3), law_of(0.1, 0.5), 1), gas, 1.0),
                       doctest::Contains("particle 3"), NumericsError);
}
