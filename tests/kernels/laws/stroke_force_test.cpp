#include "powerstroke/kernels/laws/stroke_force.hpp"

#include <doctest/doctest.h>

#include <array>
#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_dopri5.hpp>
#include <cmath>

using powerstroke::laws::StrokeForce;

TEST_CASE(
    "stroke force: Newton's equation under (4) gives the closed forms of energy, momentum and "
    "way") {
  namespace odeint = boost::numeric::odeint;
  using State = std::array<double, 2>;  // way, speed
  constexpr double mass = 1.7, window = 0.3;
  for (const double start : {1.05, 4.0, 300.0})
    for (const double delta_e : {1.0, -1.0, 1e-9}) {
      const StrokeForce stroke{delta_e / window};
      for (const double elapsed : {0.1 * window, 0.5 * window, window}) {
        CAPTURE(start);
        CAPTURE(delta_e);
        CAPTURE(elapsed);
        State state = {0.0, std::sqrt(2.0 * start / mass)};
        odeint::integrate_adaptive(
            odeint::make_controlled(1e-13, 1e-13, odeint::runge_kutta_dopri5<State>()),
            [&](const State& s, State& rate, double) {
              rate = {s[1], stroke.along_velocity(s[1]) / mass};
            },
            state, 0.0, elapsed, 1e-3);
        CHECK(stroke.displacement(start, elapsed, mass) ==
              doctest::Approx(state[0]).epsilon(1e-11));
        CHECK(stroke.momentum(start, elapsed, mass) ==
              doctest::Approx(mass * state[1]).epsilon(1e-11));
        CHECK(stroke.energy(start, elapsed) ==
              doctest::Approx(0.5 * mass * state[1] * state[1]).epsilon(1e-11));
      }
      CHECK(stroke.energy(start, window) == doctest::Approx(start + delta_e).epsilon(1e-15));
    }
}

TEST_CASE("stroke force: from rest the way is 2/3 of the last speed times the time") {
  const StrokeForce stroke{5.0};
  const double speed = std::sqrt(2.0 * 1.5 / 1.7);  // after a time 0.3 with power 5
  CHECK(stroke.displacement(0.0, 0.3, 1.7) ==
        doctest::Approx(2.0 / 3.0 * speed * 0.3).epsilon(1e-15));
  CHECK(stroke.displacement(0.0, 0.0, 1.7) == 0.0);
  CHECK(StrokeForce{-5.0}.energy(1.5, 0.3) < 1e-15);
}
