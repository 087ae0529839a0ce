#include "powerstroke/kernels/laws/ladder_transition.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "powerstroke/analysis/theory/closed_forms.hpp"

using namespace powerstroke;

namespace {

double entry(const std::vector<double>& law, std::size_t highest, int from, int to) {
  const std::size_t size = highest + 2;
  return law[static_cast<std::size_t>(from + 1) * size + static_cast<std::size_t>(to + 1)];
}

}  // namespace

TEST_CASE("transition law of the ladder: the Bessel form of the queue M/M/1") {
  struct Case {
    double up, down, t;
  };
  for (const Case& c : {Case{0.5, 1.0, 0.01},
                        {0.5, 1.0, 3.0},
                        {0.5, 1.0, 200.0},
                        {0.95, 1.0, 20.0},
                        {0.01, 2.0, 5.0}}) {
    CAPTURE(c.t);
    constexpr std::size_t highest = 200;
    const auto law = laws::ladder_transition(c.up, c.down, c.t, highest);
    for (const int from : {0, 1, 5, 20})
      for (int to = 0; to < 60; ++to) {
        const double expected = theory::transient_level_probability(
            static_cast<unsigned>(to), static_cast<unsigned>(from), c.t, c.up, c.down);
        CHECK(std::abs(entry(law, highest, from, to) - expected) < 1e-12 * expected + 1e-15);
      }
  }
}

TEST_CASE("transition law of the ladder: rows sum to 1, and two times in a row are their sum") {
  constexpr std::size_t highest = 80, size = highest + 2;
  const auto a = laws::ladder_transition(0.7, 1.0, 2.0, highest),
             b = laws::ladder_transition(0.7, 1.0, 31.0, highest),
             both = laws::ladder_transition(0.7, 1.0, 33.0, highest);
  for (std::size_t i = 0; i < size; ++i) {
    double sum = 0.0;
    for (std::size_t j = 0; j < size; ++j) {
      sum += both[i * size + j];
      double composed = 0.0;
      for (std::size_t k = 0; k < size; ++k) composed += a[i * size + k] * b[k * size + j];
      CHECK(std::abs(composed - both[i * size + j]) < 1e-13);
    }
    CHECK(std::abs(sum - 1.0) < 1e-14);
  }
}

TEST_CASE(
    "transition law of the ladder: rest is left at w+ and not met again; the stationary law in the "
    "end; no time, no move") {
  constexpr std::size_t highest = 100;
  const auto law = laws::ladder_transition(0.5, 1.0, 3.0, highest);
  CHECK(std::abs(entry(law, highest, -1, -1) - std::exp(-1.5)) < 1e-14);
  for (int from = 0; from < 20; ++from) CHECK(entry(law, highest, from, -1) == 0.0);
  const auto late = laws::ladder_transition(0.5, 1.0, 1e7, highest);
  for (const int from : {-1, 0, 30})
    for (int to = 0; to < 40; ++to)
      CHECK(std::abs(entry(late, highest, from, to) - std::pow(0.5, to + 1)) < 1e-13);
  const auto never = laws::ladder_transition(0.5, 1.0, 0.0, highest);
  CHECK(entry(never, highest, 7, 7) == 1.0);
}

TEST_CASE(
    "transition law of the ladder: the highest level that matters is high enough, and no higher "
    "than it must be") {
  for (const auto& [up, t] : {std::pair{0.5, 0.1}, {0.5, 10.0}, {0.9, 1000.0}, {0.0, 5.0}}) {
    const std::size_t top = laws::highest_level_met(up, 1.0, t, 10, 640);
    CHECK(top < 640);
    const auto law = laws::ladder_transition(up, 1.0, t, std::min<std::size_t>(top + 30, 670));
    double above = 0.0;
    for (int m = static_cast<int>(top) + 1; m <= static_cast<int>(top) + 30; ++m)
      above += entry(law, top + 30, 10, m);
    CHECK(above < 0x1p-60);
  }
  CHECK(laws::highest_level_met(0.999, 1.0, 1e6, 10, 640) == 640);
  CHECK(laws::highest_level_met(2.0, 1.0, 1e6, 10, 640) == 640);
  CHECK(laws::highest_level_met(0.5, 1.0, 1.0, 1'000'000, 640) == 640);
}
