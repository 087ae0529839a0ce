#pragma once

#include <cmath>
#include <variant>

/// What ties the uptake rate w+ to the release rate w- of a transition.
namespace powerstroke::laws {

/// A transition between a particle's motion and its surroundings, (5)-(7).
struct Transition {
  double delta_e;    ///< energy of a stroke, > 0
  double rate_up;    ///< w+, uptakes per unit time
  double rate_down;  ///< w-, attempted releases per unit time
};

/// w+ and w- of each transition are given numbers.
struct Given {
  static constexpr const char* name = "fixed";
};

/// Detailed balance with a heat bath: w+ = w- exp(-dE/T), numbers as well.
struct Thermal {
  static constexpr const char* name = "thermal";
  double temperature;  ///< k_B T > 0, in the unit of dE
};

/// (8): as much is taken up as released, on the average over the ensemble.
struct Conserving {
  static constexpr const char* name = "energy_conserving";
};

/// Each release by a particle is the uptake of another, drawn uniformly.
struct Exchange {
  static constexpr const char* name = "exchange";
};

/// Each stroke of a transition of rate kappa = w- flips one of its M two-level systems of gap dE.
struct Bath {
  static constexpr const char* name = "bath";
  double systems_per_particle = 0.0;  ///< M / N > 0, of each transition
  double excited = 0.0;               ///< fraction x of them, at the start
};

/// How the rates of a transition follow from the ensemble and its surroundings.
using Balance = std::variant<Given, Thermal, Conserving, Exchange, Bath>;

template <class Kind>
constexpr bool is(const Balance& balance) {
  return std::holds_alternative<Kind>(balance);
}

/// Both rates are numbers, so that particles move independently of each other.
constexpr bool has_given_rates(const Balance& balance) {
  return is<Given>(balance) || is<Thermal>(balance);
}

/// Of the heat bath under `Thermal`; 0 otherwise.
constexpr double temperature(const Balance& balance) {
  const auto* thermal = std::get_if<Thermal>(&balance);
  return thermal ? thermal->temperature : 0.0;
}

/// What a config calls it.
constexpr const char* name(const Balance& balance) {
  return std::visit([](const auto& kind) { return kind.name; }, balance);
}

/// Averages over the ensemble of the factors by which a rates law multiplies w+ and w-.
struct MeanFactors {
  double uptake;   ///< <u(E)>; 1 with constant rates
  double release;  ///< <Theta(E > dE) r(E)>; phi with constant rates
};

struct RatePair {
  double up, down;
};

/// w+ and w- of a large ensemble. `Conserving`: w+ <u> = w- <r>. `Exchange`: a release at rate
/// w- r(E_i) is accepted by its recipient with u(E_j), so w+ = w- <r>, and w- is slowed by <u>.
/// `Bath`: w+ = kappa x, w- = kappa (1-x).
/// @param excited fraction x of the bath's systems, read under `Bath` alone.
constexpr RatePair closed_rates(const Balance& balance, const Transition& transition,
                                const MeanFactors& mean, double excited) {
  const double w = transition.rate_down;
  if (has_given_rates(balance)) return {transition.rate_up, w};
  if (is<Conserving>(balance)) return {mean.uptake > 0.0 ? w * mean.release / mean.uptake : 0.0, w};
  if (is<Exchange>(balance)) return {w * mean.release, w * mean.uptake};
  return {w * excited, w * (1.0 - excited)};
}

/// Detailed balance with a bath at temperature T (k_B = 1): w+ = w- exp(-dE/T).
inline double thermal_rate_up(double rate_down, double delta_e, double temperature) {
  return rate_down * std::exp(-delta_e / temperature);
}

/// (8) with constant rates: no net change of energy, w+ = w- phi, phi the fraction of the ensemble
/// with E > dE.
constexpr double conserving_rate_up(double rate_down, double phi) { return rate_down * phi; }

/// The ratio q of the geometric ladder with mean level n >= 0: q = n / (1 + n). It is also phi.
constexpr double geometric_ratio(double mean_level) { return mean_level / (1.0 + mean_level); }

}  // namespace powerstroke::laws
