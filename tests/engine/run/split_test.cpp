#include "powerstroke/engine/run/split.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace powerstroke;

namespace {

/// Which parts acted, over which times.
struct Log {
  std::string order;
  std::vector<double> from, to;
};

SymmetricSplit<Log>::Part scribe(char name) {
  return [name](Log& log, double t, double dt, StepClock&, Ledger&) {
    log.order += name;
    log.from.push_back(t);
    log.to.push_back(t + dt);
  };
}

Log log_of(std::vector<SymmetricSplit<Log>::Part> parts, double step, double dt) {
  Log log;
  StepClock clock;
  Ledger ledger;
  SymmetricSplit<Log>(std::move(parts), step).advance(log, 1.0, dt, clock, ledger);
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
    std::vector<SymmetricSplit<Log>::Part> parts;
    for (const char other : {'a', 'b', 'c', 'd'})
      parts.push_back(other == name ? scribe(other) : [](Log&, double, double, StepClock&, Ledger&) {});
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
