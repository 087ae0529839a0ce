#include <doctest/doctest.h>

#include <algorithm>
#include <boost/math/distributions/gamma.hpp>
#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/kernels/conserving_strokes.hpp"
#include "powerstroke/kernels/initial_state.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "powerstroke/kernels/sampling/candidates.hpp"
#include "powerstroke/kernels/sampling/places.hpp"
#include "powerstroke/kernels/waiting_time_strokes.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;

namespace {

/// Thermal strokes at temperature T, each transition with w- = 1.
laws::StrokeLaw thermal(const std::vector<double>& delta_e, double temperature,
                        const laws::AnyRates& rates) {
  laws::StrokeLaw law;
  law.rates = rates;
  for (const double energy : delta_e)
    law.transitions.push_back({energy, laws::thermal_rate_up(1.0, energy, temperature), 1.0});
  return law;
}

std::vector<std::uint64_t> level_counts(const LadderEnsemble& ensemble, std::size_t size) {
  std::vector<std::uint64_t> counts(size, 0);
  for (const std::int32_t level : ensemble.view().level)
    ++counts[std::min(size - 1, static_cast<std::size_t>(level))];
  return counts;
}

/// E^(d/2-1) exp(-E/T) on the levels of one offset, normalised.
std::vector<double> boltzmann_levels(double spacing, double offset, double temperature,
                                     double exponent, std::size_t size) {
  std::vector<double> law(size);
  double all = 0.0;
  for (std::size_t n = 0; n < size; ++n) {
    const double energy = spacing * (offset + static_cast<double>(n));
    all += law[n] = std::pow(energy, exponent) * std::exp(-energy / temperature);
  }
  for (double& p : law) p /= all;
  return law;
}

template <class Kernel, class Ensemble>
Ledger move(const Kernel& kernel, Ensemble& ensemble, double end, int parts = 1) {
  StepClock clock;
  Ledger ledger;
  for (int i = 0; i < parts; ++i) kernel.advance(ensemble, 0.0, end / parts, clock, ledger);
  return ledger;
}

}  // namespace

TEST_CASE(
    "shaped strokes: each offset's ladder ends at E^(d/2-1) exp(-E/T), with one transition and "
    "with three") {
  constexpr double temperature = 2.0;
  constexpr std::size_t particles = 20'000, size = 80;
  const std::vector<std::vector<double>> sets = {{1.0}, {2.0, 3.0, 9.0}};
  for (const auto& delta_e : sets)
    for (const int dimension : {1, 2, 3}) {
      CAPTURE(dimension);
      CAPTURE(delta_e.size());
      LadderEnsemble ensemble(1.0, particles);
      for (std::size_t i = 0; i < particles; ++i) ensemble.set_energy(i, 2.25);
      move(PoissonStrokes(thermal(delta_e, temperature, laws::Microreversible(dimension)), 17),
           ensemble, 200.0);
      const auto law = boltzmann_levels(1.0, 0.25, temperature, 0.5 * dimension - 1.0, size);
      CHECK(analysis::chi_square(level_counts(ensemble, size), law, particles).p_value >
            test_support::false_alarm_rate / 6.0);
    }
}

TEST_CASE(
    "shaped strokes: uniformization and waiting times have the same transient, on a ladder and "
    "without") {
  constexpr std::size_t particles = 100'000, size = 40;
  const double limit = test_support::false_alarm_rate / 6.0;
  for (const int dimension : {1, 3}) {
    CAPTURE(dimension);
    const laws::StrokeLaw law = thermal({1.0, 1.5}, 1.5, laws::Microreversible(dimension));
    const auto start = [] {
      LadderEnsemble ensemble(0.5, particles);
      for (std::size_t i = 0; i < particles; ++i) ensemble.set_energy(i, 3.3);
      return ensemble;
    };
    LadderEnsemble uniformized = start(), waited = start();
    move(PoissonStrokes(law, 3), uniformized, 2.0, 3);
    move(WaitingTimeStrokes(law, 4), waited, 2.0);
    EnergyEnsemble plain(particles);
    for (std::size_t i = 0; i < particles; ++i) plain.set_energy(i, 3.3);
    move(PoissonStrokes(law, 5), plain, 2.0);
    LadderEnsemble placed(0.5, particles);
    for (std::size_t i = 0; i < particles; ++i) placed.set_energy(i, plain.view().energy(i));
    std::vector<double> momenta(particles, std::sqrt(2.0 * 3.3));
    const MomentumView view(momenta, 1.0);
    move(PoissonStrokes(law, 6), view, 2.0);
    LadderEnsemble moved(0.5, particles);
    for (std::size_t i = 0; i < particles; ++i) moved.set_energy(i, 0.5 * momenta[i] * momenta[i]);
    for (const LadderEnsemble* other : {&waited, &placed, &moved})
      CHECK(analysis::chi_square_two_samples(level_counts(uniformized, size), particles,
                                             level_counts(*other, size), particles)
                .p_value > limit);
  }
}

