#pragma once

#include <string>

/// The units that a run computes in: one for energy, time, mass and pressure each, taken from the
/// config; momenta, speeds and lengths follow so that E = p^2/2m holds among the numbers.
/// Temperatures are energies, k_B T.
namespace powerstroke::study {

struct Units {
  bool reduced =
      true;  ///< the config has numbers alone: k_B = hbar = 1, and the names below are empty
  std::string energy, time, mass, pressure;  ///< "cm^-1", "ps", "u", "bar"
  double energy_J = 1.0, time_s = 1.0, mass_kg = 1.0, pressure_Pa = 1.0;  ///< their sizes
  double hbar = 1.0;                                                      ///< in energy times time

  std::string rate() const;      ///< "ps^-1"
  std::string momentum() const;  ///< "sqrt(u cm^-1)"
  double speed_m_s() const;      ///< of the speed sqrt(energy/mass)
  double length_m() const;       ///< of the length speed * time
  /// " cm^-1": what follows a number in a sentence; empty in reduced units.
  std::string after_energy() const;
  std::string after_time() const;
  std::string after_rate() const;
  std::string after_mass() const;
};

/// Energies, times and masses of both lie in equally large units.
bool same_units(const Units& a, const Units& b);

}  // namespace powerstroke::study
