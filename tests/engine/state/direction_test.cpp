#include "powerstroke/engine/state/direction.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

using namespace powerstroke;

namespace {

constexpr double false_alarm = 1e-6;
constexpr std::size_t particles = 100000;

/// Are these numbers uniform on [0, 1]? Kolmogorov's distance with Massart's bound 2 exp(-2 n x^2).
bool uniform(std::vector<double> ranks) {
  std::ranges::sort(ranks);
  const auto n = static_cast<double>(ranks.size());
  double distance = 0.0;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    const auto below = static_cast<double>(i);
    distance = std::max({distance, ranks[i] - below / n, (below + 1.0) / n - ranks[i]});
  }
  return distance < std::sqrt(std::log(2.0 / false_alarm) / (2.0 * n));
}

Vector direction_of(std::size_t particle, int dimension) {
  return isotropic_direction(5, particle, 0, Purpose::direction, dimension);
}

}  // namespace

TEST_CASE("directions are unit vectors, equal each time they are asked for") {
  for (int dimension = 1; dimension <= 3; ++dimension)
    for (std::size_t i = 0; i < 1000; ++i) {
      const Vector u = direction_of(i, dimension);
      REQUIRE(std::abs(std::hypot(u[0], u[1], u[2]) - 1.0) < 4e-16);
      for (int axis = dimension; axis < 3; ++axis)
        REQUIRE(u[static_cast<std::size_t>(axis)] == 0.0);
      REQUIRE(u == direction_of(i, dimension));
    }
  CHECK(direction_of(1, 3) != direction_of(2, 3));
}

TEST_CASE("directions are isotropic") {
  // On the sphere each component is uniform (Archimedes), and so is the angle around any axis; on
  // the circle the angle is.
  std::vector<double> x, y, z, around_x, angle;
  const auto turn = [](double sine, double cosine) {
    return 0.5 + std::atan2(sine, cosine) / (2.0 * std::numbers::pi);
  };
  double right = 0.0;
  for (std::size_t i = 0; i < particles; ++i) {
    const Vector u = direction_of(i, 3), v = direction_of(i, 2);
    x.push_back(0.5 + 0.5 * u[0]);
    y.push_back(0.5 + 0.5 * u[1]);
    z.push_back(0.5 + 0.5 * u[2]);
    around_x.push_back(turn(u[2], u[1]));
    angle.push_back(turn(v[1], v[0]));
    right += direction_of(i, 1)[0] > 0.0 ? 1.0 : 0.0;
  }
  CHECK(uniform(x));
  CHECK(uniform(y));
  CHECK(uniform(z));
  CHECK(uniform(around_x));
  CHECK(uniform(angle));
  // Hoeffding: Prob(|share - 1/2| > x) <= 2 exp(-2 n x^2).
  const auto n = static_cast<double>(particles);
  CHECK(std::abs(right / n - 0.5) < std::sqrt(std::log(2.0 / false_alarm) / (2.0 * n)));
}

TEST_CASE("the magnitude of the momentum has the kinetic energy it was made from") {
  for (const double mass : {1.0, 28.0})
    for (const double energy : {0.0, 0.3, 12.0}) {
      const double p = momentum_magnitude(energy, mass);
      CHECK(p * p / (2.0 * mass) == doctest::Approx(energy).epsilon(1e-15));
    }
}
