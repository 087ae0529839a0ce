#include "powerstroke/kernels/lasting_strokes.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_fehlberg78.hpp>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/kernels/flight.hpp"
#include "powerstroke/kernels/initial_phase.hpp"
#include "powerstroke/kernels/kick.hpp"
#include "powerstroke/kernels/laws/stroke_force.hpp"
#include "powerstroke/kernels/phase_split.hpp"

using namespace powerstroke;

namespace {

constexpr double mass = 1.7, delta_e = 0.8, temperature = 1.3, stiffness = 2.3;

laws::StrokeLaw thermal(int dimension) {
  return {{{delta_e, laws::thermal_rate_up(1.0, delta_e, temperature), 1.0}},
          laws::Microreversible(dimension),
          laws::Given{}};
}

laws::StrokeLaw none() { return {{{delta_e, 0.0, 0.0}}, laws::Constant{}, laws::Given{}}; }

PhaseEnsemble gas(std::size_t particles, int dimension) {
  PhaseEnsemble ensemble(dimension, {{particles, mass}});
  PhaseStart start{{laws::MaxwellBoltzmannEnergy{temperature, dimension}}, {}, {}};
  for (int axis = 0; axis < dimension; ++axis)
    start.position[static_cast<std::size_t>(axis)] = laws::BoltzmannPosition{temperature};
  start_species(ensemble, 0, start, laws::Harmonic{stiffness}, {}, 0.0, 21);
  ensemble.keep_lasting_strokes();
  return ensemble;
}

double kinetic_energy(PhaseEnsemble& ensemble) {
  double sum = 0.0;
  for (std::size_t i = 0; i < ensemble.size(); ++i) sum += ensemble.kinetic_energy(0, i);
  return sum;
}

double energy_of(PhaseEnsemble& ensemble, std::size_t i) {
  return ensemble.kinetic_energy(0, i) + laws::potential_energy(laws::Harmonic{stiffness},
                                                                ensemble.view(0).position_of(i),
                                                                ensemble.dimension(), 0.0);
}

double energy(PhaseEnsemble& ensemble) {
  double sum = 0.0;
  for (std::size_t i = 0; i < ensemble.size(); ++i) sum += energy_of(ensemble, i);
  return sum;
}

using Split = PhaseSplit;

/// {strokes, kick, flight}; the kinetic energy that the strokes gave is added to `given`.
Split split(LastingStrokes strokes, double step, double& given) {
  return {{[strokes = std::move(strokes), &given](PhaseEnsemble& ensemble, double t, double dt,
                                                  StepClock& clock, Ledger& ledger) {
             const double before = kinetic_energy(ensemble);
             strokes.advance(ensemble, t, dt, clock, ledger);
             given += kinetic_energy(ensemble) - before;
           },
           phase_part(Kick(laws::Harmonic{stiffness})), phase_part(Flight())},
          step};
}

}  // namespace

TEST_CASE(
    "strokes that last in a potential: the energy that they gave is the ledger's, but for what is "
    "still due") {
  for (const int dimension : {1, 3}) {
    CAPTURE(dimension);
    PhaseEnsemble ensemble = gas(4000, dimension);
    const double start = energy(ensemble), first = kinetic_energy(ensemble);
    const LastingStrokes strokes(thermal(dimension), 0.5, 0, 4);
    double given = 0.0;
    constexpr double step = 0.01;
    const Split steps = split(strokes, step, given);
    StepClock clock;
    Ledger ledger;
    for (int time = 0; time < 4; ++time) {
      steps.advance(ensemble, 0.0, 0.5, clock, ledger);
      const double booked =
          delta_e * static_cast<double>(ledger.net[0]) - strokes.still_due(ensemble);
      // Each stroke part rounds each energy a few times.
      const double roundings = 50.0 * (time + 1) * 8.0 * std::numeric_limits<double>::epsilon();
      CHECK(std::abs(given - booked) < roundings * 4.0 * first);
      // Kinetic and potential energy together: Verlet's energy error comes on top, omega^2 h^2/4 of
      // the largest energy there was.
      CHECK(std::abs(energy(ensemble) - start - booked) <
            stiffness / mass * step * step / 4.0 * 2.0 * start);
    }
    CHECK(ledger.uptakes > 500);
    CHECK(ledger.releases > 500);
  }
}

