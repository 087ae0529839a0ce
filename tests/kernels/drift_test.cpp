#include <doctest/doctest.h>

#include <array>
#include <boost/numeric/odeint/integrate/integrate_adaptive.hpp>
#include <boost/numeric/odeint/stepper/generation.hpp>
#include <boost/numeric/odeint/stepper/runge_kutta_fehlberg78.hpp>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/kernels/flight.hpp"
#include "powerstroke/kernels/kick.hpp"
#include "powerstroke/kernels/phase_split.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;

/// {Kick, Flight} in a symmetric split: the drift R of (14) and (16) by velocity Verlet.
namespace {

constexpr double mass = 1.7;
constexpr double eps = std::numeric_limits<double>::epsilon();

using Split = PhaseSplit;
using Sides = laws::Extent::Sides;

Split verlet(const laws::AnyPotential& potential, double step, const laws::Box& box = {}) {
  return {{phase_part(Kick(potential)), phase_part(Flight(box))}, step};
}

Vector force(const laws::AnyPotential& potential, const Vector& x, int dimension, double t) {
  return std::visit(
      [&](const auto& v) -> Vector {
        if constexpr (requires { v.force(x[0], t); }) {
          Vector result{};
          for (std::size_t axis = 0; axis < static_cast<std::size_t>(dimension); ++axis)
            result[axis] = v.force(x[axis], t);
          return result;
        } else {
          return v.force(x, t);
        }
      },
      potential);
}

/// Two anisotropic wells that are coupled: no sum over the axes.
laws::UserPotential coupled() {
  return {[](const Vector& x, double) {
            return x[0] * x[0] + 0.7 * x[1] * x[1] + 0.3 * x[2] * x[2] +
                   0.5 * x[0] * x[0] * x[1] * x[1] + 0.4 * x[1] * x[2];
          },
          [](const Vector& x, double) {
            return Vector{-2.0 * x[0] - x[0] * x[1] * x[1],
                          -1.4 * x[1] - x[0] * x[0] * x[1] - 0.4 * x[2], -0.6 * x[2] - 0.4 * x[1]};
          }};
}

struct Named {
  std::string name;
  laws::AnyPotential potential;
};

std::vector<Named> potentials() {
  return {{"harmonic", laws::Harmonic{2.3, 0.2}},
          {"quartic", laws::Quartic{1.3}},
          {"double well", laws::DoubleWell{1.1, 0.9}},
          {"cosine", laws::Cosine{0.8, 2.1}},
          {"user", coupled()},
          {"trap", laws::Trap{{2.0, 3.0, -1.0, 9.0}, {0.0, 0.7, -2.0, 8.0}}}};
}

/// A few particles, each on its own way.
PhaseEnsemble start(int dimension, std::size_t particles = 4) {
  PhaseEnsemble ensemble(dimension, {{particles, mass}});
  std::mt19937_64 random(8);
  std::uniform_real_distribution<double> x(-1.0, 1.0), p(-2.0, 2.0);
  for (std::size_t i = 0; i < particles; ++i)
    for (int axis = 0; axis < dimension; ++axis) {
      ensemble.positions(axis)[i] = x(random);
      ensemble.momenta(axis)[i] = p(random);
    }
  return ensemble;
}

PhaseEnsemble moved(PhaseEnsemble ensemble, const Split& split, double t) {
  StepClock clock;
  Ledger ledger;
  split.advance(ensemble, 0.0, t, clock, ledger);
  return ensemble;
}

/// All components of a and b.
template <class Body>
void for_each_pair(PhaseEnsemble& a, PhaseEnsemble& b, Body&& body) {
  for (int axis = 0; axis < a.dimension(); ++axis)
    for (std::size_t i = 0; i < a.size(); ++i) {
      body(a.positions(axis)[i], b.positions(axis)[i]);
      body(a.momenta(axis)[i], b.momenta(axis)[i]);
    }
}

double distance(PhaseEnsemble a, PhaseEnsemble b) {
  double square = 0.0;
  for_each_pair(a, b, [&](double u, double v) { square += (u - v) * (u - v); });
  return std::sqrt(square);
}

/// Newton's equations by a Runge-Kutta method of order 8, to 1e-13.
PhaseEnsemble solved(PhaseEnsemble ensemble, const laws::AnyPotential& potential, double t) {
  using State = std::vector<double>;
  namespace odeint = boost::numeric::odeint;
  const auto dimension = static_cast<std::size_t>(ensemble.dimension());
  for (std::size_t i = 0; i < ensemble.size(); ++i) {
    State s(6, 0.0);
    for (std::size_t a = 0; a < dimension; ++a) {
      s[a] = ensemble.positions(static_cast<int>(a))[i];
      s[3 + a] = ensemble.momenta(static_cast<int>(a))[i];
    }
    const auto rates = [&](const State& y, State& rate, double now) {
      const Vector f = force(potential, {y[0], y[1], y[2]}, ensemble.dimension(), now);
      for (std::size_t a = 0; a < 3; ++a) {
        rate[a] = y[3 + a] / mass;
        rate[3 + a] = a < dimension ? f[a] : 0.0;
      }
    };
    odeint::integrate_adaptive(
        odeint::make_controlled<odeint::runge_kutta_fehlberg78<State>>(1e-13, 1e-13), rates, s, 0.0,
        t, 1e-3);
    for (std::size_t a = 0; a < dimension; ++a) {
      ensemble.positions(static_cast<int>(a))[i] = s[a];
      ensemble.momenta(static_cast<int>(a))[i] = s[3 + a];
    }
  }
  return ensemble;
}

double energy(const PhaseEnsemble& ensemble, const laws::AnyPotential& potential, std::size_t i) {
  const PhaseView view = ensemble.view(0);
  return view.kinetic_energy(i) +
         laws::potential_energy(potential, view.position_of(i), view.dimension, 0.0);
}

/// h^-2 of what velocity Verlet's own energy, which it keeps to fourth order, has more than the
/// energy: p V'' p/(12 m^2) - F^2/(24 m) (H. Yoshida, Celest. Mech. Dyn. Astron. 56 (1993) 27). V''
/// p by a difference of forces.
double shadow_term(const PhaseEnsemble& ensemble, const laws::AnyPotential& potential,
                   std::size_t i) {
  const PhaseView view = ensemble.view(0);
  const Vector x = view.position_of(i), p = view.momentum_of(i);
  constexpr double d = 1e-5;
  const auto shifted = [&](double by) {
    return force(potential, {x[0] + by * p[0], x[1] + by * p[1], x[2] + by * p[2]}, view.dimension,
                 0.0);
  };
  const Vector ahead = shifted(d), behind = shifted(-d), here = shifted(0.0);
  double curvature = 0.0, square = 0.0;
  for (std::size_t a = 0; a < 3; ++a) {
    curvature -= p[a] * (ahead[a] - behind[a]) / (2.0 * d);
    square += here[a] * here[a];
  }
  return curvature / (12.0 * mass * mass) - square / (24.0 * mass);
}

/// a h^q + b h^(q+2) + ...: the apparent order, between h and h/2 and between h/2 and h/4, must
/// come four times as near to q. Half of that passes: the rest is for what stands behind.
void check_order(double at_h, double at_half, double at_quarter, double order) {
  const double coarse = std::log2(at_h / at_half), fine = std::log2(at_half / at_quarter);
  CAPTURE(coarse);
  CAPTURE(fine);
  CHECK(std::abs(coarse - order) < 0.5);
  CHECK(std::abs(fine - order) < 0.5 * std::abs(coarse - order));
}

}  // namespace

