#include "powerstroke/kernels/flight.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"

namespace powerstroke {
namespace {

using Sides = laws::Extent::Sides;

[[noreturn]] void lost(std::size_t particle, double position) {
  throw NumericsError("particle " + std::to_string(particle) + " has flown to " + std::to_string(position) +
                      ": the step is too long for the force, or a momentum is not finite");
}

void fly_freely(double* x, const double* p, double time_over_mass, std::size_t first, std::size_t last) {
  for (std::size_t i = first; i < last; ++i) x[i] += p[i] * time_over_mass;
  for (std::size_t i = first; i < last; ++i)
    if (!std::isfinite(x[i])) lost(i, x[i]);
}

/// A flight over so many lengths of a box has no digit left for where it ends.
constexpr double most_crossings = 0x1p52;

/// @returns hits on reflecting sides.
std::uint64_t fly(const laws::Extent& extent, double* x, double* p, double time_over_mass, std::size_t first,
                  std::size_t last) {
  if (extent.sides == Sides::open) {
    fly_freely(x, p, time_over_mass, first, last);
    return 0;
  }
  std::uint64_t hits = 0;
  for (std::size_t i = first; i < last; ++i) {
    const double target = x[i] + p[i] * time_over_mass;
    const laws::Landing landing = laws::land(extent, target);
    if (!(landing.crossings < most_crossings)) lost(i, target);
    x[i] = landing.position;
    if (landing.turned) p[i] = -p[i];
    if (extent.sides == Sides::reflecting) hits += static_cast<std::uint64_t>(landing.crossings);
  }
  return hits;
}

/// @returns hits on reflecting sides.
std::uint64_t fly(const laws::Box& box, PhaseEnsemble& ensemble, double time) {
  return parallel::sum_over_blocks<std::uint64_t>(ensemble.size(), [&](std::size_t first, std::size_t last) {
    std::uint64_t hits = 0;
    for (std::size_t species = 0; species < ensemble.species(); ++species) {
      const std::size_t from = std::max(first, ensemble.first(species)), to = std::min(last, ensemble.last(species));
      for (int axis = 0; axis < ensemble.dimension() && from < to; ++axis)
        hits += fly(box.axis[static_cast<std::size_t>(axis)], ensemble.positions(axis).data(), ensemble.momenta(axis).data(),
                    time / ensemble.mass(species), from, to);
    }
    return hits;
  });
}

}  // namespace

Flight::Flight(laws::Box box) : box_(box) { laws::validate(box_); }

void Flight::advance(PhaseEnsemble& ensemble, double t, double dt, StepClock&, Ledger& ledger) const {
  double now = t, left = dt;
  for (const double release : laws::releases(box_, t, t + dt)) {
    ledger.wall_hits += fly(box_.at(now), ensemble, release - now);
    left -= release - now;
    now = release;
  }
  ledger.wall_hits += fly(box_.at(now), ensemble, left);
}

}  // namespace powerstroke
