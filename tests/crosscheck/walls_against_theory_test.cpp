#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <string>
#include <vector>

#include "powerstroke/analysis/theory/kinetic_theory.hpp"
#include "powerstroke/analysis/weighted_line.hpp"
#include "powerstroke/kernels/elastic_collisions.hpp"
#include "powerstroke/kernels/phase_split.hpp"
#include "powerstroke/kernels/wall_strokes.hpp"
#include "support/gas.hpp"
#include "support/maxwell_fit.hpp"
#include "support/replicas.hpp"

using namespace powerstroke;
using test_support::false_alarm_rate;
using test_support::maxwell_gas;

/// Strokes at walls against the kinetic theory of gases.
namespace {

constexpr double wall_temperature = 1.5;

laws::Box box_of(double length, int walls) {
  laws::Box box;
  for (int axis = 0; axis < 3; ++axis)
    box.axis[static_cast<std::size_t>(axis)] = {
        axis < walls ? laws::Extent::Sides::reflecting : laws::Extent::Sides::periodic, 0.0,
        length};
  return box;
}

/// A release at half of the hits, an uptake at as many as the walls' temperature has it.
laws::StrokeLaw wall_law(const laws::AnyRates& rates, double release = 0.5) {
  laws::StrokeLaw law;
  law.transitions = {{1.0, laws::thermal_rate_up(release, 1.0, wall_temperature), release}};
  law.rates = rates;
  return law;
}

/// The least p-value of energies, components and places in a box.
double worst_fit(const PhaseEnsemble& gas, double length) {
  const PhaseView particles = gas.view(0);
  double worst = test_support::worst_maxwell_fit(particles, wall_temperature);
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(particles.dimension); ++axis) {
    std::vector<std::uint64_t> counts(test_support::maxwell_classes, 0);
    for (const double x : particles.position[axis]) ++counts[test_support::class_of(x / length)];
    worst = std::min(worst, test_support::fit_to_equal_classes(counts).p_value);
  }
  return worst;
}

}  // namespace

TEST_CASE(
    "a gas at the temperature of its walls stays as it is, with the rates of the flux alone") {
  constexpr std::size_t particles = 30'000;
  const auto worst_after = [&](int dimension, const laws::AnyRates& rates, double& mean_energy) {
    PhaseEnsemble gas = maxwell_gas(dimension, {{particles, 1.0}}, wall_temperature, 4, 1.0);
    StepClock clock;
    Ledger ledger;
    WallStrokes(box_of(1.0, dimension), wall_law(rates), 5).advance(gas, 0.0, 12.0, clock, ledger);
    CHECK(ledger.strokes() > 3 * particles);
    mean_energy = test_support::total_energy(gas) / static_cast<double>(particles);
    return worst_fit(gas, 1.0);
  };
  constexpr double checks = 18.0;  // 2d + 1 in d = 1, 2, 3, and in d = 1 once more
  double mean_energy = 0.0;
  for (const int dimension : {1, 2, 3}) {
    const double p = worst_after(dimension, laws::microreversible_at_walls(dimension), mean_energy);
    MESSAGE("d = ", dimension, ", rates of the flux: p = ", p, ", mean energy ", mean_energy,
            " of ", 0.5 * dimension * wall_temperature);
    CHECK(p > false_alarm_rate / checks);
  }
  // Where the flux has no say, in d = 1, constant rates are right.
  CHECK(worst_after(1, laws::Constant{}, mean_energy) > false_alarm_rate / checks);
  // The breaks: what is right within the gas is wrong at its walls, and so are constant rates.
  struct Break {
    std::string name;
    int dimension;
    laws::AnyRates rates;
  };
  for (const Break& wrong : {Break{"microreversible as in the gas", 1, laws::Microreversible(1)},
                             Break{"microreversible as in the gas", 2, laws::Microreversible(2)},
                             Break{"microreversible as in the gas", 3, laws::Microreversible(3)},
                             Break{"constant", 3, laws::Constant{}}}) {
    const double p = worst_after(wrong.dimension, wrong.rates, mean_energy);
    MESSAGE("d = ", wrong.dimension, ", ", wrong.name, ": p = ", p, ", mean energy ", mean_energy);
    CHECK(p < 1e-20);
  }
}

TEST_CASE(
    "a cold gas reaches the temperature of its walls, which need not be hit by all axes alike") {
  // Walls on one axis alone: collisions bring their heat to the others.
  constexpr std::size_t particles = 10'000;
  PhaseEnsemble gas = maxwell_gas(3, {{particles, 1.0}}, 0.2, 6, 1.0);
  StepClock clock;
  Ledger ledger;
  const PhaseSplit split(
      {phase_part(ElasticCollisions({{std::numbers::inv_sqrtpi}, 1.0, 1.0}, 5.0, 7)),
       phase_part(WallStrokes(box_of(1.0, 1), wall_law(laws::microreversible_at_walls(3)), 7))},
      0.1);
  split.advance(gas, 0.0, 40.0, clock, ledger);
  CHECK(worst_fit(gas, 1.0) > false_alarm_rate / 7.0);
}

