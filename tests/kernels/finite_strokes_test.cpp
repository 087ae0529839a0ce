#include "powerstroke/kernels/finite_strokes.hpp"

#include <doctest/doctest.h>

#include <array>
#include <boost/numeric/odeint/stepper/runge_kutta4.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;

namespace {

constexpr double mass = 1.7, delta_e = 0.8, window = 0.3;
constexpr double eps = std::numeric_limits<double>::epsilon();

laws::StrokeLaw fixed_rates(double up, double down) {
  laws::StrokeLaw law;
  law.transitions = {{delta_e, up, down}};
  return law;
}

/// Particles of d dimensions with normal momenta, or at rest, and room for their strokes.
struct Gas {
  std::vector<double> p, stroke, remaining;
  int dimension;

  Gas(std::size_t particles, int d, double width)
      : p(particles * static_cast<std::size_t>(d)),
        stroke(particles, 0.0),
        remaining(particles, 0.0),
        dimension(d) {
    std::mt19937_64 random(particles);
    std::normal_distribution<double> component(0.0, 1.0);
    for (double& x : p) x = width * component(random);
  }
  StrokedMomenta view() {
    return {MomentumView::interleaved(p, dimension, static_cast<std::size_t>(dimension), mass),
            stroke, remaining};
  }
  std::vector<double> energies() {
    std::vector<double> e;
    for (std::size_t i = 0; i < stroke.size(); ++i) e.push_back(view().momenta.energy(i));
    return e;
  }
};

double sum(const std::vector<double>& values) {
  double total = 0.0;
  for (const double value : values) total += value;
  return total;
}

/// A window, or `steps` unequal parts of it, and somewhat more.
std::vector<double> cuts(int steps) {
  std::mt19937_64 random(static_cast<std::uint64_t>(steps));
  std::exponential_distribution<double> length(1.0);
  std::vector<double> parts;
  double total = 0.0;
  for (int i = 0; i < steps; ++i) total += parts.emplace_back(length(random));
  for (double& part : parts) part *= 1.01 * window / total;
  return parts;
}

}  // namespace

TEST_CASE(
    "strokes that last: energy changes by delta_e to rounding, however the window is cut; the "
    "direction stays") {
  for (const int dimension : {1, 2, 3})
    for (const int steps : {1, 2, 7, 1000}) {
      CAPTURE(dimension);
      CAPTURE(steps);
      Gas gas(1000, dimension, 3.0);
      const std::vector<double> p_before = gas.p, before = gas.energies();
      for (std::size_t i = 0; i < before.size(); ++i) {
        gas.stroke[i] = i % 2 == 0 || before[i] <= delta_e ? delta_e : -delta_e;
        gas.remaining[i] = window;
      }
      const std::vector<double> strokes = gas.stroke;
      const FiniteStrokes kernel(fixed_rates(0.0, 0.0), window, 1);
      StepClock clock;
      Ledger ledger;
      for (const double part : cuts(steps)) kernel.advance(gas.view(), 0.0, part, clock, ledger);
      const std::vector<double> after = gas.energies();
      for (std::size_t i = 0; i < before.size(); ++i) {
        CHECK(gas.stroke[i] == 0.0);
        CHECK(gas.remaining[i] == 0.0);
        // A cut costs a few roundings of the energy, and one of the time that is left.
        CHECK(std::abs(after[i] - before[i] - strokes[i]) <
              10.0 * steps * eps * (before[i] + delta_e));
        for (int axis = 0; axis < dimension; ++axis) {
          const std::size_t at =
              i * static_cast<std::size_t>(dimension) + static_cast<std::size_t>(axis);
          CHECK(gas.p[at] / p_before[at] ==
                doctest::Approx(std::sqrt(after[i] / before[i])).epsilon(1e-10));
        }
      }
    }
}

