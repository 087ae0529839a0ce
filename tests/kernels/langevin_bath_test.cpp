#include "powerstroke/kernels/langevin_bath.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <boost/math/distributions/normal.hpp>
#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_fehlberg78.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/kernels/flight.hpp"
#include "powerstroke/kernels/kick.hpp"
#include "powerstroke/kernels/phase_split.hpp"
#include "support/bounds.hpp"
#include "support/second_moments.hpp"

using namespace powerstroke;
using test_support::LinearBath;
using test_support::Moments;

namespace {

constexpr double mass = 1.7, friction = 0.8, temperature = 1.3;

PhaseSplit baoab(const LinearBath& bath, double step, std::uint64_t seed) {
  std::vector<PhasePart> parts;
  if (bath.stiffness > 0.0) parts.push_back(phase_part(Kick(laws::Harmonic{bath.stiffness})));
  parts.push_back(phase_part(Flight()));
  parts.push_back(phase_part(LangevinBath(bath.friction, bath.temperature, seed)));
  return {std::move(parts), step};
}

/// Particles from the normal law of these moments, all axes alike, after a time t.
PhaseEnsemble run(const LinearBath& bath, const Moments& start, double step, double t,
                  std::size_t particles, int dimension) {
  PhaseEnsemble ensemble(dimension, {{particles, bath.mass}});
  std::mt19937_64 random(5);
  std::normal_distribution<double> normal;
  for (int axis = 0; axis < dimension; ++axis)
    for (std::size_t i = 0; i < particles; ++i) {
      ensemble.positions(axis)[i] = start.x + std::sqrt(start.covariance.xx) * normal(random);
      ensemble.momenta(axis)[i] = start.p + std::sqrt(start.covariance.pp) * normal(random);
    }
  StepClock clock;
  Ledger ledger;
  baoab(bath, step, 3).advance(ensemble, 0.0, t, clock, ledger);
  return ensemble;
}

/// How many standard errors <x>, <p>, <xx>, <xp>, <pp> of particles of a normal law lie away from
/// it.
std::array<double, 5> deviates(PhaseEnsemble& ensemble, const Moments& law) {
  std::array<double, 5> sum{};
  for (int axis = 0; axis < ensemble.dimension(); ++axis)
    for (std::size_t i = 0; i < ensemble.size(); ++i) {
      const double x = ensemble.positions(axis)[i] - law.x, p = ensemble.momenta(axis)[i] - law.p;
      const std::array<double, 5> terms = {x, p, x * x, x * p, p * p};
      for (std::size_t k = 0; k < terms.size(); ++k) sum[k] += terms[k];
    }
  const double n = static_cast<double>(ensemble.size()) * ensemble.dimension();
  const auto& [xx, xp, px, pp] = law.covariance;
  const std::array<double, 5> mean = {0.0, 0.0, xx, xp, pp},
                              variance = {xx, pp, 2.0 * xx * xx, xx * pp + xp * px, 2.0 * pp * pp};
  std::array<double, 5> result{};
  for (std::size_t k = 0; k < result.size(); ++k)
    result[k] = (sum[k] / n - mean[k]) / std::sqrt(variance[k] / n);
  return result;
}

bool agree(PhaseEnsemble& ensemble, const Moments& law, int cases) {
  bool all = true;
  for (const double z : deviates(ensemble, law))
    all = all && std::abs(z) < test_support::largest_deviate(5 * cases);
  return all;
}

/// The exact moments, from the equations d<x>/dt = <p>/m, d<p>/dt = -k<x> - zeta<p> and those of
/// the covariance.
Moments exact(const LinearBath& bath, const Moments& start, double t) {
  using State = std::array<double, 5>;
  State s = {start.x, start.p, start.covariance.xx, start.covariance.xp, start.covariance.pp};
  const auto& [m, k, zeta, T] = bath;
  const auto rates = [m = m, k = k, zeta = zeta, T = T](const State& y, State& rate, double) {
    rate = {y[1] / m, -k * y[0] - zeta * y[1], 2.0 * y[3] / m, y[4] / m - k * y[2] - zeta * y[3],
            -2.0 * k * y[3] - 2.0 * zeta * y[4] + 2.0 * zeta * m * T};
  };
  namespace odeint = boost::numeric::odeint;
  odeint::integrate_adaptive(
      odeint::make_controlled<odeint::runge_kutta_fehlberg78<State>>(1e-13, 1e-13), rates, s, 0.0,
      t, 1e-3);
  return {s[0], s[1], {s[2], s[3], s[3], s[4]}};
}

const Moments start = {0.4, -1.1, {0.5, 0.0, 0.0, 0.3}};

}  // namespace

