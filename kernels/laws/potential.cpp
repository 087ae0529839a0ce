#include "powerstroke/kernels/laws/potential.hpp"

#include <cstddef>
#include <type_traits>

#include "powerstroke/engine/core/error.hpp"

namespace powerstroke::laws {
namespace {

/// Asks the profile's file, or the embedding code's potential.
template <class OfProfile, class OfUser>
auto ask(const AnyPotential& potential, OfProfile of_profile, OfUser of_user) {
  return std::visit(
      [&](const auto& v) {
        if constexpr (std::is_same_v<std::decay_t<decltype(v)>, UserPotential>)
          return of_user(v);
        else
          return of_profile(v);
      },
      potential);
}

}  // namespace

double potential_energy(const AnyPotential& potential, const Vector& x, int dimension, double t) {
  return ask(
      potential,
      [&](const Profile auto& v) {
        double sum = 0.0;
        for (int axis = 0; axis < dimension; ++axis)
          sum += v.energy(x[static_cast<std::size_t>(axis)], t);
        return sum;
      },
      [&](const UserPotential& v) { return v.energy(x, t); });
}

Interval confined(const AnyPotential& potential, double level, double t) {
  return ask(
      potential, [&](const Profile auto& v) { return v.confined(level, t); },
      [](const UserPotential&) -> Interval {
        throw ConfigError(
            "a potential that is no sum over the axes has no profile along one of them");
      });
}

void validate(const AnyPotential& potential) {
  ask(
      potential, [](const Profile auto& v) { v.validate("potential"); },
      [](const UserPotential& v) {
        if (!v.energy || !v.force)
          throw ConfigError(
              "potential: a callable is missing; both the energy and the force are needed");
      });
}

double stiffest(const AnyPotential& potential) {
  return ask(
      potential, [](const Profile auto& v) { return v.curvature(); },
      [](const UserPotential&) { return 0.0; });
}

std::string words(const AnyPotential& potential, const Say& say) {
  return ask(
      potential, [&say](const Profile auto& v) { return v.words(say); },
      [](const UserPotential&) -> std::string { return "The potential is the embedding code’s."; });
}

}  // namespace powerstroke::laws
