#include "powerstroke/engine/run/simulation.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "powerstroke/engine/random/stream.hpp"

using namespace powerstroke;

namespace {

struct Ledger {
  int calls = 0;
};

/// Books each call and notes the stretch of time it was given.
struct Recorder {
  std::vector<std::pair<double, double>> stretches;

  void advance(int& ensemble, double t, double dt, StepClock& clock, Ledger& ledger) {
    stretches.emplace_back(t, dt);
    clock.tick();
    ++ensemble;
    ++ledger.calls;
  }
};

}  // namespace

TEST_CASE("a simulation moves between its times and looks at each") {
  const std::vector<double> times{1.0, 1.0, 2.5};
  Recorder kernel;
  StepClock clock(100);
  int ensemble = 0;
  std::vector<std::pair<double, int>> seen;
  const Ledger total =
      simulate<Ledger>(ensemble, kernel, 1.0, times, clock,
                       [&](std::size_t index, double t, int state, const Ledger& ledger) {
                         CHECK(index == seen.size());
                         CHECK(ledger.calls == state);
                         seen.emplace_back(t, state);
                       });
  CHECK(kernel.stretches == std::vector<std::pair<double, double>>{{1.0, 1.5}});
  CHECK(seen == std::vector<std::pair<double, int>>{{1.0, 0}, {1.0, 0}, {2.5, 1}});
  CHECK(clock.now() == 101);
  CHECK(total.calls == 1);
}

TEST_CASE("times that go back are refused") {
  const std::vector<double> times{2.0, 1.0};
  Recorder kernel;
  StepClock clock;
  int ensemble = 0;
  CHECK_THROWS_AS(simulate<Ledger>(ensemble, kernel, 0.0, times, clock, [](auto&&...) {}),
                  NumericsError);
  CHECK_THROWS_AS(simulate<Ledger>(ensemble, kernel, 3.0, times, clock, [](auto&&...) {}),
                  NumericsError);
}

TEST_CASE("a clock without a step left says so, and stays") {
  static_assert(StepClock::most_steps == Stream::field_limit);
  StepClock clock(StepClock::most_steps - 2);
  CHECK_THROWS_WITH_AS(clock.tick(3), doctest::Contains("allowed: 2^40"), NumericsError);
  CHECK_THROWS_AS(clock.tick(~std::uint64_t{0}), NumericsError);
  CHECK(clock.tick(2) == StepClock::most_steps - 2);
  CHECK_THROWS_AS(clock.tick(), NumericsError);
  CHECK(clock.now() == StepClock::most_steps);
  CHECK_THROWS_AS(StepClock(~std::uint64_t{0}).tick(), NumericsError);
}