TEST_CASE("hits on the walls are as many as kinetic theory says") {
  constexpr std::size_t particles = 20'000;
  constexpr double mass = 2.0, temperature = 0.9, time = 3.0;
  for (const int dimension : {1, 2, 3}) {
    CAPTURE(dimension);
    laws::Box box;
    double expected = 0.0, variance = 0.0;
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(dimension); ++axis) {
      const double length = 1.0 + 0.5 * static_cast<double>(axis);
      box.axis[axis] = {laws::Extent::Sides::reflecting, 0.0, length};
      // A particle of speed v_x hits the sides |v_x| t/L times, to a whole number that its place
      // decides.
      expected += particles * time * theory::wall_hit_rate(length, mass, temperature);
      variance +=
          particles *
          (temperature / mass * (1.0 - 2.0 / std::numbers::pi) * std::pow(time / length, 2) + 0.25);
    }
    PhaseEnsemble gas = maxwell_gas(dimension, {{particles, mass}}, temperature, 8);
    PhaseStart start{{laws::MaxwellBoltzmannEnergy{temperature, dimension}}};
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(dimension); ++axis)
      start.position[axis] = laws::UniformPosition{0.0, box.axis[axis].high};
    start_species(gas, 0, start, laws::Free{}, box, 0.0, 8);
    StepClock clock;
    Ledger ledger;
    laws::StrokeLaw no_strokes;
    no_strokes.transitions = {{1.0, 0.0, 0.0}};
    WallStrokes(box, no_strokes, 1).advance(gas, 0.0, time, clock, ledger);
    const double deviate = (static_cast<double>(ledger.wall_hits) - expected) / std::sqrt(variance);
    MESSAGE("d = ", dimension, ": ", ledger.wall_hits, " hits of ", expected, ", deviate ",
            deviate);
    CHECK(std::abs(deviate) < test_support::largest_deviate(3));
  }
}

TEST_CASE("a gas relaxes through its walls at a rate that goes with surface over volume") {
  // Cubes of side 1, 2 and 4, and slabs that have walls on one or two of their axes. Collisions
  // keep the gas near Maxwell-Boltzmann and bring heat to axes without walls. Each is looked at
  // after a time that is the same in units of volume/surface.
  struct Vessel {
    double length;
    int walls;
  };
  constexpr std::size_t particles = 2000;
  constexpr int runs = 16;
  constexpr double start = 0.25;
  std::vector<analysis::WeightedPoint> points;
  StepClock clock;
  Ledger ledger;
  for (const Vessel& vessel :
       {Vessel{1.0, 3}, Vessel{2.0, 3}, Vessel{4.0, 3}, Vessel{1.0, 1}, Vessel{1.0, 2}}) {
    const double surface_over_volume = 2.0 * vessel.walls / vessel.length,
                 time = 6.0 / surface_over_volume;
    const PhaseSplit split(
        {phase_part(ElasticCollisions({{std::numbers::inv_sqrtpi}, 1.0, 1.0}, 20.0, 9)),
         phase_part(WallStrokes(box_of(vessel.length, vessel.walls),
                                wall_law(laws::microreversible_at_walls(3), 0.2), 9))},
        0.1);
    test_support::Replicas rate;
    for (int run = 0; run < runs; ++run) {
      PhaseEnsemble gas = maxwell_gas(3, {{particles, 1.0}}, start * wall_temperature,
                                      100 + static_cast<std::uint64_t>(run), vessel.length);
      const double end = 1.5 * wall_temperature * particles,
                   before = test_support::total_energy(gas) - end;
      split.advance(gas, 0.0, time, clock, ledger);
      rate.add((before - (test_support::total_energy(gas) - end)) / (time * before));
    }
    MESSAGE("L = ", vessel.length, ", walls on ", vessel.walls, " axes, surface/volume ",
            surface_over_volume, ": rate ", rate.mean(), " +- ", rate.error());
    points.push_back(
        {std::log(surface_over_volume), std::log(rate.mean()), rate.error() / rate.mean()});
  }
  const analysis::WeightedLine line = analysis::weighted_line(points);
  MESSAGE("exponent ", line.slope, " +- ", line.slope_error, ", chi2 ", line.chi2);
  CHECK(std::abs(line.slope - 1.0) < test_support::largest_student(runs, 1) * line.slope_error);
}
