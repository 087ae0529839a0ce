#include "powerstroke/kernels/laws/flip_probability.hpp"

#include <doctest/doctest.h>

#include <array>
#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/controlled_runge_kutta.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_fehlberg78.hpp>
#include <cmath>
#include <limits>
#include <numbers>

#include "powerstroke/kernels/laws/rates/rosen_zener.hpp"

using namespace powerstroke::laws;

namespace {

namespace odeint = boost::numeric::odeint;

/// The Schroedinger equation in the interaction picture, where nothing moves before and after the
/// passage: i hbar a' = V0 sech(t/tau) e^{i dE t/hbar} b, i hbar b' = V0 sech(t/tau) e^{-i dE
/// t/hbar} a, from b = 1. |a|^2 at the end.
double flipped_by_schroedinger(const Passage& passage) {
  using State = std::array<double, 4>;  // real and imaginary parts of a and b
  const auto equation = [&](const State& s, State& rate, double t) {
    const double v = passage.coupling / std::cosh(t / passage.duration) / passage.hbar;
    const double phase = passage.delta_e * t / passage.hbar, c = std::cos(phase),
                 d = std::sin(phase);
    rate = {v * (s[2] * d + s[3] * c), v * (s[3] * d - s[2] * c), v * (s[1] * c - s[0] * d),
            -v * (s[0] * c + s[1] * d)};
  };
  State state = {0.0, 0.0, 1.0, 0.0};
  const double end = 40.0 * passage.duration;
  // Without a longest step, the control would leap over the passage from where nothing moves.
  const double longest_step = 0.1 * passage.duration;
  odeint::integrate_adaptive(
      odeint::make_controlled(1e-14, 1e-14, longest_step, odeint::runge_kutta_fehlberg78<State>()),
      equation, state, -end, end, longest_step);
  return state[0] * state[0] + state[1] * state[1];
}

RosenZener rosen_zener(int dimension, double coupling, double range) {
  const double parameters[] = {coupling, range};
  return RosenZener(RatesInput{dimension, 1.3, 0.7, parameters});
}

}  // namespace

TEST_CASE("flip probability: the value of the reference") {
  CHECK(std::abs(flip_probability({1.0, 1.0, 0.5, 1.0}) - 0.56993396379) < 1e-11);
}

TEST_CASE(
    "flip probability: the time-dependent Schroedinger equation over coupling, gap and duration") {
  for (const double coupling : {0.1, 1.0, 3.7})
    for (const double delta_e : {0.05, 1.0, 2.5})
      for (const double duration : {0.01, 0.3, 1.1, 4.0})
        for (const double hbar : {1.0, 0.4}) {
          const Passage passage{coupling, delta_e, duration, hbar};
          CAPTURE(coupling);
          CAPTURE(delta_e);
          CAPTURE(duration);
          CAPTURE(hbar);
          CHECK(std::abs(flip_probability(passage) - flipped_by_schroedinger(passage)) < 1e-10);
        }
}

TEST_CASE(
    "flip probability: a fast passage flips as duration squared, a slow one exponentially little, "
    "none for ever nothing") {
  const double pi = std::numbers::pi;
  for (const double duration : {1e-3, 1e-6, 1e-150}) {
    const double small = pi * 2.0 * duration / 0.5;
    // sin^2 x sech^2 y = x^2 (1 - x^2/3 - y^2 ...), y = x/8.
    CHECK(flip_probability({2.0, 0.5, duration, 0.5}) ==
          doctest::Approx(small * small).epsilon(small * small + 1e-14));
  }
  // tau and tau + 1 half oscillations apart: sin^2 is the same, sech^2 falls by e^{-pi dE/hbar}.
  CHECK(flip_probability({0.5, 1.0, 11.0, 1.0}) / flip_probability({0.5, 1.0, 9.0, 1.0}) ==
        doctest::Approx(std::exp(-2.0 * pi)).epsilon(1e-10));
  for (const double duration : {1e4, 1e300, std::numeric_limits<double>::infinity()})
    CHECK(flip_probability({0.5, 1.0, duration, 1.0}) == 0.0);
}