TEST_CASE(
    "Langevin bath: momenta of free particles have the Ornstein-Uhlenbeck moments, exact at any "
    "step") {
  constexpr std::size_t particles = 60'000;
  const LinearBath bath{mass, 0.0, friction, temperature};
  for (const double step : {2.0, 0.25}) {
    CAPTURE(step);
    constexpr double t = 2.0;
    PhaseEnsemble ensemble = run(bath, start, step, t, particles, 3);
    // Closed forms: <p> and <pp> as of the process in time, those with x as of its split into half
    // flights.
    const Moments law = bath.baoab(start, step, static_cast<int>(t / step));
    const double kept = std::exp(-friction * t);
    CHECK(law.p == doctest::Approx(start.p * kept).epsilon(1e-13));
    CHECK(law.covariance.pp == doctest::Approx(start.covariance.pp * kept * kept +
                                               mass * temperature * (1.0 - kept * kept))
                                   .epsilon(1e-13));
    CHECK(agree(ensemble, law, 2));
  }
}

TEST_CASE(
    "Langevin bath: diffusion of free particles, <x^2> = 2 T/(m zeta^2) (zeta t - 1 + exp(-zeta "
    "t)) from equilibrium") {
  constexpr double t = 3.0;
  constexpr std::size_t particles = 50'000;
  const LinearBath bath{mass, 0.0, friction, temperature};
  const Moments thermal = {0.0, 0.0, {0.0, 0.0, 0.0, mass * temperature}};
  const double kept = std::exp(-friction * t), dt = friction * t;
  const Moments law = {0.0,
                       0.0,
                       {2.0 * temperature / (mass * friction * friction) * (dt - 1.0 + kept),
                        temperature / friction * (1.0 - kept),
                        temperature / friction * (1.0 - kept), mass * temperature}};
  const Moments from_equations = exact(bath, thermal, t);
  CHECK(law.covariance.xx == doctest::Approx(from_equations.covariance.xx).epsilon(1e-11));
  CHECK(law.covariance.xp == doctest::Approx(from_equations.covariance.xp).epsilon(1e-11));
  constexpr double step = 0.04;
  const Moments of_split = bath.baoab(thermal, step, 75);
  const double standard_error = law.covariance.xx * std::sqrt(2.0 / (2.0 * particles));
  CHECK(std::abs(of_split.covariance.xx - law.covariance.xx) < 0.1 * standard_error);
  PhaseEnsemble ensemble = run(bath, thermal, step, t, particles, 2);
  CHECK(agree(ensemble, law, 1));
}

TEST_CASE("BAOAB: the moments of the split are of second order in the step, free and harmonic") {
  constexpr double t = 2.0;
  for (const double stiffness : {0.0, 2.3}) {
    const LinearBath bath{mass, stiffness, friction, temperature};
    const Moments truth = exact(bath, start, t);
    const auto error = [&](int steps) {
      const Moments m = bath.baoab(start, t / steps, steps);
      const std::array<double, 5> off = {
          m.x - truth.x, m.p - truth.p, m.covariance.xx - truth.covariance.xx,
          m.covariance.xp - truth.covariance.xp, m.covariance.pp - truth.covariance.pp};
      double square = 0.0;
      for (const double value : off) square += value * value;
      return std::sqrt(square);
    };
    const double coarse = std::log2(error(16) / error(32)), fine = std::log2(error(32) / error(64));
    MESSAGE("stiffness ", stiffness, ", h = ", t / 64, ": error ", error(64), ", order ", coarse,
            ", then ", fine);
    // a h^2 + b h^4: the apparent order comes four times as near with each halving.
    CHECK(std::abs(coarse - 2.0) < 0.1);
    CHECK(std::abs(fine - 2.0) < 0.5 * std::abs(coarse - 2.0));
  }
}

TEST_CASE(
    "BAOAB in a harmonic well: particles follow the split's own moments; <x^2> = T/k at any step, "
    "<p^2> is too small") {
  constexpr std::size_t particles = 40'000;
  constexpr double stiffness = 2.3;
  const LinearBath bath{mass, stiffness, friction, temperature};
  const std::array<double, 2> steps = {0.9, 0.45};
  for (const double step : steps) {
    CAPTURE(step);
    PhaseEnsemble early = run(bath, start, step, 4.0 * step, particles, 3);
    CHECK(agree(early, bath.baoab(start, step, 4), 4));
    Moments end = bath.baoab(start, step, 4000);
    CHECK(end.covariance.xx == doctest::Approx(temperature / stiffness).epsilon(1e-12));
    CHECK(end.covariance.pp ==
          doctest::Approx(mass * temperature * (1.0 - stiffness * step * step / (4.0 * mass)))
              .epsilon(1e-12));
    PhaseEnsemble late = run(bath, start, step, 40.0 * step, particles, 3);
    CHECK(agree(late, bath.baoab(start, step, 40), 4));
    // What a momentum variance without the step's error would be is told apart.
    end.covariance.pp = mass * temperature;
    CHECK_FALSE(agree(late, end, 4));
  }
}

