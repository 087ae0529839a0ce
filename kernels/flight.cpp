#include "powerstroke/kernels/flight.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "powerstroke/engine/core/clones.hpp"
#include "powerstroke/engine/core/error.hpp"

namespace powerstroke {
namespace {

using Sides = laws::Extent::Sides;

[[noreturn]] void lost(std::size_t particle, double position) {
  throw NumericsError("particle " + std::to_string(particle) + " has flown to " +
                      std::to_string(position) +
                      "; allowed: a finite position within 2^52 lengths of the box. The step "
                      "(phase_space.step) is too long for the "
                      "force (phase_space.potential), or a momentum too large (ensemble.energy)");
}

/// @returns whether all are still somewhere.
POWERSTROKE_CLONES
bool fly_freely(double* x, const double* p, double time_over_mass, std::size_t size) {
  std::int64_t gone = 0;
  POWERSTROKE_INDEPENDENT
  for (std::size_t i = 0; i < size; ++i) {
    x[i] += p[i] * time_over_mass;
    gone |= std::abs(x[i]) <= std::numeric_limits<double>::max() ? 0 : 1;
  }
  return gone == 0;
}

/// A flight over so many lengths of a box has no digit left for where it ends.
constexpr double most_crossings = 0x1p52;

/// @returns hits on reflecting sides.
std::uint64_t fly(const laws::Extent& extent, double* x, double* p, double time_over_mass,
                  std::size_t first, std::size_t last) {
  if (extent.sides == Sides::open) {
    if (!fly_freely(x + first, p + first, time_over_mass, last - first))
      for (std::size_t i = first; i < last; ++i)
        if (!std::isfinite(x[i])) lost(i, x[i]);
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
std::uint64_t fly(const laws::Box& box, PhaseEnsemble& ensemble, double time, std::size_t first,
                  std::size_t last) {
  std::uint64_t hits = 0;
  ensemble.for_each_species(
      first, last, [&](std::size_t species, std::size_t from, std::size_t to) {
        for (int axis = 0; axis < ensemble.dimension(); ++axis)
          hits += fly(box.axis[static_cast<std::size_t>(axis)], ensemble.positions(axis).data(),
                      ensemble.momenta(axis).data(), time / ensemble.mass(species), from, to);
      });
  return hits;
}

}  // namespace

Flight::Flight(laws::Box box) : box_(box) { laws::validate(box_); }

void Flight::advance(PhaseEnsemble& ensemble, double t, double dt, StepClock& clock,
                     Ledger& ledger) const {
  advance_in_blocks(in_blocks(dt), ensemble, t, clock, ledger);
}

PhaseStep Flight::in_blocks(double dt) const {
  return {0, 0,
          [box = box_, dt](PhaseEnsemble& ensemble, double t, std::uint64_t, std::size_t first,
                           std::size_t last, Ledger& ledger) {
            double now = t, left = dt;
            for (const double release : laws::releases(box, t, t + dt)) {
              ledger.wall_hits += fly(box.at(now), ensemble, release - now, first, last);
              left -= release - now;
              now = release;
            }
            ledger.wall_hits += fly(box.at(now), ensemble, left, first, last);
          }};
}

}  // namespace powerstroke
