// A molecular dynamics code in miniature that owns its particles and lets powerstroke stroke their
// momenta in place: free flight in a periodic box, strokes in balance with a bath. No config files,
// no program, no other libraries.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <limits>
#include <random>
#include <vector>

#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/engine/state/momentum_view.hpp"
#include "powerstroke/kernels/laws/balance.hpp"
#include "powerstroke/kernels/ledger.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"

namespace {

/// The host code's own particles: nothing here knows of powerstroke.
struct Gas {
  double mass;
  double box;
  std::array<std::vector<double>, 3> x, p;

  std::size_t size() const { return p[0].size(); }

  double energy(std::size_t i) const {
    return (p[0][i] * p[0][i] + p[1][i] * p[1][i] + p[2][i] * p[2][i]) / (2.0 * mass);
  }

  double energy() const {
    double sum = 0.0;
    for (std::size_t i = 0; i < size(); ++i) sum += energy(i);
    return sum;
  }

  void fly(double dt) {
    for (std::size_t axis = 0; axis < x.size(); ++axis) {
      for (std::size_t i = 0; i < size(); ++i) {
        const double moved = x[axis][i] + p[axis][i] / mass * dt;
        x[axis][i] = moved - box * std::floor(moved / box);
      }
    }
  }
};

/// Uniform in the box, momenta of Maxwell and Boltzmann at `temperature` (k_B = 1).
Gas make_gas(std::size_t particles, double mass, double box, double temperature) {
  Gas gas{mass, box, {}, {}};
  std::mt19937_64 random(2026);
  std::uniform_real_distribution<double> place(0.0, box);
  std::normal_distribution<double> momentum(0.0, std::sqrt(mass * temperature));
  for (std::size_t axis = 0; axis < gas.x.size(); ++axis) {
    for (std::size_t i = 0; i < particles; ++i) {
      gas.x[axis].push_back(place(random));
      gas.p[axis].push_back(momentum(random));
    }
  }
  return gas;
}

/// Largest difference of a component of p/|p| between two states.
double largest_turn(const Gas& before, const Gas& after) {
  double largest = 0.0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double length_before = std::sqrt(2.0 * before.mass * before.energy(i));
    const double length_after = std::sqrt(2.0 * after.mass * after.energy(i));
    for (std::size_t axis = 0; axis < before.p.size(); ++axis) {
      largest = std::max(
          largest, std::abs(after.p[axis][i] / length_after - before.p[axis][i] / length_before));
    }
  }
  return largest;
}

/// Runs the gas and holds it against the ledger. @returns whether all books balance.
bool run() {
  constexpr std::size_t particles = 20000;
  constexpr int steps = 200;
  constexpr double dt = 0.05, delta_e = 1.0, rate_down = 1.0, bath_temperature = 1.0;
  constexpr std::uint64_t seed = 1;

  Gas gas = make_gas(particles, 1.0, 10.0, 3.0);
  const Gas start = gas;

  // In place of a thermostat: w+ = w- exp(-delta_e / T).
  const double rate_up = powerstroke::laws::thermal_rate_up(rate_down, delta_e, bath_temperature);
  const powerstroke::PoissonStrokes strokes({delta_e, rate_up, rate_down}, seed);
  powerstroke::MomentumView momenta(gas.p[0], gas.p[1], gas.p[2], gas.mass);
  powerstroke::StepClock clock;  // keys the random numbers: keep it, and save it with a restart
  powerstroke::Ledger ledger;

  double largest_energy = start.energy();
  for (int step = 0; step < steps; ++step) {
    gas.fly(dt);
    strokes.advance(momenta, step * dt, dt, clock, ledger);
    largest_energy = std::max(largest_energy, gas.energy());
  }

  const double change = gas.energy() - start.energy();
  const double booked = delta_e * static_cast<double>(ledger.net_quanta());
  // What rounding may do: 16 units in the last place a particle and step, and the two sums over all
  // particles.
  constexpr double unit = std::numeric_limits<double>::epsilon();
  const double energy_bound = unit * largest_energy * (16.0 * steps + 2.0 * particles);
  // A stroke multiplies all components by one factor: a unit each, so the number of strokes of all
  // bounds that of each.
  const double turn = largest_turn(start, gas);
  const double turn_bound = unit * (8.0 + 2.0 * static_cast<double>(ledger.strokes()));

  const double n = static_cast<double>(particles);
  std::printf("mean energy before       %.6f\n", start.energy() / n);
  std::printf("mean energy after        %.6f\n", gas.energy() / n);
  std::printf("uptakes, releases        %llu, %llu (%llu releases blocked at E <= delta_e)\n",
              static_cast<unsigned long long>(ledger.uptakes),
              static_cast<unsigned long long>(ledger.releases),
              static_cast<unsigned long long>(ledger.blocked));
  std::printf("energy change - ledger   %.3g of %.6g (rounding allows %.3g)\n", change - booked,
              change, energy_bound);
  std::printf("largest turn of p/|p|    %.3g (rounding allows %.3g)\n", turn, turn_bound);

  const bool balanced =
      ledger.strokes() > 0 && std::abs(change - booked) <= energy_bound && turn <= turn_bound;
  std::puts(balanced ? "the books balance" : "THE BOOKS DO NOT BALANCE");
  return balanced;
}

}  // namespace

int main() {
  try {
    return run() ? 0 : 1;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "embed: %s\n", error.what());
    return 1;
  }
}
