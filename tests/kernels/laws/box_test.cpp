#include "powerstroke/kernels/laws/box.hpp"

#include <doctest/doctest.h>

#include <limits>
#include <vector>

#include "powerstroke/engine/core/error.hpp"

using namespace powerstroke;
using namespace powerstroke::laws;
using Sides = Extent::Sides;

namespace {

Extent parted(double at, double until, Sides sides = Sides::reflecting) { return {sides, 0.0, 2.0, Partition{at, until}}; }

void refuse(const Extent& extent) { CHECK_THROWS_AS(validate(Box{{extent}}), ConfigError); }

}  // namespace

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

TEST_CASE("a box that cannot be is refused") {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  refuse({Sides::reflecting, 1.0, 1.0});
  refuse({Sides::periodic, 2.0, 1.0});
  refuse({Sides::reflecting, 0.0, infinity});
  refuse(parted(0.5, 1.0, Sides::periodic));
  refuse(parted(2.0, 1.0));
  refuse(parted(0.0, 1.0));
  refuse(parted(0.5, infinity));
  CHECK_NOTHROW(validate({}));
  CHECK_NOTHROW(validate(Box{{parted(0.5, -1.0)}}));
}