TEST_CASE("flip probability: its largest value up to a duration is a bound, and is attained") {
  for (const double coupling : {1e-6, 0.1, 1.0, 40.0})
    for (const double delta_e : {1e-3, 1.0, 30.0})
      for (const double longest : {1e-3, 0.1, 1.0, 50.0}) {
        CAPTURE(coupling);
        CAPTURE(delta_e);
        CAPTURE(longest);
        const double bound = largest_flip_probability({coupling, delta_e, longest, 1.0});
        double found = 0.0;
        constexpr int samples = 20'000;
        for (int i = 1; i <= samples; ++i)
          found =
              std::max(found, flip_probability({coupling, delta_e, longest * i / samples, 1.0}));
        CHECK(found <= bound);
        // Near its top sin^2 falls by (pi V0 dtau)^2 and less, sech^2 by less; dtau is half the
        // spacing of the samples.
        const double off = std::numbers::pi * (coupling + delta_e) * longest / samples;
        CHECK(found >= bound * (1.0 - off * off - 1e-13));
      }
}

TEST_CASE(
    "rosen_zener: the same flip probability up and down, on top of the microreversible factor") {
  for (const int dimension : {1, 2, 3}) {
    const RosenZener law = rosen_zener(dimension, 1.1, 0.8);
    const Microreversible phase_space(dimension);
    // E = 0.36 and E = 1 have speeds 0.6 v and v, v = sqrt(2/m); their mean is 0.8 v.
    const double p = flip_probability({1.1, 0.64, 0.8 / (0.8 * std::sqrt(2.0 / 1.3)), 0.7});
    CHECK(p > 0.1);
    CHECK(law.uptake(0.36, 0.64) ==
          doctest::Approx(p * phase_space.uptake(0.36, 0.64)).epsilon(1e-13));
    CHECK(law.release(1.0, 0.64) ==
          doctest::Approx(p * phase_space.release(1.0, 0.64)).epsilon(1e-13));
    CHECK(law.state_exponent() == phase_space.state_exponent());
  }
}

TEST_CASE(
    "rosen_zener: from rest and at any energy within the bound, which is below 1 where passages "
    "are too fast") {
  for (const double coupling : {0.02, 1.1, 25.0})
    for (const double range : {0.01, 0.8, 6.0})
      for (const double delta_e : {0.1, 2.0}) {
        const RosenZener law = rosen_zener(2, coupling, range);
        const double bound = law.bound(delta_e);
        CHECK(bound <= 1.0);
        double highest = law.uptake(0.0, delta_e);
        for (double energy = 1e-9; energy < 1e9; energy *= 1.01) {
          highest = std::max(highest, law.uptake(energy, delta_e));
          highest = std::max(highest, law.release(energy + delta_e, delta_e));
        }
        CHECK(highest <= bound);
        CHECK(highest >= 0.99 * bound);
      }
  CHECK(rosen_zener(3, 0.02, 0.01).bound(2.0) < 1e-4);
}

TEST_CASE("rosen_zener: fast and slow particles are elastic, those between are not") {
  const RosenZener law = rosen_zener(2, 1.0, 1.0);
  const double heavy_parameters[] = {1.0, 1.0};
  const RosenZener heavy(RatesInput{2, 1e4, 0.7, heavy_parameters});
  CHECK(law.uptake(1e8, 1.0) < 1e-6);
  CHECK(law.uptake(4.0, 1.0) > 0.3);
  CHECK(heavy.uptake(1.0, 1.0) < 1e-60);
}

TEST_CASE("flip probability: the largest of a coupling beyond all scales is 1") {
  for (const double coupling : {1e3, 1e9, 1e15, 1e300}) {
    CAPTURE(coupling);
    const double largest = largest_flip_probability({coupling, 1.0, 1.0, 1.0});
    CHECK(largest > 1.0 - 1e-5);
    CHECK(largest <= 1.0);
  }
}
