#include "powerstroke/kernels/laws/boltzmann_interval.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "powerstroke/engine/core/error.hpp"

namespace powerstroke::laws {
namespace {

/// How far above the bottom exp(-v/T) counts: beyond, less than 1e-17 of it.
constexpr double negligible = 40.0;

/// Lays points over the interval and takes what counts, until that fills it.
/// @throws TooNarrow where numbers stand too far apart for so many points.
template <class Energy>
Interval narrowed(const Energy& energy, double height, Interval interval) {
  constexpr int points = 4096;
  for (;;) {
    const double step = (interval.high - interval.low) / points;
    const double far = std::max(std::abs(interval.low), std::abs(interval.high));
    if (!(step > std::numeric_limits<double>::epsilon() * far))
      throw TooNarrow("exp(-V/T) is narrower than numbers at " + std::to_string(interval.low) +
                      " stand apart");
    const auto place = [&](int k) { return interval.low + step * k; };
    double least = energy(place(0));
    for (int k = 1; k <= points; ++k) least = std::min(least, energy(place(k)));
    const auto counts = [&](int k) { return energy(place(k)) - least <= height; };
    int first = 0, last = points;
    while (!counts(first)) ++first;
    while (!counts(last)) --last;
    if (last - first > points / 2) return interval;
    // Between the points next to it v may be lower still.
    interval = {place(std::max(0, first - 1)), place(std::min(points, last + 1))};
  }
}

}  // namespace

Interval boltzmann_interval(const AnyPotential& potential, double temperature, const Extent& extent,
                            double t) {
  const auto energy = [&](double x) { return potential_energy(potential, {x}, 1, t); };
  const double height = negligible * temperature, inside = std::clamp(0.0, extent.low, extent.high);
  const Interval held = confined(potential, energy(inside) + height, t);
  const Interval interval{std::max(extent.low, held.low), std::min(extent.high, held.high)};
  if (!std::isfinite(interval.low) || !std::isfinite(interval.high))
    throw ConfigError(
        "exp(-V/T) cannot be normalised: neither the potential nor a box confines the particles");
  return narrowed(energy, height, interval);
}

}  // namespace powerstroke::laws
