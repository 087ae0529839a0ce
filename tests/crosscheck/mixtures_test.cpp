#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "powerstroke/analysis/weighted_line.hpp"
#include "powerstroke/kernels/elastic_collisions.hpp"
#include "powerstroke/kernels/phase_split.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "powerstroke/kernels/species_kernel.hpp"
#include "support/gas.hpp"
#include "support/maxwell_fit.hpp"
#include "support/replicas.hpp"

using namespace powerstroke;
using test_support::maxwell_gas;

/// An active gas and an inert one that share their energy by elastic collisions: the impurity
/// mechanism of (13).
namespace {

constexpr double bath = 2.0;
constexpr std::size_t active = 0, inert = 1;

PoissonStrokes strokes() {
  laws::StrokeLaw law;
  law.transitions = {{1.0, laws::thermal_rate_up(0.2, 1.0, bath), 0.2}};
  law.rates = laws::Microreversible(3);
  return PoissonStrokes(law, 21);
}

PhaseSplit mixture(double density, double step = 0.25) {
  return PhaseSplit(
      {phase_part(SpeciesKernel<PoissonStrokes>(strokes(), active)),
       phase_part(ElasticCollisions(
           {{std::numbers::inv_sqrtpi, std::numbers::inv_sqrtpi}, 1.0, 1.0}, density, 21))},
      step);
}

}  // namespace

TEST_CASE(
    "an inert gas with an active impurity relaxes at a rate linear in the active partial "
    "pressure") {
  constexpr std::size_t particles = 2000;
  constexpr int runs = 12;
  constexpr double start = 0.5;
  std::vector<analysis::WeightedPoint> points;
  StepClock clock;
  Ledger ledger;
  // 20 collisions a particle for each attempt of an active one to release a quantum.
  const PhaseSplit split = mixture(4.0);
  for (const double share : {0.1, 0.2, 0.3, 0.45, 0.6}) {
    const auto of_active = static_cast<std::size_t>(std::lround(share * particles));
    const double time = 3.0 / share;
    test_support::Replicas rate;
    for (int run = 0; run < runs; ++run) {
      PhaseEnsemble gas = maxwell_gas(3, {{of_active, 1.0}, {particles - of_active, 2.0}}, start,
                                      300 + static_cast<std::uint64_t>(run));
      const double end = 1.5 * bath * particles, before = end - test_support::total_energy(gas);
      split.advance(gas, 0.0, time, clock, ledger);
      rate.add((1.0 - (end - test_support::total_energy(gas)) / before) / time);
    }
    MESSAGE("active share ", share, ": rate ", rate.mean(), " +- ", rate.error());
    points.push_back({share, rate.mean(), rate.error()});
  }
  const analysis::WeightedLine line = analysis::weighted_line(points);
  const double largest = test_support::largest_student(runs, 2);
  MESSAGE("slope ", line.slope, " +- ", line.slope_error, ", intercept ", line.intercept, " +- ",
          line.intercept_error, ", chi2 ", line.chi2, " of ", line.dof, ", p = ", line.p_value);
  CHECK(std::abs(line.intercept) < largest * line.intercept_error);
  CHECK(line.slope > 20.0 * line.slope_error);
  CHECK(line.p_value > test_support::false_alarm_rate);
}

TEST_CASE(
    "a mixture ends at the temperature of the bath, both gases, through the active one alone") {
  PhaseEnsemble gas = maxwell_gas(3, {{4000, 1.0}, {4000, 2.0}}, 0.5, 22);
  StepClock clock;
  Ledger ledger;
  mixture(1.0, 1.0).advance(gas, 0.0, 600.0, clock, ledger);
  for (const std::size_t species : {active, inert})
    CHECK(test_support::worst_maxwell_fit(gas.view(species), bath) >
          test_support::false_alarm_rate / 8.0);
}

TEST_CASE("without elastic collisions the inert gas keeps its every bit") {
  PhaseEnsemble gas = maxwell_gas(3, {{1000, 1.0}, {3000, 2.0}}, 0.5, 23), before = gas;
  StepClock clock;
  Ledger ledger;
  mixture(0.0).advance(gas, 0.0, 50.0, clock, ledger);
  CHECK(ledger.strokes() > 1000);
  CHECK(ledger.collision_candidates == 0);
  for (int axis = 0; axis < 3; ++axis)
    CHECK(std::equal(gas.momenta(axis).begin() + 1000, gas.momenta(axis).end(),
                     before.momenta(axis).begin() + 1000));
  CHECK(test_support::total_energy(gas, active) != test_support::total_energy(before, active));
}