TEST_CASE("drift: a harmonic oscillator in closed form, and second order in the step") {
  const laws::Harmonic well{2.3, 0.2};
  constexpr double t = 3.0;
  const double omega = std::sqrt(2.3 / mass), c = std::cos(omega * t), s = std::sin(omega * t);
  for (const int dimension : {1, 2, 3}) {
    PhaseEnsemble exact = start(dimension);
    for (int axis = 0; axis < dimension; ++axis)
      for (std::size_t i = 0; i < exact.size(); ++i) {
        double& x = exact.positions(axis)[i];
        double& p = exact.momenta(axis)[i];
        const double y = x - 0.2;
        x = 0.2 + y * c + p / (mass * omega) * s;
        p = p * c - mass * omega * y * s;
      }
    CHECK(distance(solved(start(dimension), well, t), exact) < 1e-10);
    const auto error = [&](int steps) {
      return distance(moved(start(dimension), verlet(well, t / steps), t), exact);
    };
    check_order(error(30), error(60), error(120), 2.0);
  }
}

TEST_CASE("drift: trajectories of second order in the step, in every potential and dimension") {
  constexpr double t = 2.0;
  for (const Named& named : potentials())
    for (const int dimension : {1, 2, 3}) {
      CAPTURE(named.name);
      CAPTURE(dimension);
      const PhaseEnsemble exact = solved(start(dimension), named.potential, t);
      const auto error = [&](int steps) {
        return distance(moved(start(dimension), verlet(named.potential, t / steps), t), exact);
      };
      check_order(error(80), error(160), error(320), 2.0);
    }
}

