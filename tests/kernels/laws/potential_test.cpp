#include "powerstroke/kernels/laws/potential.hpp"

#include <doctest/doctest.h>

#include <array>
#include <boost/math/differentiation/finite_difference.hpp>
#include <cmath>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/engine/core/error.hpp"

using namespace powerstroke;
using namespace powerstroke::laws;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

/// sin x at equidistant points of [-2, 3].
Tabulated sine(int points) {
  const double low = -2.0, spacing = 5.0 / (points - 1);
  std::vector<double> energies;
  for (int k = 0; k < points; ++k) energies.push_back(std::sin(low + k * spacing));
  return {low, spacing, energies};
}

/// x^2 at 9 points of [-2, 2]: what a cubic spline has exactly.
Tabulated parabola() {
  std::vector<double> energies;
  for (int k = 0; k < 9; ++k) energies.push_back((-2.0 + 0.5 * k) * (-2.0 + 0.5 * k));
  return {-2.0, 0.5, energies};
}

const Trap trap{{2.0, 5.0, 1.0, 3.0}, {-0.3, 0.4, 0.0, 2.0}};

std::vector<std::pair<std::string, AnyPotential>> profiles() {
  return {{"free", Free{}},
          {"harmonic", Harmonic{2.3, 0.4}},
          {"quartic", Quartic{1.7}},
          {"double well", DoubleWell{1.3, 0.8}},
          {"cosine", Cosine{0.9, 1.9}},
          {"trap", trap},
          {"tabulated", sine(21)}};
}

double energy(const AnyPotential& potential, double x, double t) {
  return potential_energy(potential, {x}, 1, t);
}

double force(const AnyPotential& potential, double x, double t) {
  return std::visit(
      [&](const auto& v) {
        if constexpr (requires { v.force(x, t); })
          return static_cast<double>(v.force(x, t));
        else
          return v.force(Vector{x}, t)[0];
      },
      potential);
}

}  // namespace

TEST_CASE("potentials: the force is minus the gradient of the energy, at any time") {
  for (const auto& named : profiles())
    for (const double t : {0.0, 0.7, 1.4, 2.5, 9.0})
      for (const double x : {-2.9, -1.03, -0.21, 0.0, 0.77, 1.31, 3.3}) {
        CAPTURE(named.first);
        CAPTURE(t);
        CAPTURE(x);
        double error = 0.0;
        const auto v = [&named, t](double at) { return energy(named.second, at, t); };
        // Of the spline, which is smooth only between its points, a difference over few of them.
        const double slope =
            boost::math::differentiation::finite_difference_derivative<decltype(v), double, 4>(
                v, x, &error);
        CHECK(std::abs(force(named.second, x, t) + slope) <= 20.0 * error);
      }
}

TEST_CASE("potentials: places and depths") {
  const DoubleWell well{1.3, 0.8};
  CHECK(well.energy(0.8, 0.0) == 0.0);
  CHECK(well.energy(-0.8, 0.0) == 0.0);
  CHECK(well.energy(0.0, 0.0) == 1.3);
  const Cosine cosine{0.9, 1.9};
  CHECK(std::abs(cosine.energy(3.0 * 1.9, 0.0)) < 1e-14);
  CHECK(cosine.energy(0.5 * 1.9, 0.0) == doctest::Approx(1.8));
  CHECK(potential_energy(Harmonic{2.0, 1.0}, {2.0, 3.0, 5.0}, 2, 0.0) == 1.0 + 4.0);
  const UserPotential user{[](const Vector& x, double t) { return t * x[0] * x[1]; },
                           [](const Vector& x, double t) {
                             return Vector{-t * x[1], -t * x[0], 0.0};
                           }};
  CHECK(potential_energy(user, {2.0, 3.0, 0.0}, 2, 0.5) == 3.0);
}

TEST_CASE(
    "a trap goes from one stiffness and centre to the others between its times, and stays there") {
  for (const auto& [t, stiffness, centre] :
       {std::array{-1.0, 2.0, -0.3}, std::array{1.0, 2.0, 0.05}, std::array{2.0, 3.5, 0.4},
        std::array{7.0, 5.0, 0.4}}) {
    CHECK(trap.energy(1.0, t) ==
          doctest::Approx(0.5 * stiffness * (1.0 - centre) * (1.0 - centre)));
    CHECK(trap.force(1.0, t) == doctest::Approx(-stiffness * (1.0 - centre)));
  }
  const Ramp sudden{1.0, 2.0, 3.0, 3.0};
  CHECK(sudden.at(3.0) == 1.0);
  CHECK(sudden.at(std::nextafter(3.0, 4.0)) == 2.0);
}

