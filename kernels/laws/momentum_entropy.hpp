#pragma once

#include <cmath>
#include <numbers>

#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke::laws {

/// What turns the entropy of the energies into that of isotropic momenta, (A.8) with its constant,
/// in k_B: S^(1) = S_E + constant + ln_energy_factor <ln E>.
struct MomentumEntropy {
  double constant;          ///< ln(Omega_d m) + (d-2)/2 ln 2m; Omega_d = 2, 2 pi, 4 pi
  double ln_energy_factor;  ///< (d-2)/2
};

/// @param dimension 1, 2 or 3; @param mass > 0.
inline MomentumEntropy momentum_entropy(int dimension, double mass) {
  POWERSTROKE_EXPECT(dimension >= 1 && dimension <= 3 && mass > 0.0);
  const double solid_angle = dimension == 1 ? 2.0 : (dimension == 2 ? 2.0 : 4.0) * std::numbers::pi;
  const double factor = 0.5 * (dimension - 2);
  return {std::log(solid_angle * mass) + factor * std::log(2.0 * mass), factor};
}

}  // namespace powerstroke::laws