TEST_CASE(
    "strokes that last in a potential: each stroke passes delta_e, a release that waits, too") {
  // All begin a release at x = 0. The window ends before a quarter of the well's period: fast ones
  // have passed delta_e by then, slow ones are so high up that they cannot pay, wait, and pay
  // whenever they come by x = 0.
  constexpr double window = 1.0, quarter_period = 1.351;
  constexpr std::size_t particles = 200;
  PhaseEnsemble ensemble(1, {{particles, mass}});
  ensemble.keep_lasting_strokes();
  std::vector<double> before;
  for (std::size_t i = 0; i < particles; ++i) {
    const double kinetic = delta_e * (1.05 + 0.02 * static_cast<double>(i));
    ensemble.momenta(0)[i] = std::sqrt(2.0 * mass * kinetic);
    ensemble.lasting_strokes()[i] = -delta_e;
    ensemble.remaining_times()[i] = window;
    before.push_back(energy_of(ensemble, i));
  }
  const LastingStrokes strokes(none(), window, 0, 4);
  double given = 0.0;
  const Split steps = split(strokes, 0.002, given);
  StepClock clock;
  Ledger ledger;
  steps.advance(ensemble, 0.0, 1.01 * window, clock, ledger);
  std::size_t waiting = 0;
  for (std::size_t i = 0; i < particles; ++i)
    if (ensemble.lasting_strokes()[i] != 0.0) ++waiting;
  CHECK(waiting > particles / 4);
  CHECK(waiting < particles);
  steps.advance(ensemble, 0.0, 12.0 * quarter_period, clock, ledger);
  for (std::size_t i = 0; i < particles; ++i) {
    CHECK(ensemble.lasting_strokes()[i] == 0.0);
    CHECK(energy_of(ensemble, i) == doctest::Approx(before[i] - delta_e).epsilon(1e-4));
  }
  CHECK(given == doctest::Approx(-delta_e * static_cast<double>(particles)).epsilon(1e-11));
}

namespace {

/// Where a stroke under way and the well take a particle in the time t, by a Runge-Kutta method of
/// order 8 with the force (4).
std::vector<double> solved(std::vector<double> state, int dimension, double stroke, double window,
                           double t) {
  namespace odeint = boost::numeric::odeint;
  const auto d = static_cast<std::size_t>(dimension);
  const auto integrate = [&](double power, double time) {
    const auto rates = [&](const std::vector<double>& y, std::vector<double>& rate, double) {
      double square = 0.0;
      for (std::size_t a = 0; a < d; ++a) square += y[d + a] * y[d + a];
      for (std::size_t a = 0; a < d; ++a) {
        rate[a] = y[d + a] / mass;
        rate[d + a] =
            -stiffness * y[a] + laws::StrokeForce{power}.along_velocity(std::sqrt(square) / mass) *
                                    y[d + a] / std::sqrt(square);
      }
    };
    odeint::integrate_adaptive(
        odeint::make_controlled<odeint::runge_kutta_fehlberg78<std::vector<double>>>(1e-13, 1e-13),
        rates, state, 0.0, time, 1e-3);
  };
  integrate(stroke / window, window);
  integrate(0.0, t - window);
  return state;
}

}  // namespace

