#pragma once

#include <cmath>

/// What ties the uptake rate w+ to the release rate w- of a transition.
namespace powerstroke::laws {

/// A transition between a particle's motion and its surroundings. Constant rates: the paper's (5)-(7).
struct Transition {
  double delta_e;    ///< energy of a stroke, > 0
  double rate_up;    ///< w+, uptakes per unit time
  double rate_down;  ///< w-, attempted releases per unit time
};

/// Detailed balance with a bath at temperature T (k_B = 1): w+ = w- exp(-dE/T).
inline double thermal_rate_up(double rate_down, double delta_e, double temperature) {
  return rate_down * std::exp(-delta_e / temperature);
}

/// (8): no net change of energy, w+ = w- phi, phi the fraction of the ensemble with E > dE.
constexpr double conserving_rate_up(double rate_down, double phi) { return rate_down * phi; }

/// The ratio q of the geometric ladder with mean level n >= 0: q = n / (1 + n). It is also phi.
constexpr double geometric_ratio(double mean_level) { return mean_level / (1.0 + mean_level); }

}  // namespace powerstroke::laws