TEST_CASE(
    "strokes that last: within the window the energy moves linearly, also from a kept and restored "
    "state") {
  Gas gas(500, 3, 3.0);
  const std::vector<double> before = gas.energies();
  for (std::size_t i = 0; i < before.size(); ++i) {
    gas.stroke[i] = before[i] > delta_e ? -delta_e : delta_e;
    gas.remaining[i] = window;
  }
  const FiniteStrokes kernel(fixed_rates(0.0, 0.0), window, 1);
  StepClock clock;
  Ledger ledger;
  kernel.advance(gas.view(), 0.0, 0.25 * window, clock, ledger);
  Gas restored = gas;
  FiniteStrokes(fixed_rates(0.0, 0.0), window, 1)
      .advance(restored.view(), 0.0, 0.5 * window, clock, ledger);
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(gas.energies()[i] == doctest::Approx(before[i] + 0.25 * gas.stroke[i]).epsilon(1e-12));
    CHECK(restored.energies()[i] ==
          doctest::Approx(before[i] + 0.75 * gas.stroke[i]).epsilon(1e-12));
  }
}

TEST_CASE(
    "strokes that last: energy is what the ledger says, but for what is still due, at any time") {
  Gas gas(3000, 3, 1.5);
  const std::vector<double> before = gas.energies();
  laws::StrokeLaw law = fixed_rates(0.6, 1.0);
  law.rates = laws::Microreversible(3);
  const FiniteStrokes kernel(law, window, 4);
  StepClock clock;
  Ledger ledger;
  std::mt19937_64 random(8);
  std::exponential_distribution<double> length(5.0);
  for (int step = 0; step < 50; ++step) {
    kernel.advance(gas.view(), 0.0, length(random), clock, ledger);
    const double given = sum(gas.energies()) - sum(before) + kernel.still_due(gas.view());
    CHECK(given ==
          doctest::Approx(delta_e * static_cast<double>(ledger.net_quanta())).epsilon(1e-9));
  }
  CHECK(ledger.uptakes > 3000);
  CHECK(ledger.releases > 3000);
  CHECK(ledger.blocked > 1000);
  std::size_t under_way = 0;
  const std::vector<double> after = gas.energies();
  for (std::size_t i = 0; i < after.size(); ++i) {
    if (gas.stroke[i] != 0.0) ++under_way;
    const double quanta =
        (after[i] + gas.stroke[i] * (gas.remaining[i] / window) - before[i]) / delta_e;
    CHECK(std::abs(quanta - std::round(quanta)) < 1e-10);
    CHECK(gas.remaining[i] >= 0.0);
    CHECK(gas.remaining[i] <= window);
  }
  CHECK(under_way > 100);
}

TEST_CASE(
    "strokes that last: from rest, an isotropic direction that stays, and a whole quantum that "
    "cannot be released") {
  constexpr std::size_t particles = 20'000;
  Gas gas(particles, 3, 0.0);
  const FiniteStrokes kernel(fixed_rates(1.0, 0.0), 5.0, 3);
  const FiniteStrokes release(fixed_rates(0.0, 50.0), 5.0, 3);
  StepClock clock;
  Ledger ledger, released;
  kernel.advance(gas.view(), 0.0, 2.0, clock, ledger);
  const std::vector<double> early = gas.p;
  for (int part = 0; part < 50; ++part) release.advance(gas.view(), 0.0, 0.1, clock, released);
  CHECK(ledger.uptakes > particles / 2);
  CHECK(released.releases == 0);
  CHECK(released.blocked > 0);
  double mean[3] = {}, square[3] = {};
  for (std::size_t i = 0; i < particles; ++i) {
    const double energy = gas.view().momenta.energy(i);
    if (energy == 0.0) continue;
    CHECK(std::abs(energy - delta_e) < 1e-12);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double cosine = gas.p[3 * i + axis] / std::sqrt(2.0 * mass * energy);
      CHECK(cosine * early[3 * i + axis] >= 0.0);
      mean[axis] += cosine;
      square[axis] += cosine * cosine;
    }
  }
  // A direction cosine is uniform on [-1, 1]: mean 0, variance 1/3; its square has mean 1/3,
  // variance 4/45. Six checks.
  const double n = static_cast<double>(ledger.uptakes), largest = test_support::largest_deviate(6);
  for (int axis = 0; axis < 3; ++axis) {
    CHECK(std::abs(mean[axis]) < largest * std::sqrt(n / 3.0));
    CHECK(std::abs(square[axis] - n / 3.0) < largest * std::sqrt(n * 4.0 / 45.0));
  }
}

