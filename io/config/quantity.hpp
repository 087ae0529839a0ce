#pragma once

#include <string>

/// A quantity of a config that is a text with its unit, such as "200 cm^-1". Units are parsed and
/// converted by UDUNITS-2 with its database; the constants between energies of different kinds are
/// those of constants.hpp.
namespace powerstroke::io {

/// What the schema's "x-quantity" may name:
///   energy       J, eV, cm^-1 (hc), K (k_B), kJ/mol and kcal/mol (1/N_A; a calorie is 4.184 J),
///   hartree temperature  the same: T stands for k_B T time, rate, mass (kg, u, or of a mole),
///   pressure, speed, length energy_time  of an action, such as hbar
struct Quantity {
  double value = 0.0;  ///< as written
  std::string unit;    ///< as written, exponents as in "cm^-1"
  double si = 1.0;     ///< of one unit: J, J (= k_B T), s, 1/s, kg, Pa, m/s, m, J s
};

/// @throws ConfigError which completes "found "<text>"": what is wrong with it, and what is
/// allowed.
/// @throws IoError if the database of units cannot be read.
Quantity parse_quantity(const std::string& text, const std::string& dimension);

/// "an energy with its unit, such as "200 cm^-1", "2.4 kJ/mol" or "25 meV""
std::string allowed_quantity(const std::string& dimension);

}  // namespace powerstroke::io
