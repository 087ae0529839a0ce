#pragma once

#include <cmath>

/// What ties the uptake rate w+ to the release rate w- of a transition.
namespace powerstroke::laws {

/// A transition between a particle's motion and its surroundings, (5)-(7).
struct Transition {
  double delta_e;    ///< energy of a stroke, > 0
  double rate_up;    ///< w+, uptakes per unit time
  double rate_down;  ///< w-, attempted releases per unit time
};

/// How the rates of a transition follow from the ensemble and its surroundings.
enum class Closure {
  given,       ///< w+ and w- are numbers: the balances `fixed` and `thermal`
  conserving,  ///< (8): as much is taken up as released, on the average over the ensemble
  exchange,    ///< each release by a particle is the uptake of another, drawn uniformly
  bath         ///< each stroke flips one of M two-level systems of gap dE
};

/// Two-level systems that a transition of rate kappa = w- exchanges its quanta with.
struct TwoLevelBath {
  double systems_per_particle = 0.0;  ///< M / N
  double excited = 0.0;               ///< fraction x of them, at the start
};

/// Averages over the ensemble of the factors by which a rates law multiplies w+ and w-.
struct MeanFactors {
  double uptake;   ///< <u(E)>; 1 with constant rates
  double release;  ///< <Theta(E > dE) r(E)>; phi with constant rates
};

struct RatePair {
  double up, down;
};

/// w+ and w- of a large ensemble. `conserving`: w+ <u> = w- <r>. `exchange`: a release at rate w- r(E_i) is accepted by its
/// recipient with u(E_j), so w+ = w- <r>, and w- is slowed by <u>. `bath`: w+ = kappa x, w- = kappa (1-x).
/// @param excited fraction x of the bath's systems, read under `bath` alone.
constexpr RatePair closed_rates(Closure closure, const Transition& transition, const MeanFactors& mean, double excited) {
  const double w = transition.rate_down;
  switch (closure) {
    case Closure::given: return {transition.rate_up, w};
    case Closure::conserving: return {mean.uptake > 0.0 ? w * mean.release / mean.uptake : 0.0, w};
    case Closure::exchange: return {w * mean.release, w * mean.uptake};
    case Closure::bath: return {w * excited, w * (1.0 - excited)};
  }
  return {};
}

/// Detailed balance with a bath at temperature T (k_B = 1): w+ = w- exp(-dE/T).
inline double thermal_rate_up(double rate_down, double delta_e, double temperature) {
  return rate_down * std::exp(-delta_e / temperature);
}

/// (8) with constant rates: no net change of energy, w+ = w- phi, phi the fraction of the ensemble with E > dE.
constexpr double conserving_rate_up(double rate_down, double phi) { return rate_down * phi; }

/// The ratio q of the geometric ladder with mean level n >= 0: q = n / (1 + n). It is also phi.
constexpr double geometric_ratio(double mean_level) { return mean_level / (1.0 + mean_level); }

}  // namespace powerstroke::laws