TEST_CASE(
    "incommensurate strokes reach the true exponential, and Maxwell-Boltzmann; one delta_e does "
    "neither") {
  constexpr double temperature = 2.0;
  constexpr std::size_t particles = 50'000, bins = 60;
  const std::vector<double> edges = [] {
    std::vector<double> result;
    for (std::size_t i = 0; i <= bins; ++i) result.push_back(0.25 * static_cast<double>(i));
    return result;
  }();
  const auto p_value = [&](const EnergyEnsemble& ensemble, double shape) {
    const boost::math::gamma_distribution<double> law(shape, temperature);
    std::vector<double> expected;
    for (std::size_t i = 0; i < bins; ++i)
      expected.push_back(boost::math::cdf(law, edges[i + 1]) - boost::math::cdf(law, edges[i]));
    std::vector<std::uint64_t> counts(bins, 0);
    for (const double energy : ensemble.view().energies)
      if (energy < edges.back()) ++counts[static_cast<std::size_t>(energy / 0.25)];
    return analysis::chi_square(counts, expected, particles).p_value;
  };
  const laws::EnergyLaw narrow{laws::NormalEnergy{3.5, 0.2}};
  const std::vector<double> both = {1.0, std::numbers::sqrt2};
  // In d = 1 the way there is long, of the order of 1/t: a particle near E = 0 hardly ever takes
  // anything up.
  for (const int dimension : {0, 3}) {
    CAPTURE(dimension);
    const laws::AnyRates rates = dimension == 0 ? laws::AnyRates(laws::Constant{})
                                                : laws::AnyRates(laws::Microreversible(dimension));
    const double shape = dimension == 0 ? 1.0 : 0.5 * dimension;
    EnergyEnsemble mixed = initial_energies(narrow, particles, 1),
                   single = initial_energies(narrow, particles, 1);
    move(PoissonStrokes(thermal(both, temperature, rates), 2), mixed, 100.0);
    move(PoissonStrokes(thermal({1.0}, temperature, rates), 2), single, 100.0);
    CHECK(p_value(mixed, shape) > test_support::false_alarm_rate / 2.0);
    CHECK(p_value(single, shape) < 1e-100);
  }
}

TEST_CASE(
    "conserving shaped strokes: mean energy by transition stays, and the step's scheme is "
    "unbiased") {
  // The net number of strokes of a transition is a martingale whose variance is their number.
  constexpr int seeds = 40;
  const double largest = test_support::largest_deviate(8);
  for (const int dimension : {1, 3}) {
    CAPTURE(dimension);
    laws::StrokeLaw law;
    law.rates = laws::Microreversible(dimension);
    law.transitions = {{1.0, 0.0, 1.0}, {1.5, 0.0, 0.5}};
    double sum[2] = {0.0, 0.0}, squares[2] = {0.0, 0.0};
    for (int seed = 1; seed <= seeds; ++seed)
      for (std::size_t k = 0; k < 2; ++k) {
        laws::StrokeLaw one = law;
        one.transitions = {law.transitions[k]};
        LadderEnsemble ensemble(0.5, 4000);
        for (std::size_t i = 0; i < ensemble.size(); ++i) ensemble.set_energy(i, 3.3);
        const Ledger ledger =
            move(ConservingStrokes(one, static_cast<std::uint64_t>(seed)), ensemble, 8.0);
        const double z = static_cast<double>(ledger.net_quanta()) /
                         std::sqrt(static_cast<double>(ledger.strokes()));
        sum[k] += z;
        squares[k] += z * z;
      }
    for (std::size_t k = 0; k < 2; ++k) {
      CHECK(std::abs(sum[k]) < largest * std::sqrt(seeds));
      CHECK(std::abs(squares[k] - seeds) < largest * std::sqrt(2.0 * seeds));
    }
  }
}

TEST_CASE("conserving shaped strokes: on many particles no bias shows") {
  for (const int dimension : {1, 3}) {
    LadderEnsemble ensemble(1.0, 1'000'000);
    for (std::size_t i = 0; i < ensemble.size(); ++i) ensemble.set_energy(i, 2.25);
    laws::StrokeLaw law;
    law.rates = laws::Microreversible(dimension);
    law.transitions = {{1.0, 0.0, 1.0}};
    const Ledger ledger = move(ConservingStrokes(law, 7), ensemble, 3.0);
    const double z =
        static_cast<double>(ledger.net_quanta()) / std::sqrt(static_cast<double>(ledger.strokes()));
    MESSAGE("d = ", dimension, ": ", ledger.steps, " steps, net strokes ", z,
            " standard deviations");
    CHECK(std::abs(z) < test_support::largest_deviate(2));
  }
}