TEST_CASE(
    "Langevin bath: Maxwell-Boltzmann stays, of each species its own; noise that is 2% too large "
    "is found") {
  constexpr std::size_t particles = 150'000;
  const auto p_value = [](double noise) {
    PhaseEnsemble ensemble(3, {{particles / 3, 1.0}, {particles, mass}});
    std::mt19937_64 random(11);
    std::normal_distribution<double> normal;
    for (std::size_t species = 0; species < 2; ++species)
      for (int axis = 0; axis < 3; ++axis)
        for (std::size_t i = ensemble.first(species); i < ensemble.last(species); ++i)
          ensemble.momenta(axis)[i] =
              std::sqrt(ensemble.mass(species) * temperature) * normal(random);
    const LangevinBath bath(friction, temperature * noise * noise, 12);
    StepClock clock;
    Ledger ledger;
    for (int step = 0; step < 6; ++step) bath.advance(ensemble, 0.0, 0.7, clock, ledger);
    std::vector<std::uint64_t> counts(50, 0);
    for (std::size_t species = 0; species < 2; ++species)
      for (int axis = 0; axis < 3; ++axis)
        for (std::size_t i = ensemble.first(species); i < ensemble.last(species); ++i) {
          const double rank = boost::math::cdf(
              boost::math::normal(),
              ensemble.momenta(axis)[i] / std::sqrt(ensemble.mass(species) * temperature));
          ++counts[std::min<std::size_t>(counts.size() - 1, static_cast<std::size_t>(rank * 50.0))];
        }
    return analysis::chi_square(counts, std::vector<double>(50, 0.02), ensemble.size() * 3).p_value;
  };
  CHECK(p_value(1.0) > test_support::false_alarm_rate);
  CHECK(p_value(1.02) < test_support::false_alarm_rate);
}

TEST_CASE(
    "Langevin bath: the momentum dies away without noise, and stays as it is without friction") {
  PhaseEnsemble ensemble(2, {{10, mass}});
  for (std::size_t i = 0; i < 10; ++i) ensemble.momenta(1)[i] = static_cast<double>(i);
  StepClock clock;
  Ledger ledger;
  LangevinBath(0.0, temperature, 1).advance(ensemble, 0.0, 5.0, clock, ledger);
  for (std::size_t i = 0; i < 10; ++i) CHECK(ensemble.momenta(1)[i] == static_cast<double>(i));
  LangevinBath(friction, 0.0, 1).advance(ensemble, 0.0, 5.0, clock, ledger);
  for (std::size_t i = 0; i < 10; ++i)
    CHECK(ensemble.momenta(1)[i] ==
          doctest::Approx(std::exp(-5.0 * friction) * static_cast<double>(i)).epsilon(1e-14));
  CHECK(clock.now() == 2);
}

TEST_CASE(
    "Langevin bath: the same bits for 1, 2, 4 and 8 threads, and a particle's own whoever else is "
    "there") {
  const auto momenta = [](int threads, std::size_t more) {
    const parallel::Threads scope(threads);
    PhaseEnsemble ensemble(3, {{20'000, 1.0}, {more, mass}});
    StepClock clock;
    Ledger ledger;
    for (int step = 0; step < 3; ++step)
      LangevinBath(friction, temperature, 4).advance(ensemble, 0.0, 0.5, clock, ledger);
    std::vector<double> p;
    for (int axis = 0; axis < 3; ++axis)
      p.insert(p.end(), ensemble.momenta(axis).begin(), ensemble.momenta(axis).begin() + 20'000);
    return p;
  };
  const std::vector<double> one = momenta(1, 1);
  for (const int threads : {2, 4, 8}) CHECK(momenta(threads, 5000) == one);
}

TEST_CASE("Langevin bath: parameters that cannot be are refused") {
  for (const double value :
       {-1.0, std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()}) {
    CHECK_THROWS_WITH_AS(LangevinBath(value, 1.0, 1), doctest::Contains("friction"), ConfigError);
    CHECK_THROWS_WITH_AS(LangevinBath(1.0, value, 1), doctest::Contains("temperature"),
                         ConfigError);
  }
}
