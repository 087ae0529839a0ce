#include "powerstroke/kernels/snapshot_strokes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;

namespace {

/// Levels 0 ... 8 with equal shares, and some particles at rest.
LadderEnsemble spread(std::size_t particles) {
  LadderEnsemble ensemble(2.0, particles);
  for (std::size_t i = 0; i < particles; ++i)
    if (i % 10 != 0) ensemble.set_energy(i, 2.0 * (0.3 + static_cast<double>(i % 9)));
  return ensemble;
}

std::vector<std::uint64_t> counts(const LadderEnsemble& ensemble) {
  std::vector<std::uint64_t> result(60, 0);
  for (const std::int32_t level : ensemble.view().level)
    ++result[std::min<std::size_t>(59, static_cast<std::size_t>(level + 1))];
  return result;
}

std::int64_t quanta(const LadderEnsemble& ensemble) {
  std::int64_t sum = 0;
  for (const std::int32_t level : ensemble.view().level) sum += level;
  return sum;
}

template <class Kernel>
Ledger move(Kernel kernel, LadderEnsemble& ensemble, std::vector<double> times) {
  StepClock clock;
  Ledger ledger;
  double now = 0.0;
  for (const double t : times) {
    kernel.advance(ensemble, now, t - now, clock, ledger);
    now = t;
  }
  return ledger;
}

}  // namespace

TEST_CASE(
    "snapshots: levels have the law that strokes make, at one snapshot and from one to the next") {
  constexpr std::size_t particles = 200'000;
  struct Case {
    double up, down;
    std::vector<double> times;
  };
  const std::vector<Case> cases = {{0.5, 1.0, {0.3}},           {0.5, 1.0, {4.0}},
                                   {0.5, 1.0, {0.3, 0.5, 4.0}}, {0.9, 1.0, {25.0}},
                                   {1.5, 1.0, {2.0}},           {0.0, 1.0, {3.0}}};
  for (const Case& c : cases) {
    CAPTURE(c.up);
    LadderEnsemble drawn = spread(particles), made = spread(particles);
    const std::int64_t before = quanta(drawn);
    const laws::Transition transition{2.0, c.up, c.down};
    const Ledger ledger = move(SnapshotStrokes(transition, 1), drawn, c.times);
    move(PoissonStrokes(transition, 2), made, {c.times.back()});
    CHECK(analysis::chi_square_two_samples(counts(drawn), particles, counts(made), particles)
              .p_value > test_support::false_alarm_rate / static_cast<double>(cases.size()));
    CHECK(quanta(drawn) - before == ledger.net[0]);
    CHECK(ledger.steps == c.times.size());
    CHECK(ledger.strokes() == 0);
    for (std::size_t i = 0; i < particles; ++i)
      CHECK_FALSE(drawn.view().offset[i] != made.view().offset[i]);
  }
}

TEST_CASE("snapshots: particles are independent of each other and of their own past draws") {
  // From level 3, two times: the joint counts are the product of the rows.
  constexpr std::size_t particles = 300'000, shown = 12;
  LadderEnsemble ensemble(1.0, particles);
  for (std::size_t i = 0; i < particles; ++i) ensemble.set_energy(i, 3.5);
  SnapshotStrokes kernel({1.0, 0.5, 1.0}, 7);
  StepClock clock;
  Ledger ledger;
  kernel.advance(ensemble, 0.0, 100.0, clock, ledger);
  std::vector<std::int32_t> first(ensemble.view().level.begin(), ensemble.view().level.end());
  kernel.advance(ensemble, 100.0, 100.0, clock, ledger);
  // After so long a time the second level knows nothing of the first, nor a particle of its
  // neighbour.
  for (const std::size_t shift : {0U, 1U}) {
    std::vector<std::uint64_t> pairs(shown * shown, 0);
    std::vector<double> law(shown * shown);
    for (std::size_t i = 0; i + shift < particles; ++i) {
      const auto a = static_cast<std::size_t>(first[i]),
                 b = static_cast<std::size_t>(ensemble.view().level[i + shift]);
      if (a < shown && b < shown) ++pairs[a * shown + b];
    }
    for (std::size_t a = 0; a < shown; ++a)
      for (std::size_t b = 0; b < shown; ++b)
        law[a * shown + b] = std::pow(0.5, static_cast<double>(a) + 1.0) *
                             std::pow(0.5, static_cast<double>(b) + 1.0);
    CHECK(analysis::chi_square(pairs, law, particles - shift).p_value >
          test_support::false_alarm_rate / 2.0);
  }
}

TEST_CASE("snapshots: the same bits for any number of threads, and as ever") {
  const auto levels = [](int threads) {
    const parallel::Threads scope(threads);
    LadderEnsemble ensemble = spread(30'000);
    move(SnapshotStrokes({2.0, 0.5, 1.0}, 5), ensemble, {1.0, 50.0, 50.5});
    return std::vector<std::int32_t>(ensemble.view().level.begin(), ensemble.view().level.end());
  };
  const std::vector<std::int32_t> one = levels(1);
  for (const int threads : {2, 4, 8}) CHECK(levels(threads) == one);
  std::uint64_t hash = 14695981039346656037ULL;
  for (const std::int32_t level : one)
    hash = (hash ^ static_cast<std::uint32_t>(level)) * 1099511628211ULL;
  CHECK(hash == 14153184137339698177ULL);
}

TEST_CASE(
    "snapshots: where no table is small enough, strokes are made; another ladder is an error") {
  LadderEnsemble far(1.0, 5000);
  for (std::size_t i = 0; i < far.size(); ++i) far.set_energy(i, 1e6);
  const Ledger ledger = move(SnapshotStrokes({1.0, 1.5, 1.0}, 5), far, {200.0});
  CHECK(ledger.strokes() == 0);
  const double mean = static_cast<double>(ledger.net[0]) / 5000.0;
  CHECK(std::abs(mean - 100.0) < test_support::largest_deviate(1) * std::sqrt(500.0 / 5000.0));
  LadderEnsemble other(0.5, 10);
  CHECK_THROWS_AS(move(SnapshotStrokes({1.0, 0.5, 1.0}, 5), other, {1.0}), NumericsError);
  CHECK_THROWS_AS(SnapshotStrokes({1.0, -0.5, 1.0}, 5), ConfigError);
}