TEST_CASE("shaped strokes: every attempt is booked, and their numbers are Poisson") {
  LadderEnsemble ensemble(0.5, 50'000);
  for (std::size_t i = 0; i < ensemble.size(); ++i) ensemble.set_energy(i, 1.2);
  const laws::StrokeLaw law = thermal({1.0, 1.5}, 1.5, laws::Microreversible(3));
  const Ledger ledger = move(PoissonStrokes(law, 9), ensemble, 5.0);
  const double exposure = 5.0 * 50'000, down = 2.0 * exposure,
               up = exposure * (law.transitions[0].rate_up + law.transitions[1].rate_up);
  const double largest = test_support::largest_deviate(2);
  CHECK(std::abs(static_cast<double>(ledger.attempted_releases()) - down) <
        largest * std::sqrt(down));
  CHECK(std::abs(static_cast<double>(ledger.attempted_uptakes()) - up) < largest * std::sqrt(up));
  CHECK(ledger.declined_releases > 0);
  CHECK(ledger.blocked > 0);
  // The audit of energy: what the ledger says was moved is what the particles have gained, to the
  // last step of the ladder.
  std::int64_t levels = 0;
  for (const std::int32_t level : ensemble.view().level) levels += level - 2;
  CHECK(levels == 2 * ledger.net[0] + 3 * ledger.net[1]);
}

TEST_CASE(
    "shaped strokes: recorded paths telescope to the density of states and the bath's share") {
  constexpr double temperature = 1.5;
  for (const int dimension : {1, 3}) {
    LadderEnsemble ensemble(0.5, 1000);
    for (std::size_t i = 0; i < ensemble.size(); ++i) ensemble.set_energy(i, 3.3);
    ensemble.record_paths();
    move(PoissonStrokes(thermal({1.0, 1.5}, temperature, laws::Microreversible(dimension)), 2),
         ensemble, 20.0);
    for (std::size_t i = 0; i < ensemble.size(); ++i) {
      const double energy = ensemble.view().energy(i);
      const double expected =
          (3.3 - energy) / temperature + (0.5 * dimension - 1.0) * std::log(energy / 3.3);
      CHECK(ensemble.paths()[i] == doctest::Approx(expected).epsilon(1e-9));
    }
  }
}

TEST_CASE(
    "shaped strokes: an uptake from rest has no reverse, so its path is infinitely irreversible") {
  LadderEnsemble ensemble(1.0, 1000);  // at rest; what comes to E = delta_e may not give it back
  ensemble.record_paths();
  move(PoissonStrokes(thermal({1.0}, 2.0, laws::Constant{}), 3), ensemble, 1.0);
  int moved = 0;
  for (std::size_t i = 0; i < ensemble.size(); ++i) {
    const bool at_rest = ensemble.view().level[i] == lowest_level;
    moved += at_rest ? 0 : 1;
    CHECK(ensemble.paths()[i] == (at_rest ? 0.0 : std::numeric_limits<double>::infinity()));
  }
  CHECK(moved > 0);
}

TEST_CASE(
    "shaped strokes: recording paths changes no stroke's law under constant rates, nor do threads "
    "change anything") {
  const auto run = [](int threads) {
    const parallel::Threads scope(threads);
    LadderEnsemble ensemble(0.5, 20'000);
    for (std::size_t i = 0; i < ensemble.size(); ++i) ensemble.set_energy(i, 3.3);
    ensemble.record_paths();
    laws::StrokeLaw law = thermal({1.0, 1.5}, 1.5, laws::Microreversible(3));
    move(PoissonStrokes(law, 2), ensemble, 4.0);
    move(ConservingStrokes(law, 2), ensemble, 4.0);
    return std::vector<double>(ensemble.paths().begin(), ensemble.paths().end());
  };
  CHECK(run(4) == run(1));
}

namespace {
struct TooEager {
  static constexpr const char* name = "too eager";
  static constexpr const char* description = "a law whose bound is wrong";
  static constexpr std::array<laws::Parameter, 0> parameters{};
  explicit TooEager(const laws::RatesInput&) {}
  double uptake(double, double) const { return 1.0; }
  double release(double, double) const { return 1.25; }
  double bound(double) const { return 1.0; }
  double state_exponent() const { return 0.0; }
};
}  // namespace

TEST_CASE("shaped strokes: a factor above the law's bound is an error that names the law") {
  const std::vector<Hop> hop = {{1.0, 1, 0}};
  const std::vector<laws::RatePair> rates = {{0.0, 1.0}};
  const Candidates<TooEager> tries(TooEager({}), hop, rates);
  LadderEnsemble ensemble(1.0, 1);
  ensemble.set_energy(0, 5.5);
  Ledger ledger;
  CHECK_THROWS_WITH_AS(tries(0, all_places(ensemble, {}), 0, ledger),
                       doctest::Contains("'too eager' gives the factor 1.25"), NumericsError);
}

TEST_CASE("shaped strokes: a ladder on which a delta_e is no whole number of steps is refused") {
  LadderEnsemble ensemble(1.0, 10);
  CHECK_THROWS_WITH_AS(
      move(PoissonStrokes(thermal({1.0, 1.5}, 1.0, laws::Constant{}), 1), ensemble, 1.0),
      doctest::Contains("no whole multiple"), NumericsError);
}
