#include "powerstroke/kernels/stroke_checks.hpp"

#include <cmath>
#include <string>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"

namespace powerstroke {
namespace {

/// More would run for hours with one particle, and its parts could no longer be counted in steps.
constexpr double most_candidates = 1e12;

void check_amount(const laws::Transition& transition, double dt) {
  const double rate_up = transition.rate_up, candidates = (rate_up + transition.rate_down) * dt;
  if (!(candidates <= most_candidates))
    throw NumericsError("about " + std::to_string(candidates) +
                        " candidate strokes a particle in one step; allowed: at most 10^12. Lower the rates or the time");
  // Ten standard deviations above the mean of the Poisson number of uptakes, in one call; a run that gets here over
  // many calls has made 10^9 strokes a particle.
  const double uptakes = rate_up * dt;
  if (!(uptakes + 10.0 * std::sqrt(uptakes) <= 1e9))
    throw NumericsError("about " + std::to_string(uptakes) + " uptakes a particle in one step: levels would leave 32 bits");
}

}  // namespace

void check_transition(const laws::Transition& transition) {
  if (!(std::isfinite(transition.delta_e) && transition.delta_e > 0.0))
    throw ConfigError("delta_e is " + std::to_string(transition.delta_e) + "; it must be a positive number");
  for (const double rate : {transition.rate_up, transition.rate_down})
    if (!(std::isfinite(rate) && rate >= 0.0))
      throw ConfigError("a stroke rate is " + std::to_string(rate) + "; rates must be finite and >= 0");
}

void check_ladder(const laws::Transition& transition, const LadderEnsemble& ensemble, double dt) {
  if (ensemble.delta_e() != transition.delta_e)
    throw NumericsError("the ensemble's ladder has delta_e " + std::to_string(ensemble.delta_e()) + ", the strokes have " +
                        std::to_string(transition.delta_e));
  check_amount(transition, dt);
}

void check_momenta(const laws::Transition& transition, const MomentumView& momenta, double dt) {
  check_amount(transition, dt);
  const double limit = highest_level * transition.delta_e;
  parallel::for_each_block(momenta.size(), [&](std::size_t, std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i)
      if (const double energy = momenta.energy(i); !(energy < limit))
        throw NumericsError("the momentum of particle " + std::to_string(i) + " has energy " + std::to_string(energy) +
                            "; it must be finite and below 2^30 delta_e");
  });
}

}  // namespace powerstroke
