#pragma once

/// Rates of strokes that collisions of a gas make, (12) and (13).
namespace powerstroke::laws {

/// Release rate of (12), p = p_i = p_a: a gas whose molecules collide among themselves; or (13): an
/// inert component with pressure p_i whose energy an active impurity of pressure p_a exchanges.
/// Collisions are of second order in the pressures, w- = C p_1 p_2 / T, and with detailed balance
/// w+ = w- exp(-dE/T) = C beta exp(-beta dE) p_1 p_2, which is the paper's.
/// @param prefactor C > 0, rate * energy / pressure^2; @param temperature k_B T > 0, as an energy.
constexpr double gas_rate_down(double prefactor, double temperature, double first_pressure,
                               double second_pressure) {
  return prefactor * first_pressure * second_pressure / temperature;
}

}  // namespace powerstroke::laws
