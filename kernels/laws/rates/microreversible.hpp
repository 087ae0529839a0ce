#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include "powerstroke/kernels/laws/rates_input.hpp"

namespace powerstroke::laws {

/// Detailed balance with the density of states E^(d/2-1): Maxwell-Boltzmann is stationary in every
/// d.
///
/// d >= 2: a release has the factor r(E) = ((E-dE)/E)^((d-2)/2), which in d = 3 is
/// p_final/p_initial, the phase-space factor of inelastic scattering; d = 1, where that would be
/// above 1: an uptake has u(E) = sqrt(E/(E+dE)) instead. Division and square root are rounded
/// correctly on every machine, so the factors have the same bits everywhere.
///
/// d = 4, r = (E-dE)/E, is for strokes at a wall: see `microreversible_at_walls`.
struct Microreversible {
  static constexpr const char* name = "microreversible";
  static constexpr const char* description =
      "a release by ((E-delta_e)/E)^((d-2)/2), in d = 1 an uptake by sqrt(E/(E+delta_e)), which "
      "makes Maxwell-Boltzmann "
      "stationary in every d";
  static constexpr std::array<Parameter, 0> parameters{};

  int dimension;

  explicit constexpr Microreversible(int d) : dimension(d) {}
  explicit Microreversible(const RatesInput& input) : dimension(input.dimension) {}

  double uptake(double energy, double delta_e) const {
    return dimension == 1 ? std::sqrt(energy / (energy + delta_e)) : 1.0;
  }
  double release(double energy, double delta_e) const {
    if (dimension <= 2) return 1.0;
    const double share = energy > delta_e ? (energy - delta_e) / energy : 0.0;
    return dimension == 3 ? std::sqrt(share) : share;
  }
  /// Both factors rise with the energy.
  FactorRange uptake_range(double low, double high, double delta_e) const {
    return {uptake(low, delta_e), uptake(high, delta_e)};
  }
  FactorRange release_range(double low, double high, double delta_e) const {
    return {release(low, delta_e), release(high, delta_e)};
  }
  constexpr double bound(double) const { return 1.0; }
  constexpr double state_exponent() const { return 0.5 * (dimension - 2); }
};

/// Of strokes that particles in d dimensions make when they hit a wall. Fast particles hit it more
/// often: at a fixed direction the hits of energy E are v_n f(p) d^dp ~ E^((d-1)/2) exp(-E/T) dE,
/// which is the density of states of d + 1 dimensions.
constexpr Microreversible microreversible_at_walls(int dimension) {
  return Microreversible{dimension + 1};
}

}  // namespace powerstroke::laws
