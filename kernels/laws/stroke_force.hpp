#pragma once

#include <algorithm>
#include <cmath>

namespace powerstroke::laws {

/// A stroke that lasts, (4): F = dE/(v Delta t) along the velocity, over a window Delta t. F v =
/// dE/Delta t is a constant power, so a free particle's energy moves linearly in time, and by dE
/// exactly, whatever its velocity was.
struct StrokeForce {
  double power;  ///< dE/Delta t; > 0 an uptake, < 0 a release

  /// Along the velocity, < 0 against it; infinite at rest.
  constexpr double along_velocity(double speed) const { return power / speed; }

  /// Of a free particle, a time `elapsed` after it had the energy `start`, within the window; as
  /// are the next two.
  double energy(double start, double elapsed) const {
    return std::max(0.0, start + power * elapsed);
  }
  /// |p|.
  double momentum(double start, double elapsed, double mass) const {
    return std::sqrt(2.0 * mass * energy(start, elapsed));
  }
  /// The way along the velocity: the integral of sqrt(2 E/m) is 2/(3 P) sqrt(2/m) [E^(3/2)],
  /// written without the difference that cancels when little energy is passed.
  double displacement(double start, double elapsed, double mass) const {
    const double a = std::sqrt(start), b = std::sqrt(energy(start, elapsed));
    if (a + b == 0.0) return 0.0;
    return elapsed * 2.0 / 3.0 * std::sqrt(2.0 / mass) * (a * a + a * b + b * b) / (a + b);
  }
};

}  // namespace powerstroke::laws
