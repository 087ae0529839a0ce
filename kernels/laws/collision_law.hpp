#pragma once

#include <cmath>
#include <cstddef>
#include <numbers>
#include <string>
#include <vector>

#include "powerstroke/engine/core/error.hpp"

/// How two particles of a gas scatter elastically: as hard spheres, or as spheres that shrink with
/// their relative speed.
namespace powerstroke::laws {

/// Variable hard spheres (G. A. Bird, in: Rarefied Gas Dynamics, AIAA 1981, p. 239; "Molecular Gas
/// Dynamics and the Direct Simulation of Gas Flows", 1994): scattering of hard spheres at the
/// cross-section
///
///     sigma(g) = pi d_ab^2 (g_ref / g)^(2 omega - 1),    d_ab = (d_a + d_b) / 2,
///
/// g the relative speed. The viscosity goes with T^omega: omega = 1/2 are hard spheres, omega = 1
/// Maxwell molecules, which collide at a rate that does not depend on g. In d = 2 these are discs,
/// whose cross-section is the length 2 d_ab.
struct CollisionLaw {
  std::vector<double> diameters;  ///< of each species, > 0
  double omega = 0.5;             ///< in [1/2, 1]
  double reference_speed =
      0.0;  ///< g_ref > 0, at which the diameters hold; not read at omega = 1/2
};

/// sigma(g) g of two species: the volume (d = 3) or area (d = 2) that their collision swallows per
/// time. Never falls with g.
struct SweptVolume {
  double scale;
  double exponent;  ///< of g^2: 1 - omega

  double operator()(double g_square) const {
    if (exponent == 0.5) return scale * std::sqrt(g_square);
    if (exponent == 0.0) return scale;
    return scale * std::pow(g_square, exponent);
  }
};

/// @param dimension 2 or 3.
inline SweptVolume swept_volume(const CollisionLaw& law, std::size_t a, std::size_t b,
                                int dimension) {
  const double diameter = 0.5 * (law.diameters[a] + law.diameters[b]);
  const double target = dimension == 3 ? std::numbers::pi * diameter * diameter : 2.0 * diameter;
  const double shrinking =
      law.omega == 0.5 ? 1.0 : std::pow(law.reference_speed, 2.0 * law.omega - 1.0);
  return {target * shrinking, 1.0 - law.omega};
}

/// @throws ConfigError for no species, a diameter or a reference speed that is no positive number,
/// or an omega out of range.
inline void validate(const CollisionLaw& law) {
  const auto positive = [](const char* name, double value) {
    if (!(std::isfinite(value) && value > 0.0))
      throw ConfigError("collisions: " + std::string(name) + " is " + std::to_string(value) +
                        "; it must be a positive number");
  };
  if (law.diameters.empty())
    throw ConfigError("collisions: no diameter; each species must have one");
  for (const double diameter : law.diameters) positive("a diameter", diameter);
  if (!(law.omega >= 0.5 && law.omega <= 1.0))
    throw ConfigError("collisions: omega is " + std::to_string(law.omega) +
                      "; allowed: 1/2 (hard spheres) to 1 (Maxwell molecules)");
  if (law.omega != 0.5) positive("the reference speed", law.reference_speed);
}

}  // namespace powerstroke::laws