TEST_CASE(
    "strokes that last in a potential: of second order in the step, whether or not it divides the "
    "window") {
  constexpr double window = 0.4, t = 0.6;
  for (const int dimension : {1, 3})
    for (const double stroke : {delta_e, -delta_e}) {
      CAPTURE(dimension);
      CAPTURE(stroke);
      const auto d = static_cast<std::size_t>(dimension);
      std::vector<double> start(2 * d, 0.0);
      for (std::size_t a = 0; a < d; ++a) {
        start[a] = 0.2 - 0.3 * static_cast<double>(a);
        start[d + a] = 2.4 - 1.1 * static_cast<double>(a);
      }
      const std::vector<double> exact = solved(start, dimension, stroke, window, t);
      const auto error = [&](int steps) {
        PhaseEnsemble ensemble(dimension, {{1, mass}});
        ensemble.keep_lasting_strokes();
        for (std::size_t a = 0; a < d; ++a) {
          ensemble.positions(static_cast<int>(a))[0] = start[a];
          ensemble.momenta(static_cast<int>(a))[0] = start[d + a];
        }
        ensemble.lasting_strokes()[0] = stroke;
        ensemble.remaining_times()[0] = window;
        double given = 0.0, square = 0.0;
        StepClock clock;
        Ledger ledger;
        split(LastingStrokes(none(), window, 0, 1), t / steps, given)
            .advance(ensemble, 0.0, t, clock, ledger);
        for (std::size_t a = 0; a < d; ++a) {
          square += std::pow(ensemble.positions(static_cast<int>(a))[0] - exact[a], 2);
          square += std::pow(ensemble.momenta(static_cast<int>(a))[0] - exact[d + a], 2);
        }
        return std::sqrt(square);
      };
      // Steps of which the window is a whole number: a h^2 + b h^4.
      const double coarse = std::log2(error(30) / error(60)),
                   fine = std::log2(error(60) / error(120));
      CHECK(std::abs(coarse - 2.0) < 0.2);
      CHECK(std::abs(fine - 2.0) < 0.5 * std::abs(coarse - 2.0));
      // It ends within a step: somewhere else in it each time, which changes the factor of h^2.
      double largest = 0.0;
      for (const int steps : {100, 101, 103, 104, 200, 202, 203, 400, 401})
        largest = std::max(largest, error(steps) * steps * steps);
      MESSAGE("d = ", dimension, ", stroke ", stroke, ": orders ", coarse, " and ", fine,
              "; error at h = ", t / 120, " ", error(120), "; largest error/h^2 off the grid ",
              largest / (t * t), ", on it ", error(120) * 120.0 * 120.0 / (t * t));
      for (const int steps : {1000, 1001, 1603})
        CHECK(error(steps) * steps * steps < 1.1 * largest);
    }
}

TEST_CASE("strokes that last in a potential: the same bits for 1, 2, 4 and 8 threads") {
  const auto run = [](int threads) {
    const parallel::Threads scope(threads);
    PhaseEnsemble ensemble = gas(10'000, 3);
    const Split steps({phase_part(LastingStrokes(thermal(3), 0.5, 0, 4)),
                       phase_part(Kick(laws::Harmonic{stiffness})), phase_part(Flight())},
                      0.1);
    StepClock clock;
    Ledger ledger;
    steps.advance(ensemble, 0.0, 1.0, clock, ledger);
    std::vector<double> all;
    for (int axis = 0; axis < 3; ++axis) {
      all.insert(all.end(), ensemble.positions(axis).begin(), ensemble.positions(axis).end());
      all.insert(all.end(), ensemble.momenta(axis).begin(), ensemble.momenta(axis).end());
    }
    all.insert(all.end(), ensemble.remaining_times().begin(), ensemble.remaining_times().end());
    return all;
  };
  const std::vector<double> one = run(1);
  for (const int threads : {2, 4, 8}) CHECK(run(threads) == one);
}

TEST_CASE("strokes that last in a potential: an ensemble that keeps none is refused") {
  PhaseEnsemble ensemble(1, {{3, mass}});
  StepClock clock;
  Ledger ledger;
  CHECK_THROWS_WITH_AS(LastingStrokes(none(), 1.0, 0, 1).advance(ensemble, 0.0, 1.0, clock, ledger),
                       doctest::Contains("keep_lasting_strokes"), ConfigError);
}