namespace {

/// Energy that a particle gains when another code integrates Newton's equation with the force (4)
/// in steps of dt.
double gained_by_integrator(double stroke, double dt) {
  using State = std::array<double, 3>;
  Gas gas(1, 3, 0.0);
  State p = {0.4, -1.9, 1.1};
  gas.stroke[0] = stroke;
  gas.remaining[0] = window;
  const FiniteStrokes kernel(fixed_rates(0.0, 0.0), window, 1);
  boost::numeric::odeint::runge_kutta4<State> integrator;
  StepClock clock;
  Ledger ledger;
  const auto energy = [&] { return (p[0] * p[0] + p[1] * p[1] + p[2] * p[2]) / (2.0 * mass); };
  const double before = energy();
  while (gas.stroke[0] != 0.0) {
    integrator.do_step(
        [&](const State& momentum, State& rate, double) {
          gas.p.assign(momentum.begin(), momentum.end());
          rate = kernel.force(gas.view(), 0, dt);
        },
        p, 0.0, dt);
    gas.p.assign(p.begin(), p.end());
    kernel.pass_time(gas.view(), 0.0, dt, clock, ledger);
  }
  return energy() - before;
}

}  // namespace

TEST_CASE(
    "strokes that last: another code's integrator gains delta_e with the force, to its own order") {
  for (const double stroke : {delta_e, -delta_e}) {
    // Steps that do not divide the window; the classical Runge-Kutta method is of fourth order.
    const double coarse = std::abs(gained_by_integrator(stroke, window / 3.5) - stroke);
    const double fine = std::abs(gained_by_integrator(stroke, window / 28.5) - stroke);
    CHECK(coarse < 1e-3);
    CHECK(fine < coarse / 1000.0);
  }
}

TEST_CASE(
    "strokes that last: each transition begins its strokes at its rate times the law's factor, "
    "with the whole window") {
  constexpr std::size_t particles = 200'000;
  constexpr double dt = 0.5, energy = 2.0;
  Gas gas(particles, 3, 0.0);
  for (std::size_t i = 0; i < particles; ++i) gas.p[3 * i] = std::sqrt(2.0 * mass * energy);
  const std::vector<double> before = gas.p;
  laws::StrokeLaw law;
  law.transitions = {
      {0.8, 0.6, 1.0}, {0.3, 0.9, 0.7}, {2.5, 0.5, 3.0}};  // the last is too high for a release
  const double parameters[] = {0.6, 1.2};
  law.rates = laws::RosenZener(laws::RatesInput{3, mass, 1.0, parameters});
  std::vector<double> strokes, rates;
  for (const auto& [gap, up, down] : law.transitions) {
    strokes.insert(strokes.end(), {gap, -gap});
    rates.push_back(up * laws::uptake_factor(law.rates, energy, gap));
    rates.push_back(energy > gap ? down * laws::release_factor(law.rates, energy, gap) : 0.0);
  }
  StepClock clock;
  Ledger ledger;
  FiniteStrokes(law, window, 6).pass_time(gas.view(), 0.0, dt, clock, ledger);
  CHECK(gas.p == before);
  std::vector<std::uint64_t> begun(strokes.size(), 0);
  for (std::size_t i = 0; i < particles; ++i)
    for (std::size_t kind = 0; kind < strokes.size(); ++kind)
      if (gas.stroke[i] == strokes[kind] && gas.remaining[i] == window) ++begun[kind];
  CHECK(begun[0] + begun[2] + begun[4] == ledger.uptakes);
  CHECK(begun[1] + begun[3] == ledger.releases);
  const double total = sum(rates);
  std::vector<double> probability;
  for (const double rate : rates)
    probability.push_back(rate / total * (1.0 - std::exp(-total * dt)));
  CHECK(analysis::chi_square(begun, probability, particles).p_value >
        test_support::false_alarm_rate);
}

