#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>
#include <span>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/kernels/conserving_strokes.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;

namespace {

constexpr double mass = 1.7;

/// N momenta of d components, one vector after another.
std::vector<double> momenta(std::size_t particles, int dimension) {
  std::mt19937_64 random(particles);
  std::normal_distribution<double> component(0.0, 2.0);
  std::vector<double> p(particles * static_cast<std::size_t>(dimension));
  for (double& x : p) x = component(random);
  return p;
}

double energy_sum(const MomentumView& view) {
  double sum = 0.0;
  for (std::size_t i = 0; i < view.size(); ++i) sum += view.energy(i);
  return sum;
}

}  // namespace

TEST_CASE(
    "strokes on momenta: the ladder's strokes, energy to rounding, direction untouched, in d = 1, "
    "2, 3") {
  constexpr std::size_t particles = 5000;
  constexpr double delta_e = 0.8;
  for (const int d : {1, 2, 3}) {
    CAPTURE(d);
    const auto width = static_cast<std::size_t>(d);
    std::vector<double> p = momenta(particles, d);
    const std::vector<double> before = p;
    const MomentumView view = MomentumView::interleaved(p, d, width, mass);
    LadderEnsemble ladder(delta_e, particles);
    for (std::size_t i = 0; i < particles; ++i) ladder.set_energy(i, view.energy(i));
    const double sum_before = energy_sum(view);

    const PoissonStrokes strokes({delta_e, 0.4, 1.0}, 11);
    StepClock clock_of_momenta, clock_of_ladder;
    Ledger moved, moved_on_ladder;
    for (int step = 0; step < 5; ++step) {
      strokes.advance(view, step, 1.0, clock_of_momenta, moved);
      strokes.advance(ladder, step, 1.0, clock_of_ladder, moved_on_ladder);
    }
    CHECK(moved.uptakes == moved_on_ladder.uptakes);
    CHECK(moved.releases == moved_on_ladder.releases);
    CHECK(moved.blocked == moved_on_ladder.blocked);
    CHECK(energy_sum(view) - sum_before ==
          doctest::Approx(delta_e * static_cast<double>(moved.net_quanta())).epsilon(1e-10));
    for (std::size_t i = 0; i < particles; ++i) {
      CHECK(view.energy(i) == doctest::Approx(ladder.view().energy(i)).epsilon(1e-12));
      // Parallel and of the same sense: every component scaled by the same positive factor.
      double scale = 0.0;
      for (std::size_t axis = 0; axis < width; ++axis) {
        const double ratio = p[i * width + axis] / before[i * width + axis];
        if (axis == 0) scale = ratio;
        CHECK(ratio > 0.0);
        CHECK(ratio == doctest::Approx(scale).epsilon(1e-12));
      }
    }
  }
}

TEST_CASE(
    "strokes on momenta: components in arrays of their own or one vector after another, the same "
    "bits") {
  std::vector<double> together = momenta(1000, 3), x(1000), y(1000), z(1000);
  for (std::size_t i = 0; i < 1000; ++i) {
    x[i] = together[3 * i];
    y[i] = together[3 * i + 1];
    z[i] = together[3 * i + 2];
  }
  const ConservingStrokes strokes(1.0, 1.0, 5);
  StepClock one, two;
  Ledger first, second;
  strokes.advance(MomentumView::interleaved(together, 3, 3, mass), 0.0, 4.0, one, first);
  strokes.advance(MomentumView(x, y, z, mass), 0.0, 4.0, two, second);
  CHECK(first.strokes() == second.strokes());
  bool same = true;
  for (std::size_t i = 0; i < 1000; ++i)
    same = same && together[3 * i] == x[i] && together[3 * i + 1] == y[i] &&
           together[3 * i + 2] == z[i];
  CHECK(same);
}

TEST_CASE(
    "strokes on momenta: a particle at rest gets an isotropic direction with its first quantum") {
  constexpr std::size_t particles = 20'000;
  std::vector<double> p(3 * particles, 0.0);
  const MomentumView view = MomentumView::interleaved(p, 3, 3, mass);
  StepClock clock;
  Ledger ledger;
  PoissonStrokes({1.0, 1.0, 0.0}, 3).advance(view, 0.0, 0.5, clock, ledger);
  double mean[3] = {}, square[3] = {};
  std::size_t moving = 0;
  for (std::size_t i = 0; i < particles; ++i) {
    const double energy = view.energy(i);
    CHECK(std::abs(energy - std::round(energy)) < 1e-12);
    if (energy == 0.0) continue;
    ++moving;
    for (int axis = 0; axis < 3; ++axis) {
      const double cosine = view.component(i, axis) / std::sqrt(2.0 * mass * energy);
      mean[axis] += cosine;
      square[axis] += cosine * cosine;
    }
  }
  // A direction cosine is uniform on [-1, 1]: mean 0, variance 1/3; its square has mean 1/3,
  // variance 4/45. Six checks.
  const double n = static_cast<double>(moving), largest = test_support::largest_deviate(6);
  CHECK(moving > particles / 3);
  for (int axis = 0; axis < 3; ++axis) {
    CHECK(std::abs(mean[axis]) < largest * std::sqrt(n / 3.0));
    CHECK(std::abs(square[axis] - n / 3.0) < largest * std::sqrt(n * 4.0 / 45.0));
  }
}

