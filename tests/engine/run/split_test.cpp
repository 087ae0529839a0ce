#include "powerstroke/engine/run/split.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/run/ledger.hpp"

using namespace powerstroke;

namespace {

struct Visits {
  std::uint64_t visits = 0;

  static constexpr auto fields() {
    return std::tuple(CountField("visits", "Of particles", &Visits::visits));
  }
  Visits& operator+=(const Visits& more) { return add_counts(*this, more); }
};
using Ledger = LedgerOf<StepCounts, Visits>;

/// Which parts acted, over which times.
struct Log {
  std::string order;
  std::vector<double> from, to;
  std::size_t size() const { return 3 * parallel::block_size; }
};

SymmetricSplit<Log, Ledger>::Part scribe(char name) {
  return [name](Log& log, double t, double dt, StepClock&, Ledger&) {
    log.order += name;
    log.from.push_back(t);
    log.to.push_back(t + dt);
  };
}

Log log_of(std::vector<SymmetricSplit<Log, Ledger>::Part> parts, double step, double dt) {
  Log log;
  StepClock clock;
  Ledger ledger;
  SymmetricSplit<Log, Ledger>(std::move(parts), step).advance(log, 1.0, dt, clock, ledger);
  return log;
}

}  // namespace

TEST_CASE("a symmetric split is a palindrome whose first part joins its half steps") {
  CHECK(log_of({scribe('a'), scribe('b'), scribe('c')}, 0.5, 0.5).order == "abcba");
  CHECK(log_of({scribe('a'), scribe('b'), scribe('c')}, 0.5, 1.0).order == "abcbabcba");
  CHECK(log_of({scribe('a'), scribe('b')}, 0.5, 1.5).order == "abababa");
  CHECK(log_of({scribe('a')}, 0.5, 1.5).order == "aaa");
}

TEST_CASE("each part of a split goes once through all of the time") {
  for (const char name : {'a', 'b', 'c', 'd'}) {
    std::vector<SymmetricSplit<Log, Ledger>::Part> parts;
    for (const char other : {'a', 'b', 'c', 'd'})
      parts.push_back(other == name ? scribe(other)
                                    : [](Log&, double, double, StepClock&, Ledger&) {});
    const Log log = log_of(parts, 0.25, 1.0);
    double now = 1.0;
    for (std::size_t k = 0; k < log.from.size(); ++k) {
      CHECK(log.from[k] == doctest::Approx(now).epsilon(1e-14));
      now = log.to[k];
    }
    CHECK(now == doctest::Approx(2.0).epsilon(1e-14));
  }
}

TEST_CASE("a split cuts a time into the fewest equal steps") {
  CHECK(log_of({scribe('a')}, 0.1, 0.3).order.size() == 3);  // 0.3 / 0.1 is a rounding above 3
  CHECK(log_of({scribe('a')}, 0.1, 0.31).order.size() == 4);
  CHECK(log_of({scribe('a')}, 1.0, 0.31).order.size() == 1);
}

TEST_CASE("a split without parts or with a step that is none is refused") {
  CHECK_THROWS_AS(log_of({}, 0.1, 1.0), ConfigError);
  CHECK_THROWS_AS(log_of({scribe('a')}, 0.0, 1.0), ConfigError);
}

namespace {

/// Notes which calls each block of particles had, and with which tick.
struct Blocks {
  std::vector<std::string> calls = std::vector<std::string>(3);
  std::size_t size() const { return 3 * parallel::block_size - 1; }
};

Part<Blocks, Ledger> local(char name, std::uint64_t ticks) {
  const auto in_blocks = [=](double dt) -> BlockStep<Blocks, Ledger> {
    return {ticks, 1,
            [=](Blocks& log, double t, std::uint64_t tick, std::size_t first, std::size_t last,
                Ledger& ledger) {
              log.calls[first / parallel::block_size] += name + std::to_string(t) + ":" +
                                                         std::to_string(dt) + "@" +
                                                         std::to_string(tick) + " ";
              ledger.visits += last - first;
            }};
  };
  return {[=](Blocks& log, double t, double dt, StepClock& clock, Ledger& ledger) {
            advance_in_blocks(in_blocks(dt), log, t, clock, ledger);
          },
          in_blocks};
}

/// The same, one after the other for all particles.
Part<Blocks, Ledger> global(const Part<Blocks, Ledger>& part) { return {part.whole}; }

}  // namespace

TEST_CASE(
    "parts of a split that act on each particle alone are called block by block, with the same "
    "times and ticks") {
  const Part<Blocks, Ledger> a = local('a', 2), b = local('b', 0), c = local('c', 1);
  Blocks expected;
  Ledger expected_ledger;
  StepClock expected_clock;
  SymmetricSplit<Blocks, Ledger>({global(a), global(b), global(c)}, 0.25)
      .advance(expected, 1.0, 1.0, expected_clock, expected_ledger);
  for (const auto& parts :
       {std::vector{a, b, c}, std::vector{a, global(b), c}, std::vector{global(a), b, c}})
    for (const int threads : {1, 3}) {
      const parallel::Threads scope(threads);
      Blocks log;
      Ledger ledger;
      StepClock clock;
      SymmetricSplit<Blocks, Ledger>(parts, 0.25).advance(log, 1.0, 1.0, clock, ledger);
      CHECK(log.calls == expected.calls);
      CHECK(clock.now() == expected_clock.now());
      CHECK(ledger.steps == expected_ledger.steps);
      CHECK(ledger.visits == expected_ledger.visits);
    }
  CHECK(expected_ledger.visits == expected_ledger.steps * expected.size());
}
