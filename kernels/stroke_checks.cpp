#include "powerstroke/kernels/stroke_checks.hpp"

#include <cmath>
#include <string>

#include "powerstroke/engine/core/error.hpp"

namespace powerstroke {

void check_transition(const laws::Transition& transition) {
  if (!(std::isfinite(transition.delta_e) && transition.delta_e > 0.0))
    throw ConfigError("delta_e is " + std::to_string(transition.delta_e) + "; it must be a positive number");
  for (const double rate : {transition.rate_up, transition.rate_down})
    if (!(std::isfinite(rate) && rate >= 0.0))
      throw ConfigError("a stroke rate is " + std::to_string(rate) + "; rates must be finite and >= 0");
}

void check_ladder(const laws::Transition& transition, double rate_up, const LadderEnsemble& ensemble, double dt) {
  if (ensemble.delta_e() != transition.delta_e)
    throw NumericsError("the ensemble's ladder has delta_e " + std::to_string(ensemble.delta_e()) + ", the strokes have " +
                        std::to_string(transition.delta_e));
  // Ten standard deviations above the mean of the Poisson number of uptakes, in one call; a run that gets here over
  // many calls has made 10^9 strokes a particle.
  const double uptakes = rate_up * dt;
  if (uptakes + 10.0 * std::sqrt(uptakes) > 1e9)
    throw NumericsError("about " + std::to_string(uptakes) + " uptakes a particle in one step: levels would leave 32 bits");
}

}  // namespace powerstroke