TEST_CASE(
    "drift: in a tabulated potential of second order, too, but for its kinks in the third "
    "derivative") {
  std::vector<double> table;
  for (int k = 0; k < 41; ++k)
    table.push_back(std::pow(-2.0 + 0.1 * k, 4) / 4.0 - 0.6 * std::cos(-2.0 + 0.1 * k));
  const laws::Tabulated potential(-2.0, 0.1, table);
  constexpr double t = 2.0;
  const PhaseEnsemble exact = solved(start(2, 50), potential, t);
  const auto error = [&](int steps) {
    return distance(moved(start(2, 50), verlet(potential, t / steps), t), exact);
  };
  const double order = std::log2(error(80) / error(640)) / 3.0;
  MESSAGE("order ", order);
  // A point of the table that falls within a step costs h^3 of its kink: of relative size h to the
  // rest.
  CHECK(std::abs(order - 2.0) < t / 80);
}

TEST_CASE(
    "drift: the energy error is of second order, what is left of it beside Verlet's own energy of "
    "fourth") {
  constexpr double t = 20.0;
  for (const Named& named : potentials()) {
    if (named.name == "trap") continue;  // its energy is not conserved
    CAPTURE(named.name);
    const auto errors = [&](double step) {
      PhaseEnsemble ensemble = start(3);
      std::vector<double> first, own;
      for (std::size_t i = 0; i < ensemble.size(); ++i) {
        first.push_back(energy(ensemble, named.potential, i));
        own.push_back(shadow_term(ensemble, named.potential, i));
      }
      const Split split = verlet(named.potential, step);
      StepClock clock;
      Ledger ledger;
      std::array<double, 2> square{};
      for (double now = 0.0; now < t; now += 0.1) {
        split.advance(ensemble, now, 0.1, clock, ledger);
        for (std::size_t i = 0; i < ensemble.size(); ++i) {
          const double off = energy(ensemble, named.potential, i) - first[i];
          const double left =
              off + step * step * (shadow_term(ensemble, named.potential, i) - own[i]);
          square[0] += off * off;
          square[1] += left * left;
        }
      }
      return std::array{std::sqrt(square[0] / (4.0 * t / 0.1)),
                        std::sqrt(square[1] / (4.0 * t / 0.1))};
    };
    const auto middle = errors(0.025), fine = errors(0.0125);
    MESSAGE(named.name, ", h = 0.0125: energy off by ", fine[0], " (rms), order ",
            std::log2(middle[0] / fine[0]), "; Verlet's own by ", fine[1], ", order ",
            std::log2(middle[1] / fine[1]));
    CHECK(std::abs(std::log2(middle[0] / fine[0]) - 2.0) < 0.02);
    CHECK(std::abs(std::log2(middle[1] / fine[1]) - 4.0) < 0.1);
  }
}

TEST_CASE("drift: over a long run the energy error stays within its bound") {
  constexpr double step = 0.1, k = 2.3;
  for (const Named& named : potentials()) {
    if (named.name == "trap") continue;
    CAPTURE(named.name);
    PhaseEnsemble ensemble = start(3);
    std::vector<double> first;
    for (std::size_t i = 0; i < ensemble.size(); ++i)
      first.push_back(energy(ensemble, named.potential, i));
    const Split split = verlet(named.potential, step);
    StepClock clock;
    Ledger ledger;
    std::array<double, 2> largest{};  // in the first and in the last of ten parts
    constexpr int samples = 3000;
    for (int sample = 0; sample < samples; ++sample) {
      split.advance(ensemble, 0.0, 5.0 * step, clock, ledger);
      for (std::size_t i = 0; i < ensemble.size(); ++i) {
        const double off = std::abs(energy(ensemble, named.potential, i) - first[i]);
        if (sample < samples / 10) largest[0] = std::max(largest[0], off);
        if (sample >= samples - samples / 10) largest[1] = std::max(largest[1], off);
        // p^2/2m + (1 - omega^2 h^2/4) k x^2/2 is kept: H goes by at most its share of omega^2
        // h^2/4.
        const double share = k / mass * step * step / 4.0;
        if (named.name == "harmonic") CHECK(off <= first[i] * share / (1.0 - share) * (1.0 + 1e-9));
      }
    }
    MESSAGE(named.name, ": largest energy error ", largest[0], " early, ", largest[1], " after ",
            5 * samples, " steps");
    CHECK(largest[1] < 1.1 * largest[0]);
  }
}

