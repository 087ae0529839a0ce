#pragma once

#include <concepts>
#include <functional>
#include <string>
#include <variant>

#include "powerstroke/engine/core/vector.hpp"
#include "powerstroke/kernels/laws/interval.hpp"
#include "powerstroke/kernels/laws/parameter.hpp"
#include "powerstroke/kernels/laws/potentials_list.hpp"  // made by CMake from the files in potentials/

/// Potentials V(x, t). Most are the sum over the axes of one profile v, each in a file of its own,
/// potentials/<name>.hpp; that file is all it takes: the list of potentials, the names and
/// parameters that a config may use, the force and Boltzmann's law follow from it. One is whatever
/// an embedding code supplies.
namespace powerstroke::laws {

/// What a potential along one axis declares:
/// - `name`, `description` (v as a formula) and `parameters`, as a config has them; `from(input)`
/// makes it where its members are
///   not its parameters in their order, one number each;
/// - `energy(x, t)` and `force(x, t)` = -dv/dx;
/// - `confined(level, t)`: outside of this interval v > level; an infinite end on a side where
/// particles are not held at every
///   energy, for then exp(-v/T) has no normalisation there;
/// - `curvature()`: the largest d^2v/dx^2 at the bottom of its wells, at any time; 0 where none is
/// known or there is none;
/// - `validate(where)`, which throws ConfigError naming the parameter as `<where>.<parameter>`;
/// - `words(say)`, the report's sentence, with symbols between asterisks.
template <class V>
concept Profile = requires(const V& v, double x, double t, const std::string& where,
                           const Say& say) {
  { V::name } -> std::convertible_to<const char*>;
  { V::description } -> std::convertible_to<const char*>;
  V::parameters.size();
  { v.energy(x, t) } -> std::convertible_to<double>;
  { v.force(x, t) } -> std::convertible_to<double>;
  { v.confined(x, t) } -> std::same_as<Interval>;
  { v.curvature() } -> std::same_as<double>;
  v.validate(where);
  { v.words(say) } -> std::same_as<std::string>;
};

/// The potential of the code that embeds: any V(x, t), and its force -grad V.
struct UserPotential {
  std::function<double(const Vector& x, double t)> energy;
  std::function<Vector(const Vector& x, double t)> force;
};

using AnyPotential = std::variant<POWERSTROKE_POTENTIALS, UserPotential>;

/// V at a place of `dimension` components.
double potential_energy(const AnyPotential& potential, const Vector& x, int dimension, double t);

/// Where a profile that confines particles may lie below a level: outside of this interval v >
/// level. Infinite ends if it does not confine them.
/// @throws ConfigError for a potential that is no sum over the axes.
Interval confined(const AnyPotential& potential, double level, double t);

/// The largest curvature of a profile at the bottom of its wells, at any time; 0 where none is
/// known (tables, callables) or there is none.
double stiffest(const AnyPotential& potential);

/// @throws ConfigError naming the parameter: a length, stiffness or strength that is no positive
///         number, a barrier or an amplitude that is not finite, a ramp that ends before it starts,
///         a callable that is missing.
void validate(const AnyPotential& potential);

/// A potential in a sentence, its symbols between asterisks.
/// @param say writes a value with the unit of its quantity.
std::string words(const AnyPotential& potential, const Say& say);

}  // namespace powerstroke::laws
