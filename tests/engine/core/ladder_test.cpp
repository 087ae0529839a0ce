#include "powerstroke/engine/core/ladder.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <random>

#include "powerstroke/engine/core/whole_number.hpp"

using namespace powerstroke;

TEST_CASE("what lies far above the ladder is above it, whatever its energy") {
  constexpr double most = std::numeric_limits<double>::max();
  for (const double energy : {0x1p31, 0x1p32 + 0.5, 1e12, 1e300, most}) {
    const powerstroke::LadderPlace place = powerstroke::ladder_place(energy, 1.0);
    CHECK(place.level == powerstroke::beyond_levels);
    CHECK(place.offset == 1.0);
  }
  CHECK(powerstroke::ladder_place(most, 1e-300).level == powerstroke::beyond_levels);
  CHECK(powerstroke::ladder_place(0x1p31 - 3.0, 1.0).level == powerstroke::beyond_levels - 2);
}

TEST_CASE("a number becomes an integer that its type holds") {
  using powerstroke::whole_number;
  constexpr double infinity = std::numeric_limits<double>::infinity(),
                   nan = std::numeric_limits<double>::quiet_NaN();
  CHECK(whole_number<std::int32_t>(2.9) == 2);
  CHECK(whole_number<std::int32_t>(-2.9) == -2);
  CHECK(whole_number<std::int32_t>(2147483648.0) == 2147483647);
  CHECK(whole_number<std::int32_t>(-2147483649.0) == -2147483647 - 1);
  CHECK(whole_number<std::uint32_t>(-0.5) == 0);
  CHECK(whole_number<std::uint32_t>(-1.0) == 0);
  CHECK(whole_number<std::uint64_t>(0x1p64) == std::numeric_limits<std::uint64_t>::max());
  CHECK(whole_number<std::uint64_t>(0x1p63) == std::uint64_t{1} << 63U);
  CHECK(whole_number<std::int64_t>(0x1p63) == std::numeric_limits<std::int64_t>::max());
  CHECK(whole_number<std::int64_t>(infinity) == std::numeric_limits<std::int64_t>::max());
  CHECK(whole_number<std::int64_t>(-infinity) == std::numeric_limits<std::int64_t>::min());
  CHECK(whole_number<std::int64_t>(nan) == 0);
}

TEST_CASE("the threshold itself is blocked, anything above it is not") {
  for (const double delta_e : {1.0, 0.3, 200.0}) {
    const auto at = ladder_place(delta_e, delta_e);
    CHECK(at.offset == 1.0);
    CHECK(at.level == 0);
    CHECK_FALSE(can_release(at.level));
    CHECK_FALSE(can_release(ladder_place(std::nextafter(delta_e, 1e9), delta_e)
                                .level));  // the same number but for rounding
    CHECK(can_release(ladder_place(delta_e * (1.0 + 1e-14), delta_e).level));
    CHECK_FALSE(can_release(ladder_place(std::nextafter(delta_e, 0.0), delta_e).level));
  }
}

TEST_CASE("only a particle at rest is below level 0") {
  const auto rest = ladder_place(0.0, 0.7);
  CHECK(rest.level == lowest_level);
  CHECK(rest.offset == 1.0);
  CHECK(ladder_energy(0.7, rest.offset, rest.level) == 0.0);
  CHECK_FALSE(can_release(rest.level));
  CHECK(ladder_place(std::numeric_limits<double>::denorm_min(), 0.7).level == 0);
}

TEST_CASE("whole multiples stand on offset 1") {
  for (const auto& [energy, delta_e, multiple] :
       {std::array{2.1, 0.7, 3.0}, std::array{1.2, 0.4, 3.0}, std::array{0.3, 0.1, 3.0},
        std::array{0.6, 0.1, 6.0}}) {
    CHECK(ladder_place(energy, delta_e).offset == 1.0);
    CHECK(ladder_place(energy, delta_e).level == static_cast<std::int32_t>(multiple) - 1);
  }
  for (int k = 0; k < 1000; ++k) {
    const auto place = ladder_place(0.75 * k, 0.75);
    CHECK(place.offset == 1.0);
    CHECK(place.level == k - 1);
    CHECK(can_release(place.level) == (k >= 2));
  }
}

TEST_CASE("an energy comes back from its place, to the rounding of its size") {
  std::mt19937_64 generator(1);
  std::uniform_real_distribution<double> energies(0.0, 50.0);
  for (int k = 0; k < 10000; ++k) {
    const double energy = energies(generator), delta_e = 0.37;
    const auto place = ladder_place(energy, delta_e);
    REQUIRE(place.offset > 0.0);
    REQUIRE(place.offset <= 1.0);
    REQUIRE(can_release(place.level) == (energy / delta_e > 1.0 + 1e-15));
    REQUIRE(std::abs(ladder_energy(delta_e, place.offset, place.level) - energy) <=
            2.0 * std::numeric_limits<double>::epsilon() * energy);
  }
}
