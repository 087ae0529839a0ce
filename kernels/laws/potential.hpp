#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <functional>
#include <limits>
#include <memory>
#include <numbers>
#include <string>
#include <variant>
#include <vector>

#include "powerstroke/engine/core/vector.hpp"

/// Potentials V(x, t). Most are the sum over the axes of one profile v; one is whatever an embedding code supplies.
namespace powerstroke::laws {

/// v(x, t) and -dv/dx along one axis.
template <class V>
concept Profile = requires(const V& v, double x, double t) {
  { v.energy(x, t) } -> std::convertible_to<double>;
  { v.force(x, t) } -> std::convertible_to<double>;
};

/// [low, high]; infinite where it has no end.
struct Interval {
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
};

/// No force.
struct Free {
  double energy(double, double) const { return 0.0; }
  double force(double, double) const { return 0.0; }
};

/// v = k (x - c)^2 / 2.
struct Harmonic {
  double stiffness, centre = 0.0;

  double energy(double x, double) const { return 0.5 * stiffness * (x - centre) * (x - centre); }
  double force(double x, double) const { return -stiffness * (x - centre); }
};

/// v = strength x^4 / 4.
struct Quartic {
  double strength;

  double energy(double x, double) const { return 0.25 * strength * x * x * x * x; }
  double force(double x, double) const { return -strength * x * x * x; }
};

/// The quartic double well v = barrier ((x/minimum)^2 - 1)^2: minima 0 at +-minimum, v(0) = barrier.
struct DoubleWell {
  double barrier, minimum;

  double energy(double x, double) const {
    const double s = x / minimum, well = s * s - 1.0;
    return barrier * well * well;
  }
  double force(double x, double) const {
    const double scale = 1.0 / (minimum * minimum);
    return -4.0 * barrier * scale * x * (x * x * scale - 1.0);
  }
};

/// v = amplitude (1 - cos(2 pi x / period)).
struct Cosine {
  double amplitude, period;

  double energy(double x, double) const { return amplitude * (1.0 - std::cos(wave_number() * x)); }
  double force(double x, double) const { return -amplitude * wave_number() * std::sin(wave_number() * x); }
  double wave_number() const { return 2.0 * std::numbers::pi / period; }
};

/// A number that goes from one value to another at constant speed, between two times.
struct Ramp {
  double from, to, start = 0.0, end = 0.0;

  double at(double t) const {
    if (t <= start) return from;
    if (t >= end) return to;
    return from + (to - from) * (t - start) / (end - start);
  }
};

/// A harmonic trap that is moved and stiffened while time runs: v = k(t) (x - c(t))^2 / 2.
struct Trap {
  Ramp stiffness, centre;

  double energy(double x, double t) const { return Harmonic{stiffness.at(t), centre.at(t)}.energy(x, t); }
  double force(double x, double t) const { return Harmonic{stiffness.at(t), centre.at(t)}.force(x, t); }
};

/// v given at equidistant points and smooth between them: the cubic B-spline through the points (Boost.Math), whose force is
/// continuous with its derivative. Beyond the ends v goes on with the end's force.
class Tabulated {
 public:
  /// @param energies at low, low + spacing, ...; @throws ConfigError for fewer than 5, for what is not finite, or for a
  ///        spacing that is no positive number.
  Tabulated(double low, double spacing, std::vector<double> energies);

  double energy(double x, double) const;
  double force(double x, double) const;
  /// As `confined`, of this profile.
  Interval confined(double level) const;

 private:
  class Spline;
  std::shared_ptr<const Spline> spline_;  ///< never changed, shared by copies
};

/// The potential of the code that embeds: any V(x, t), and its force -grad V.
struct UserPotential {
  std::function<double(const Vector& x, double t)> energy;
  std::function<Vector(const Vector& x, double t)> force;
};

using AnyPotential = std::variant<Free, Harmonic, Quartic, DoubleWell, Cosine, Trap, Tabulated, UserPotential>;

/// V at a place of `dimension` components.
double potential_energy(const AnyPotential& potential, const Vector& x, int dimension, double t);

/// Where a profile that confines particles may lie below a level: outside of this interval v > level. Infinite ends if it
/// does not confine them.
/// @throws ConfigError for a potential that is no sum over the axes.
Interval confined(const AnyPotential& potential, double level, double t);

/// The largest curvature of a profile at the bottom of its wells, at any time; 0 where none is known (tables, callables) or there
/// is none.
double stiffest(const AnyPotential& potential);

/// @throws ConfigError naming the parameter: a length, stiffness or strength that is no positive number, a barrier or an
///         amplitude that is not finite, a ramp that ends before it starts, a callable that is missing.
void validate(const AnyPotential& potential);

}  // namespace powerstroke::laws
