#include "powerstroke/study/run/problem.hpp"

#include <fmt/format.h>

#include <cmath>
#include <utility>

#include "powerstroke/analysis/theory/mixed_stationary.hpp"
#include "powerstroke/analysis/theory/rate_cuts.hpp"
#include "powerstroke/analysis/theory/stationary.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/state/energy_ensemble.hpp"
#include "powerstroke/engine/state/ladder_ensemble.hpp"

namespace powerstroke::study {
namespace {

std::string density_of_states(double exponent) {
  return exponent == 0.0 ? "" : fmt::format("E^({:g}) ", exponent);
}

std::string words(const Config& config, double beta, const theory::Populations& start) {
  const laws::StrokeLaw& law = config.strokes->law;
  if (!laws::is_plain(law))
    return fmt::format(
        "ladder with the weights {}exp(-E/T), T = {:.6g}{}, over the initial offsets",
        density_of_states(laws::state_exponent(law.rates)), 1.0 / beta,
        config.units.after_energy());
  const double ratio = std::exp(-beta * config.strokes->delta_e());
  if (given_rates(config))
    return fmt::format("geometric ladder, ratio w+/w- = {:.6g}, over the initial offsets", ratio);
  if (laws::is<laws::Bath>(law.balance))
    return fmt::format(
        "geometric ladder, ratio q = x/(1-x) = {:.6g} at the excited fraction x = {:.6g}, over the "
        "initial "
        "offsets",
        ratio, ratio / (1.0 + ratio));
  return fmt::format(
      "geometric ladder, ratio q = n/(1+n) = {:.6g} of mean level n = {:.6g}, over the initial "
      "offsets{}",
      ratio, theory::mean_level(start),
      laws::is<laws::Exchange>(law.balance) ? ", of very many particles" : "");
}

/// Nobody has anything to give, and nothing else gives.
bool frozen_without_ladder(const Config& config) {
  const laws::StrokeLaw& law = config.strokes->law;
  for (const laws::Transition& transition : law.transitions) {
    if (laws::cumulative(config.ensemble.energy, transition.delta_e) < 1.0) return false;
    if (laws::has_given_rates(law.balance) && transition.rate_up > 0.0) return false;
  }
  return law.bath().excited == 0.0;
}

}  // namespace

parallel::Ranks dividing(const Config& config, parallel::Ranks all) {
  const bool can_be =
      !are_pairs(config) && !config.analysis.path_entropy && !config.analysis.information;
  return can_be ? all : parallel::Ranks();
}

double most_attempts(const Config& config) {
  double rate = 0.0;
  for (const laws::Transition& transition : config.strokes->law.transitions)
    rate +=
        (given_rates(config) ? transition.rate_up : transition.rate_down) + transition.rate_down;
  return rate;
}

std::uint64_t bytes_per_particle(const Config& config) {
  // In phase space: positions, momenta and heat.
  if (config.phase_space)
    return static_cast<std::uint64_t>(config.ensemble.dimension) * 2 * sizeof(double) +
           sizeof(double);
  return config.strokes->on_ladder() ? LadderEnsemble::bytes_per_particle
                                     : EnergyEnsemble::bytes_per_particle;
}

std::int32_t first_stride(const Config& config) {
  return static_cast<std::int32_t>(
      std::lround(config.strokes->delta_e() / config.strokes->spacing));
}

theory::Populations start_populations(const Config& config) {
  theory::Resolution resolution;
  // Whom the density reaches: far above the start it has next to nothing to resolve.
  constexpr double rare = 1e-10;
  const double highest =
      laws::upper_energy(config.ensemble.energy, rare) + 10.0 * config.strokes->delta_e();
  resolution.cuts = theory::rate_cuts(config.strokes->law, config.strokes->spacing, highest,
                                      config.snapshots.back());
  try {
    return theory::initial_populations(config.ensemble.energy, config.strokes->spacing, resolution);
  } catch (const NumericsError& error) {
    throw ConfigError(fmt::format("at ensemble.energy: found {}: {}",
                                  config.ensemble.energy_as_written, error.what()));
  }
}

StationaryState stationary_state(const Config& config, const theory::Populations& start) {
  theory::StationaryLaw found = theory::stationary_law(start, config.strokes->law);
  const bool frozen = found.kind == theory::StationaryLaw::Kind::frozen;
  if (found.kind != theory::StationaryLaw::Kind::exists) return {{}, frozen, std::move(found.why)};
  return {found.beta, false, words(config, found.beta, start)};
}

StationaryState stationary_state_without_ladder(const Config& config) {
  const laws::StrokeLaw& law = config.strokes->law;
  if (frozen_without_ladder(config))
    return {
        {},
        true,
        "frozen: no particle has E > delta_e of any transition, so that no stroke ever happens"};
  const theory::StationaryLaw found =
      theory::mixed_stationary_law(laws::mean(config.ensemble.energy), law);
  if (found.kind != theory::StationaryLaw::Kind::exists)
    return {{}, found.kind == theory::StationaryLaw::Kind::frozen, found.why};
  return {
      found.beta, false,
      fmt::format("the density {}exp(-E/T), T = {:.6g}{}: incommensurate strokes mix all energies",
                  density_of_states(laws::state_exponent(law.rates)), 1.0 / found.beta,
                  config.units.after_energy())};
}

}  // namespace powerstroke::study