TEST_CASE(
    "strokes on momenta: from rest and from the threshold, stroke by stroke as on the ladder, "
    "whatever rounding says") {
  constexpr std::size_t particles = 20'000;
  constexpr double delta_e = 0.7;
  std::vector<double> p(3 * particles, 0.0);
  for (std::size_t i = 0; i < particles;
       ++i) {  // at rest, all but at rest, and at E = delta_e but for the rounding of a square root
    if (i % 3 == 1) p[3 * i] = 1e-160;
    if (i % 3 == 2) p[3 * i] = p[3 * i + 1] = std::sqrt(mass * delta_e);
  }
  const MomentumView view = MomentumView::interleaved(p, 3, 3, mass);
  LadderEnsemble ladder(delta_e, particles);
  for (std::size_t i = 0; i < particles; ++i) ladder.set_energy(i, i % 3 == 2 ? delta_e : 0.0);
  const PoissonStrokes strokes({delta_e, 0.5, 1.0}, 6);
  StepClock clock_of_momenta, clock_of_ladder;
  Ledger moved, moved_on_ladder;
  for (int step = 0; step < 20; ++step) {
    strokes.advance(view, step, 1.0, clock_of_momenta, moved);
    strokes.advance(ladder, step, 1.0, clock_of_ladder, moved_on_ladder);
  }
  CHECK(moved.uptakes == moved_on_ladder.uptakes);
  CHECK(moved.releases == moved_on_ladder.releases);
  for (std::size_t i = 0; i < particles; ++i) {
    REQUIRE(std::isfinite(view.energy(i)));
    REQUIRE(std::abs(view.energy(i) - ladder.view().energy(i)) < 1e-12);
  }
}

TEST_CASE("strokes on momenta: a part of an ensemble, numbered on, moves as the whole does") {
  std::vector<double> whole = momenta(3000, 2), parts = whole;
  const PoissonStrokes strokes({1.0, 0.5, 1.0}, 6);
  StepClock clock, clock_of_low, clock_of_high;
  Ledger ledger;
  strokes.advance(MomentumView::interleaved(whole, 2, 2, mass), 0.0, 2.0, clock, ledger);
  const std::span<double> all(parts);
  strokes.advance(MomentumView::interleaved(all.first(2000), 2, 2, mass), 0.0, 2.0, clock_of_low,
                  ledger);
  strokes.advance(MomentumView::interleaved(all.subspan(2000), 2, 2, mass).numbered_from(1000), 0.0,
                  2.0, clock_of_high, ledger);
  CHECK(parts == whole);
}

TEST_CASE("strokes on momenta: what cannot be is refused before anything moves") {
  std::vector<double> p = momenta(10'000, 3);
  p[29'000] = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> before = p;
  StepClock clock;
  Ledger ledger;
  CHECK_THROWS_WITH_AS(
      PoissonStrokes({1.0, 1.0, 1.0}, 3)
          .advance(MomentumView::interleaved(p, 3, 3, mass), 0.0, 1.0, clock, ledger),
      doctest::Contains("particle 9666"), NumericsError);
  p[29'000] = before[29'000];
  bool untouched = true;
  for (std::size_t i = 0; i < p.size(); ++i)
    untouched = untouched && (i == 29'000 || p[i] == before[i]);
  CHECK(untouched);
  CHECK(ledger.strokes() == 0);
  std::vector<double> two(2), three(3);
  CHECK_THROWS_AS(MomentumView(two, three, mass), ConfigError);
  CHECK_THROWS_AS(MomentumView(two, 0.0), ConfigError);
  CHECK_THROWS_AS(MomentumView::interleaved(three, 4, 4, mass), ConfigError);
  CHECK_THROWS_AS(MomentumView::interleaved(three, 2, 2, mass), ConfigError);
  CHECK_THROWS_AS(PoissonStrokes({0.0, 1.0, 1.0}, 3), ConfigError);
  CHECK_THROWS_AS(ConservingStrokes(1.0, -1.0, 3), ConfigError);
  LadderEnsemble other(2.0, 10);
  CHECK_THROWS_AS(PoissonStrokes({1.0, 1.0, 1.0}, 3).advance(other, 0.0, 1.0, clock, ledger),
                  NumericsError);
}
