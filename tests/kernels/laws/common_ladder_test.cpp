#include "powerstroke/kernels/laws/common_ladder.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <vector>

using powerstroke::laws::common_ladder;

namespace {
void check_ladder(const std::vector<double>& delta_e, double spacing,
                  const std::vector<std::int32_t>& strides) {
  const auto ladder = common_ladder(delta_e);
  REQUIRE(ladder.has_value());
  CHECK(ladder->spacing == doctest::Approx(spacing).epsilon(1e-14));
  CHECK(ladder->strides == strides);
}
}  // namespace

TEST_CASE("common ladder: the greatest common divisor of the thresholds") {
  check_ladder({1.0}, 1.0, {1});
  check_ladder({0.7}, 0.7, {1});
  check_ladder({200.0, 300.0, 900.0}, 100.0, {2, 3, 9});
  check_ladder({900.0, 200.0, 300.0}, 100.0, {9, 2, 3});
  check_ladder({0.1, 0.3}, 0.1, {1, 3});
  check_ladder({1.0, 1.0}, 1.0, {1, 1});
  check_ladder({1.5, 2.5, 3.5}, 0.5, {3, 5, 7});
  const double b = 1.9225;  // a rigid rotor's lines 2B(J+1)
  check_ladder({2 * b, 4 * b, 6 * b, 8 * b}, 2 * b, {1, 2, 3, 4});
  check_ladder({1.0, 4096.0}, 1.0, {1, 4096});
}

TEST_CASE("common ladder: incommensurate thresholds share none") {
  CHECK_FALSE(common_ladder(std::vector<double>{1.0, std::numbers::sqrt2}).has_value());
  CHECK_FALSE(common_ladder(std::vector<double>{1.0, std::numbers::pi, 2.0}).has_value());
  CHECK_FALSE(common_ladder(std::vector<double>{1.0, 1.0 + 1e-9}).has_value());
  CHECK_FALSE(common_ladder(std::vector<double>{1.0, 1e6}).has_value());
}

TEST_CASE("stride: a delta_e in whole steps of a ladder, to rounding") {
  using powerstroke::laws::stride;
  CHECK(stride(0.3, 0.1) == 3);
  CHECK(stride(900.0, 100.0) == 9);
  CHECK(stride(1.0, 1.0) == 1);
  CHECK_FALSE(stride(1.0, 2.0).has_value());
  CHECK_FALSE(stride(1.5, 1.0).has_value());
  CHECK_FALSE(stride(1.0 + 1e-12, 1.0).has_value());
  CHECK_FALSE(stride(1e300, 1.0).has_value());
}
