#pragma once

#include <vector>

#include "powerstroke/kernels/laws/balance.hpp"
#include "powerstroke/kernels/laws/rates.hpp"

namespace powerstroke::laws {

/// Strokes as a law: which transitions there are, how their rates depend on energy, and what ties w+ to w-. Particles and
/// equation are both made from it.
struct StrokeLaw {
  std::vector<Transition> transitions;  ///< at least one; rate_up is read under Closure::given alone
  AnyRates rates = Constant{};
  Closure closure = Closure::given;
  TwoLevelBath bath{};  ///< read under Closure::bath: one such set of systems for each transition
};

/// The paper's own: one transition at constant rates.
inline bool is_plain(const StrokeLaw& law) {
  return law.transitions.size() == 1 && std::holds_alternative<Constant>(law.rates);
}

/// Attempts of one particle at a stroke per unit of time, at most: rates times the bounds of their factors. Where rates are no numbers,
/// uptakes follow from attempted releases.
inline double attempt_rate(const StrokeLaw& law) {
  double rate = 0.0;
  for (const Transition& transition : law.transitions)
    rate += bound(law.rates, transition.delta_e) *
            (transition.rate_down + (law.closure == Closure::given ? transition.rate_up : 0.0));
  return rate;
}

/// w+ and w- of each transition as they are given, under Closure::given.
inline std::vector<RatePair> given_rates(const StrokeLaw& law) {
  std::vector<RatePair> rates;
  for (const Transition& transition : law.transitions) rates.push_back({transition.rate_up, transition.rate_down});
  return rates;
}

}  // namespace powerstroke::laws
