#include "powerstroke/kernels/laws/box.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "powerstroke/engine/core/error.hpp"

using namespace powerstroke;
using namespace powerstroke::laws;

namespace {

using Sides = Extent::Sides;

/// The flight side by side, as it happens: to the next side, through it or back, and on.
Landing by_hand(const Extent& extent, double from, double target) {
  double x = from, way = target - from;
  Landing landing{from, false, 0.0};
  while (true) {
    const double side = way > 0.0 ? extent.high : extent.low;
    if (std::abs(way) <= std::abs(side - x)) return {x + way, landing.turned, landing.crossings};
    way -= side - x;
    ++landing.crossings;
    if (extent.sides == Sides::reflecting) {
      x = side;
      way = -way;
      landing.turned = !landing.turned;
    } else {
      x = way > 0.0 ? extent.low : extent.high;
    }
  }
}

Extent parted(double at, double until, Sides sides = Sides::reflecting) {
  return {sides, 0.0, 2.0, Partition{at, until}};
}

void refuse(const Extent& extent) { CHECK_THROWS_AS(validate(Box{{extent}}), ConfigError); }

}  // namespace

TEST_CASE("box: a flight lands where side after side sends it") {
  std::mt19937_64 random(3);
  for (const Sides sides : {Sides::reflecting, Sides::periodic}) {
    const Extent extent{sides, -1.3, 0.9};
    std::uniform_real_distribution<double> inside(extent.low, extent.high), way(-9.0, 9.0);
    for (int k = 0; k < 10'000; ++k) {
      const double from = inside(random), target = from + way(random);
      const Landing landing = land(extent, target), expected = by_hand(extent, from, target);
      // A rounding for each of the at most five sides, of numbers below 16.
      CHECK(std::abs(landing.position - expected.position) <
            8.0 * 16.0 * std::numeric_limits<double>::epsilon());
      CHECK(landing.turned == expected.turned);
      CHECK(landing.crossings == expected.crossings);
      CHECK(landing.position >= extent.low);
      CHECK(landing.position <= extent.high);
    }
  }
}

TEST_CASE("box: open sides let everything pass, and a side that is just reached is not crossed") {
  CHECK(land({}, 1e300).position == 1e300);
  CHECK(land({}, 1e300).crossings == 0.0);
  for (const Sides sides : {Sides::reflecting, Sides::periodic})
    for (const double side : {-1.0, 2.0}) {
      const Landing landing = land({sides, -1.0, 2.0}, side);
      CHECK(landing.position == side);
      CHECK_FALSE(landing.turned);
      CHECK(landing.crossings == 0.0);
    }
}

TEST_CASE("box: sides that cannot be are refused") {
  const double infinity = std::numeric_limits<double>::infinity();
  Box box;
  CHECK_NOTHROW(validate(box));
  for (const Extent& extent :
       {Extent{Sides::reflecting, 1.0, 1.0}, Extent{Sides::periodic, 2.0, 1.0},
        Extent{Sides::reflecting, 0.0, infinity}, Extent{Sides::periodic}}) {
    box.axis[2] = extent;
    CHECK_THROWS_AS(validate(box), ConfigError);
  }
  box.axis[2] = {Sides::periodic, 1.0, 2.0};
  CHECK_NOTHROW(validate(box));
}

TEST_CASE("an extent ends at its partition until the partition is taken out") {
  const Extent extent = parted(0.5, 3.0);
  CHECK(extent.at(2.999).high == 0.5);
  CHECK(extent.at(3.0).high == 2.0);
  CHECK(extent.at(0.0).low == 0.0);
  CHECK(extent.at(0.0).sides == Sides::reflecting);
  CHECK(!extent.at(0.0).partition);
  CHECK(Extent{}.at(1.0).high == std::numeric_limits<double>::infinity());
}

TEST_CASE("releases within a time are told in their order, those at its ends not") {
  const Box box{{parted(0.5, 3.0), parted(0.5, 1.0), Extent{}}};
  CHECK(releases(box, 0.0, 4.0) == std::vector<double>{1.0, 3.0});
  CHECK(releases(box, 1.0, 3.0).empty());
  CHECK(releases(box, 0.0, 1.0).empty());
  CHECK(releases({}, 0.0, 1.0).empty());
}

TEST_CASE("box: a partition that cannot be is refused") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  refuse(parted(0.5, 1.0, Sides::periodic));
  refuse(parted(2.0, 1.0));
  refuse(parted(0.0, 1.0));
  refuse(parted(0.5, infinity));
  CHECK_NOTHROW(validate({}));
  CHECK_NOTHROW(validate(Box{{parted(0.5, -1.0)}}));
}