TEST_CASE(
    "strokes that last: two words a candidate and one for the wait beyond the step, no other "
    "draws") {
  constexpr double up = 1.3, down = 0.9, dt = 2.0;
  Gas gas(2000, 1, 2.0);
  const std::vector<double> before = gas.energies();
  const FiniteStrokes kernel(fixed_rates(up, down), window, 12);
  StepClock clock(5);
  Ledger ledger;
  kernel.advance({gas.view().momenta.numbered_from(70), gas.stroke, gas.remaining}, 0.0, dt, clock,
                 ledger);
  Ledger expected;
  for (std::size_t i = 0; i < before.size(); ++i) {
    Stream stream(12, 70 + i, 5, Purpose::finite_strokes);
    double t = 0.0, energy = before[i];
    for (;;) {
      t -= std::log(unit_interval_open_closed(stream())) / (up + down);
      if (t >= dt) break;
      const double choice = unit_interval_closed_open(stream()) * (up + down);
      double stroke = delta_e;
      if (choice < up) {
        ++expected.uptakes;
      } else if (energy > delta_e) {
        ++expected.releases;
        stroke = -delta_e;
      } else {
        ++expected.blocked;
        continue;
      }
      energy += stroke * std::min(1.0, (dt - t) / window);
      t += window;
      if (t >= dt) break;
    }
    CHECK(gas.view().momenta.energy(i) == doctest::Approx(energy).epsilon(1e-11));
  }
  CHECK(ledger.uptakes == expected.uptakes);
  CHECK(ledger.releases == expected.releases);
  CHECK(ledger.blocked == expected.blocked);
}

TEST_CASE("strokes that last: the same bits for 1, 2, 4 and 8 threads") {
  const auto run = [](int threads) {
    const parallel::Threads scope(threads);
    Gas gas(20'000, 3, 1.0);
    laws::StrokeLaw law = fixed_rates(0.5, 1.0);
    law.transitions.push_back({0.3, 0.2, 0.7});
    const FiniteStrokes kernel(law, window, 9);
    StepClock clock;
    Ledger ledger;
    for (int step = 0; step < 4; ++step) kernel.advance(gas.view(), 0.0, 0.7, clock, ledger);
    gas.p.insert(gas.p.end(), gas.remaining.begin(), gas.remaining.end());
    gas.p.push_back(static_cast<double>(ledger.uptakes));
    gas.p.push_back(static_cast<double>(ledger.blocked));
    return gas.p;
  };
  const auto one = run(1);
  for (const int threads : {2, 4, 8}) CHECK(run(threads) == one);
}

TEST_CASE("strokes that last: what cannot be is refused") {
  Gas gas(3, 3, 1.0);
  StepClock clock;
  Ledger ledger;
  laws::StrokeLaw conserving = fixed_rates(0.0, 1.0);
  conserving.balance = laws::Conserving{};
  CHECK_THROWS_AS(FiniteStrokes(conserving, window, 1), ConfigError);
  CHECK_THROWS_AS(FiniteStrokes({}, window, 1), ConfigError);
  CHECK_THROWS_AS(FiniteStrokes(fixed_rates(-1.0, 1.0), window, 1), ConfigError);
  CHECK_THROWS_AS(FiniteStrokes(fixed_rates(1.0, 1.0), 0.0, 1), ConfigError);
  const FiniteStrokes kernel(fixed_rates(1.0, 1.0), window, 1);
  const StrokedMomenta view = gas.view();
  CHECK_THROWS_AS(
      kernel.advance({view.momenta, view.stroke.first(2), view.remaining}, 0.0, 1.0, clock, ledger),
      ConfigError);
  gas.stroke[2] = delta_e;
  gas.remaining[2] = window;
  for (std::size_t axis = 6; axis < 9; ++axis) gas.p[axis] = 0.0;
  CHECK_THROWS_AS(kernel.force(gas.view(), 2, 0.1), NumericsError);
  gas.p[0] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_AS(kernel.advance(gas.view(), 0.0, 1.0, clock, ledger), NumericsError);
}
