#pragma once

namespace powerstroke::laws {

/// Fractions of an ensemble about the threshold of release: all that the equation of motion of phi
/// needs, to its third derivative.
struct ThresholdOccupation {
  double phi;                                       ///< on level 1 and above: E > dE
  double rest, level_0, level_1, level_2, level_3;  ///< on level -1 (E = 0), 0, 1, 2, 3
};

/// Time derivatives of phi at w+ = w- phi, from (7).
struct PhiDerivatives {
  double first, second, third;
};

/// phi' = w+ f_0 - w- f_1, and on with f_n' and f_n'' of (7) and w+' = w- phi'.
constexpr PhiDerivatives phi_derivatives(const ThresholdOccupation& f, double rate_down) {
  const double up = rate_down * f.phi, down = rate_down;
  const double first = up * f.level_0 - down * f.level_1, up_first = down * first;
  const double rest_first = -up * f.rest;
  const double level_0_first = up * (f.rest - f.level_0) + down * f.level_1;
  const double level_1_first = up * f.level_0 - (up + down) * f.level_1 + down * f.level_2;
  const double level_2_first = up * f.level_1 - (up + down) * f.level_2 + down * f.level_3;
  const double second = up_first * f.level_0 + up * level_0_first - down * level_1_first,
               up_second = down * second;
  const double level_0_second =
      up_first * (f.rest - f.level_0) + up * (rest_first - level_0_first) + down * level_1_first;
  const double level_1_second = up_first * (f.level_0 - f.level_1) + up * level_0_first -
                                (up + down) * level_1_first + down * level_2_first;
  const double third = up_second * f.level_0 + 2.0 * up_first * level_0_first +
                       up * level_0_second - down * level_1_second;
  return {first, second, third};
}

/// The mean of phi over a step of length h that starts here, to third order in h.
constexpr double mean_phi(double phi, const PhiDerivatives& derivative, double h) {
  return phi + h * (derivative.first / 2.0 + h * derivative.second / 6.0);
}

}  // namespace powerstroke::laws
