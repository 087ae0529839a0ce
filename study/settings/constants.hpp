#pragma once

namespace powerstroke::study {

/// Fundamental constants in SI units, CODATA's values as Boost.Units has them. The editions differ
/// by constant (Boost 1.74: 2006 for h and e, 2014 for k_B, N_A and m_u); each lies within 4e-7 of
/// what the SI of 2019 fixed or CODATA has recommended since.
struct Constants {
  double light_speed;  ///< c, m/s
  double planck;       ///< h, J s
  double hbar;         ///< h/2pi, J s
  double boltzmann;    ///< k_B, J/K
  double avogadro;     ///< N_A, 1/mol
  double charge;       ///< e, C
  double atomic_mass;  ///< m_u, kg
  double hartree;      ///< E_h, J
};

Constants codata_constants();

}  // namespace powerstroke::study
