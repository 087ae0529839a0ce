#pragma once

#include <cmath>

/// What driving a harmonic trap k (x - c)^2 / 2 costs, in closed form.
namespace powerstroke::theory {

/// DeltaF = (d/2) T ln(k1/k0) of a trap that is stiffened from k0 to k1; moving its centre adds
/// nothing.
inline double trap_free_energy(int dimension, double temperature, double from_stiffness,
                               double to_stiffness) {
  return 0.5 * dimension * temperature * std::log(to_stiffness / from_stiffness);
}

/// <W> = m v^2 (1 - cos(omega t)) for each axis along which the trap is moved for the time t at the
/// speed v, without strokes or friction: its frame moves evenly, and the particle swings in it from
/// the mean velocity -v. W is normal with the variance 2 T <W>, as exp(-W/T) must have the mean 1.
inline double isolated_drag_work(double mass, double stiffness, double speed, double t) {
  return mass * speed * speed * (1.0 - std::cos(std::sqrt(stiffness / mass) * t));
}

}  // namespace powerstroke::theory