TEST_CASE(
    "a tabulated potential: of fourth order in the energy, of third in the force; straight beyond "
    "its ends") {
  const auto errors = [](int points) {
    const Tabulated v = sine(points);
    double energy_error = 0.0, force_error = 0.0;
    for (double x = -2.0; x <= 3.0; x += 1e-3) {
      energy_error = std::max(energy_error, std::abs(v.energy(x, 0.0) - std::sin(x)));
      force_error = std::max(force_error, std::abs(v.force(x, 0.0) + std::cos(x)));
    }
    return std::pair{energy_error, force_error};
  };
  const auto coarse = errors(81), middle = errors(161), fine = errors(321);
  const double of_energy[] = {std::log2(coarse.first / middle.first),
                              std::log2(middle.first / fine.first)};
  const double of_force[] = {std::log2(coarse.second / middle.second),
                             std::log2(middle.second / fine.second)};
  MESSAGE("spacing ", 5.0 / 320, ": energy off by ", fine.first, ", order ", of_energy[1],
          "; force by ", fine.second, ", order ", of_force[1]);
  CHECK(std::abs(of_energy[1] - 4.0) < 0.1);
  CHECK(std::abs(of_force[1] - 3.0) < 0.1);

  const Tabulated v = sine(41);
  for (int k = 0; k < 41; ++k) {
    const double x = -2.0 + 0.125 * k;
    CHECK(v.energy(x, 0.0) == doctest::Approx(std::sin(x)).epsilon(1e-13));
  }
  for (const double end : {-2.0, 3.0}) {
    const double way = end < 0.0 ? -1.0 : 1.0;
    CHECK(v.force(end + 5.0 * way, 0.0) == v.force(end, 0.0));
    CHECK(v.energy(end + 5.0 * way, 0.0) ==
          doctest::Approx(v.energy(end, 0.0) - 5.0 * way * v.force(end, 0.0)));
  }
  for (const double x : {-1.9, 0.3, 1.2}) {
    CHECK(parabola().energy(x, 0.0) == doctest::Approx(x * x).epsilon(1e-13));
    CHECK(parabola().force(x, 0.0) == doctest::Approx(-2.0 * x).epsilon(1e-13));
  }
}

TEST_CASE(
    "potentials: beyond where they confine particles they are above the level, and only there") {
  constexpr double level = 2.7;
  const std::vector<AnyPotential> confining = {Harmonic{2.3, 0.4}, Quartic{1.7},
                                               DoubleWell{1.3, 0.8}, trap, parabola()};
  for (const AnyPotential& potential : confining)
    for (const double t : {0.0, 1.7}) {
      const Interval inside = confined(potential, level, t);
      CHECK(inside.low < 0.0);
      CHECK(inside.high > 0.0);
      for (const double beyond : {1e-6, 1.0, 50.0}) {
        CHECK(energy(potential, inside.low - beyond, t) > level);
        CHECK(energy(potential, inside.high + beyond, t) > level);
      }
    }
  const Interval well = confined(DoubleWell{1.3, 0.8}, level, 0.0);
  CHECK(energy(DoubleWell{1.3, 0.8}, well.high, 0.0) == doctest::Approx(level));
  // The table ends at 4, below a level of 10: on with the slope of 4 to 2 + 6/4.
  CHECK(confined(parabola(), 10.0, 0.0).high == doctest::Approx(3.5));
  CHECK(confined(Free{}, level, 0.0).high == infinity);
  CHECK(confined(Cosine{50.0, 1.0}, level, 0.0).low == -infinity);
  CHECK(confined(sine(41), level, 0.0).low ==
        doctest::Approx(-2.0 - (level - std::sin(-2.0)) / -std::cos(-2.0)).epsilon(1e-3));
  CHECK(confined(sine(41), level, 0.0).high == infinity);
  CHECK_THROWS_AS(confined(UserPotential{}, level, 0.0), ConfigError);
}

TEST_CASE("potentials: parameters that cannot be are refused by name") {
  const auto refused = [](const AnyPotential& potential, const char* what) {
    CHECK_THROWS_WITH_AS(validate(potential), doctest::Contains(what), ConfigError);
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const auto& named : profiles()) CHECK_NOTHROW(validate(named.second));
  refused(Harmonic{0.0}, "stiffness");
  refused(Harmonic{1.0, nan}, "centre");
  refused(Quartic{-1.0}, "strength");
  refused(DoubleWell{0.0, 1.0}, "barrier");
  refused(DoubleWell{1.0, infinity}, "minimum");
  refused(Cosine{nan, 1.0}, "amplitude");
  refused(Cosine{1.0, 0.0}, "period");
  refused(Trap{{1.0, 0.0}, {0.0, 1.0}}, "stiffness");
  refused(Trap{{1.0, 1.0}, {0.0, infinity}}, "centre");
  refused(Trap{{1.0, 1.0, 2.0, 1.0}, {0.0, 1.0}}, "end");
  refused(UserPotential{}, "callable");
  CHECK_THROWS_WITH_AS(Tabulated(0.0, 1.0, {1.0, 2.0, 3.0, 4.0}), doctest::Contains("energies"),
                       ConfigError);
  CHECK_THROWS_WITH_AS(Tabulated(0.0, 0.0, std::vector<double>(9, 1.0)),
                       doctest::Contains("spacing"), ConfigError);
  CHECK_THROWS_WITH_AS(Tabulated(nan, 1.0, std::vector<double>(9, 1.0)), doctest::Contains("low"),
                       ConfigError);
  CHECK_THROWS_WITH_AS(Tabulated(0.0, 1.0, {1.0, 2.0, nan, 4.0, 5.0}),
                       doctest::Contains("energies"), ConfigError);
}