TEST_CASE("drift: reversed momenta run back to the start, to roundings") {
  constexpr double step = 0.05, t = 20.0;
  laws::Box cube;
  for (laws::Extent& extent : cube.axis) extent = {Sides::reflecting, -1.2, 1.1};
  for (const Named& named : potentials()) {
    if (named.name == "trap") continue;  // time would have to run back, too
    for (const laws::Box& box : {laws::Box{}, cube}) {
      CAPTURE(named.name);
      const Split split = verlet(named.potential, step, box);
      // By how much a small change of the start grows says by how much roundings may.
      PhaseEnsemble other = start(3);
      for (int axis = 0; axis < 3; ++axis)
        for (std::size_t i = 0; i < other.size(); ++i) other.momenta(axis)[i] += 1e-8;
      const double grown =
          distance(moved(start(3), split, t), moved(other, split, t)) / distance(start(3), other);
      PhaseEnsemble back = moved(start(3), split, t);
      back.reverse();
      back = moved(back, split, t);
      back.reverse();
      // Each of the steps rounds x and p, and the force that goes into p, a few times.
      const double roundings =
          2.0 * t / step * 10.0 * eps * distance(start(3), PhaseEnsemble(3, {{4, mass}}));
      CAPTURE(grown);
      CHECK(distance(back, start(3)) < roundings * std::max(1.0, grown));
    }
  }
}

TEST_CASE(
    "drift: a box in closed form, hits counted, for many lengths of it in one step or in many") {
  constexpr double low = -1.0, length = 2.5;
  for (const Sides sides : {Sides::reflecting, Sides::periodic})
    for (const double step : {40.0, 0.3}) {
      laws::Box box;
      for (laws::Extent& extent : box.axis) extent = {sides, low, low + length};
      PhaseEnsemble ensemble = start(2, 500);
      StepClock clock;
      Ledger ledger;
      constexpr double t = 40.0;
      verlet(laws::Free{}, step, box).advance(ensemble, 0.0, t, clock, ledger);
      PhaseEnsemble before = start(2, 500);
      std::uint64_t hits = 0;
      for (int axis = 0; axis < 2; ++axis)
        for (std::size_t i = 0; i < ensemble.size(); ++i) {
          const double p = before.momenta(axis)[i],
                       path = before.positions(axis)[i] + p / mass * t - low;
          const double lengths = std::floor(path / length);
          // A triangle wave, or a saw tooth.
          const double fold = std::abs(std::remainder(path, 2.0 * length)),
                       saw = path - lengths * length;
          const bool reflecting = sides == Sides::reflecting;
          CHECK(ensemble.positions(axis)[i] ==
                doctest::Approx(low + (reflecting ? fold : saw)).epsilon(1e-11));
          const bool turned = reflecting && std::fmod(std::abs(lengths), 2.0) == 1.0;
          CHECK(ensemble.momenta(axis)[i] == (turned ? -p : p));
          if (reflecting) hits += static_cast<std::uint64_t>(std::abs(lengths));
        }
      CHECK(ledger.wall_hits == hits);
    }
}

