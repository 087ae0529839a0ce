#include "powerstroke/engine/run/ledger.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

using namespace powerstroke;

namespace {

struct Jumps {
  std::uint64_t jumps = 0;
  std::array<std::int64_t, 2> height{};

  static constexpr auto fields() {
    return std::tuple(CountField("jumps", "Of all", &Jumps::jumps),
                      CountField("height", "Of each leg", &Jumps::height));
  }
  Jumps& operator+=(const Jumps& more) { return add_counts(*this, more); }
};

struct Falls {
  std::uint64_t falls = 0;

  static constexpr auto fields() {
    return std::tuple(CountField("falls", "Of all", &Falls::falls));
  }
  Falls& operator+=(const Falls& more) { return add_counts(*this, more); }
};

using Inner = LedgerOf<StepCounts, Jumps>;
using Outer = LedgerOf<Inner, Falls>;

/// Books as a kernel that knows nothing of falls.
void jump(Inner& ledger) {
  ++ledger.steps;
  ++ledger.jumps;
  ledger.height[1] -= 3;
}

}  // namespace

TEST_CASE("a ledger adds the counts of all its parts, and those of one") {
  Outer ledger;
  jump(ledger);
  jump(ledger);
  ledger.falls = 5;
  Outer sum = ledger;
  sum += ledger;
  CHECK(sum.steps == 4);
  CHECK(sum.jumps == 4);
  CHECK(sum.height == std::array<std::int64_t, 2>{0, -12});
  CHECK(sum.falls == 10);
  sum += Jumps{1, {7, 0}};
  CHECK(sum.jumps == 5);
  CHECK(sum.height == std::array<std::int64_t, 2>{7, -12});
  CHECK(sum.falls == 10);
}

TEST_CASE("the integers of a ledger, of whatever sign, make it again; their sums are its sums") {
  Outer ledger;
  jump(ledger);
  ledger.falls = 2;
  std::vector<std::uint64_t> integers = ledger.integers();
  CHECK(integers == std::vector<std::uint64_t>{1, 1, 0, static_cast<std::uint64_t>(-3), 2});
  for (std::uint64_t& integer : integers) integer *= 4;  // the sum of four such
  const Outer sum = Outer::of_integers(integers);
  CHECK(sum.steps == 4);
  CHECK(sum.height[1] == -12);
  CHECK(sum.falls == 8);
}

TEST_CASE("fields come in the order of the parts, with their names") {
  std::string names;
  for_each_field<Outer>([&](const auto& field) { names += std::string(field.name) + " "; });
  CHECK(names == "steps jumps height falls ");
}
