#pragma once

#include <cmath>
#include <limits>
#include <vector>

#include "powerstroke/kernels/laws/balance.hpp"
#include "powerstroke/kernels/laws/rates.hpp"

namespace powerstroke::laws {

/// Strokes as a law: which transitions there are, how their rates depend on energy, and what ties
/// w+ to w-. Particles and equation are both made from it.
struct StrokeLaw {
  std::vector<Transition> transitions;  ///< at least one; rate_up is read where it is given
  AnyRates rates = Constant{};
  Balance balance = Given{};

  /// The two-level systems of each transition; none of them, M = 0, under other balances.
  Bath bath() const {
    const auto* bath = std::get_if<Bath>(&balance);
    return bath ? *bath : Bath{};
  }
};

/// A law whose uptake rates are what its balance makes of them where they are numbers, and 0 where
/// they are not.
inline StrokeLaw balanced(StrokeLaw law) {
  if (is<Given>(law.balance)) return law;
  const auto* thermal = std::get_if<Thermal>(&law.balance);
  for (Transition& each : law.transitions)
    each.rate_up =
        thermal ? thermal_rate_up(each.rate_down, each.delta_e, thermal->temperature) : 0.0;
  return law;
}

/// The temperature that given rates have by themselves: of the heat bath, or delta_e/ln(w-/w+) of
/// the only transition, k_B T in the unit of delta_e; NaN where there is none.
inline double rates_temperature(const StrokeLaw& law) {
  if (is<Thermal>(law.balance)) return temperature(law.balance);
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  if (!is<Given>(law.balance) || law.transitions.size() != 1) return none;
  const auto& [delta_e, up, down] = law.transitions.front();
  return up > 0.0 && down > up ? delta_e / std::log(down / up) : none;
}

/// The paper's own: one transition at constant rates.
inline bool is_plain(const StrokeLaw& law) {
  return law.transitions.size() == 1 && std::holds_alternative<Constant>(law.rates);
}

/// Attempts of one particle at a stroke per unit of time, at most: rates times the bounds of their
/// factors. Where rates are no numbers, uptakes follow from attempted releases.
inline double attempt_rate(const StrokeLaw& law) {
  double rate = 0.0;
  for (const Transition& transition : law.transitions)
    rate += bound(law.rates, transition.delta_e) *
            (transition.rate_down + (has_given_rates(law.balance) ? transition.rate_up : 0.0));
  return rate;
}

/// w+ and w- of each transition where they are numbers.
inline std::vector<RatePair> given_rates(const StrokeLaw& law) {
  std::vector<RatePair> rates;
  for (const Transition& transition : law.transitions)
    rates.push_back({transition.rate_up, transition.rate_down});
  return rates;
}

}  // namespace powerstroke::laws