TEST_CASE(
    "drift: a hit on a side where there is a force costs a particle energy of first order, and "
    "none of it on average") {
  // The kick before a hit and the one after it are h/2 each, wherever in the step the hit is: p is
  // off by F h at most.
  const laws::Harmonic well{2.3};
  laws::Box box;
  box.axis[0] = {Sides::reflecting, -1.05, 1.0};
  constexpr std::size_t particles = 4000;
  constexpr double t = 4.0, n = particles;
  struct Change {
    double mean, rms;
  };
  const PhaseEnsemble before = start(1, particles);
  double first = 0.0;
  for (std::size_t i = 0; i < particles; ++i) first += energy(before, well, i) / n;
  const auto change = [&](double step) {
    const PhaseEnsemble after = moved(before, verlet(well, step, box), t);
    double sum = 0.0, square = 0.0;
    for (std::size_t i = 0; i < particles; ++i) {
      const double off = energy(after, well, i) - energy(before, well, i);
      sum += off;
      square += off * off;
    }
    return Change{sum / n, std::sqrt(square / n)};
  };
  const Change coarse = change(0.04), fine = change(0.005);
  const double order = std::log2(coarse.rms / fine.rms) / 3.0;
  MESSAGE("energy of a particle off by ", coarse.rms, " (rms) at h = 0.04, ", fine.rms,
          " at h = 0.005: order ", order, "; on average by ", coarse.mean, " and ", fine.mean);
  // A sample of 4000: eightfold, off by a few standard errors of two rms.
  CHECK(std::abs(order - 1.0) < test_support::largest_deviate(3) / std::sqrt(n));
  // Second order is left: omega^2 h^2/4 of the energy, at most, as between two hits.
  for (const auto& [off, step] : {std::pair{coarse, 0.04}, std::pair{fine, 0.005}})
    CHECK(std::abs(off.mean) < test_support::largest_deviate(3) * off.rms / std::sqrt(n) +
                                   first * 2.3 / mass * step * step / 4.0);
}

TEST_CASE("drift: a particle whose step is too long for the force is lost, by name") {
  StepClock clock;
  Ledger ledger;
  for (const Sides sides : {Sides::open, Sides::reflecting, Sides::periodic}) {
    laws::Box box;
    if (sides != Sides::open) box.axis[0] = {sides, -1e3, 1e3};
    PhaseEnsemble ensemble(1, {{3, 1.0}});
    ensemble.positions(0)[1] = 30.0;
    CHECK_THROWS_WITH_AS(
        verlet(laws::Quartic{1e30}, 10.0, box).advance(ensemble, 0.0, 1e3, clock, ledger),
        doctest::Contains("particle 1"), NumericsError);
    CHECK_THROWS_WITH_AS(
        verlet(laws::Quartic{1e30}, 10.0, box).advance(ensemble, 0.0, 1e3, clock, ledger),
        doctest::Contains(
            "; allowed: a finite position within 2^52 lengths of the box. The step "
            "(phase_space.step) is too long for the force (phase_space.potential), or a momentum "
            "too large (ensemble.energy)"),
        NumericsError);
    PhaseEnsemble fast(1, {{3, 1.0}});
    fast.positions(0)[1] = 1e308;
    fast.momenta(0)[1] = 1.7e308;
    CHECK_THROWS_WITH_AS(Flight(box).advance(fast, 0.0, 1.0, clock, ledger),
                         doctest::Contains("particle 1 has flown to inf"), NumericsError);
    PhaseEnsemble broken(1, {{3, 1.0}});
    broken.momenta(0)[2] = std::numeric_limits<double>::quiet_NaN();
    CHECK_THROWS_WITH_AS(Flight(box).advance(broken, 0.0, 1.0, clock, ledger),
                         doctest::Contains("particle 2"), NumericsError);
  }
  CHECK_THROWS_AS(Kick(laws::Harmonic{-1.0}), ConfigError);
  laws::Box inverted;
  inverted.axis[1] = {Sides::periodic, 1.0, 0.0};
  CHECK_THROWS_AS(Flight{inverted}, ConfigError);
}

TEST_CASE("drift: the same bits for 1, 2, 4 and 8 threads") {
  laws::Box box;
  box.axis[0] = {Sides::reflecting, -1.2, 1.3};
  box.axis[1] = {Sides::periodic, -1.0, 1.1};
  for (const laws::AnyPotential& potential :
       {laws::AnyPotential(laws::Cosine{0.8, 2.1}), laws::AnyPotential(coupled())}) {
    const auto run = [&](int threads) {
      const parallel::Threads scope(threads);
      PhaseEnsemble ensemble = start(3, 20'000);
      StepClock clock;
      Ledger ledger;
      verlet(potential, 0.1, box).advance(ensemble, 0.0, 1.0, clock, ledger);
      std::vector<double> all = {static_cast<double>(ledger.wall_hits)};
      PhaseEnsemble same = ensemble;
      for_each_pair(ensemble, same, [&](double value, double) { all.push_back(value); });
      return all;
    };
    const std::vector<double> one = run(1);
    CHECK(one[0] > 0.0);
    for (const int threads : {2, 4, 8}) CHECK(run(threads) == one);
  }
}
