#pragma once

namespace powerstroke::laws {

/// Fractions of an ensemble about the threshold of release: all that the equation of motion of phi needs.
struct ThresholdOccupation {
  double phi;                              ///< on level 1 and above: E > dE
  double rest, level_0, level_1, level_2;  ///< on level -1 (E = 0), 0, 1, 2
};

/// Time derivatives of phi at w+ = w- phi, from (7).
struct PhiDerivatives {
  double first, second;
};

/// phi' = w+ f_0 - w- f_1; phi'' from f_0' and f_1' of (7) and w+' = w- phi'.
constexpr PhiDerivatives phi_derivatives(const ThresholdOccupation& f, double rate_down) {
  const double rate_up = rate_down * f.phi;
  const double first = rate_up * f.level_0 - rate_down * f.level_1;
  const double level_0 = rate_up * (f.rest - f.level_0) + rate_down * f.level_1;
  const double level_1 = rate_up * f.level_0 - (rate_up + rate_down) * f.level_1 + rate_down * f.level_2;
  return {first, rate_down * first * f.level_0 + rate_up * level_0 - rate_down * level_1};
}

}  // namespace powerstroke::laws
