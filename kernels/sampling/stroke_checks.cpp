#include "powerstroke/kernels/sampling/stroke_checks.hpp"

#include <cmath>
#include <string>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/kernels/counts/stroke_counts.hpp"
#include "powerstroke/kernels/sampling/hops.hpp"

namespace powerstroke {
namespace {

/// More would run for hours with one particle, and its parts could no longer be counted in steps.
constexpr double most_candidates = 1e12;

void check_transition(const laws::Transition& transition) {
  if (!(std::isfinite(transition.delta_e) && transition.delta_e > 0.0))
    throw ConfigError("delta_e is " + std::to_string(transition.delta_e) +
                      "; it must be a positive number");
  for (const double rate : {transition.rate_up, transition.rate_down})
    if (!(std::isfinite(rate) && rate >= 0.0))
      throw ConfigError("a stroke rate is " + std::to_string(rate) +
                        "; rates must be finite and >= 0");
}

}  // namespace

void check_law(const laws::StrokeLaw& law) {
  if (law.transitions.empty() || law.transitions.size() > StrokeCounts::most_transitions)
    throw ConfigError(std::to_string(law.transitions.size()) + " transitions; allowed: 1 to " +
                      std::to_string(StrokeCounts::most_transitions));
  for (const laws::Transition& transition : law.transitions) check_transition(transition);
}

void check_amount(const laws::StrokeLaw& law, double dt) {
  double candidates = 0.0, levels = 0.0, smallest = law.transitions.front().delta_e;
  for (const laws::Transition& transition : law.transitions)
    smallest = std::min(smallest, transition.delta_e);
  for (const laws::Transition& transition : law.transitions) {
    const double rate_up =
        laws::has_given_rates(law.balance) ? transition.rate_up : transition.rate_down;
    candidates += (rate_up + transition.rate_down) * dt;
    // Ten standard deviations above the mean of the Poisson number of uptakes, in one call; a run
    // that gets here over many calls has made 10^9 strokes a particle.
    levels += (rate_up * dt + 10.0 * std::sqrt(rate_up * dt)) * (transition.delta_e / smallest);
  }
  if (!(candidates <= most_candidates))
    throw NumericsError("about " + std::to_string(candidates) +
                        " candidate strokes a particle in one step; allowed: at most 10^12. Lower "
                        "the rates or the time");
  if (!(levels <= 1e9))
    throw NumericsError("about " + std::to_string(levels) +
                        " uptakes a particle in one step: levels would leave 32 bits");
}

double checked_spacing(const laws::StrokeLaw&, const LadderEnsemble& ensemble) {
  return ensemble.spacing();
}

double checked_spacing(const laws::StrokeLaw&, const EnergyEnsemble&) { return 0.0; }

double checked_spacing(const laws::StrokeLaw& law, const MomentumView& momenta) {
  const double spacing = common_spacing(law);
  const double limit = highest_level * (spacing > 0.0 ? spacing : law.transitions.front().delta_e);
  parallel::for_each_block(momenta.size(), [&](std::size_t, std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i)
      if (const double energy = momenta.energy(i); !(energy < limit))
        throw NumericsError("the momentum of particle " + std::to_string(i) + " has energy " +
                            std::to_string(energy) + "; it must be finite and below 2^30 delta_e");
  });
  return spacing;
}

}  // namespace powerstroke
