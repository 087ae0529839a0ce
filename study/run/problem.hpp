#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "powerstroke/analysis/theory/populations.hpp"
#include "powerstroke/engine/parallel/ranks.hpp"
#include "powerstroke/study/settings/config.hpp"

/// What follows from a config without simulating.
namespace powerstroke::study {

/// No rate is a consequence of the ensemble, they are numbers or there are none: particles are
/// independent.
inline bool given_rates(const Config& config) {
  return !config.strokes || laws::has_given_rates(config.strokes->law.balance);
}

/// The mean energy stays: on the average over many particles, or exactly.
inline bool keeps_energy(const Config& config) {
  return laws::is<laws::Conserving>(config.strokes->law.balance) ||
         laws::is<laws::Exchange>(config.strokes->law.balance);
}

/// A stroke involves another particle, or a two-level system: they are drawn one after another.
inline bool are_pairs(const Config& config) {
  return config.strokes && (laws::is<laws::Exchange>(config.strokes->law.balance) ||
                            laws::is<laws::Bath>(config.strokes->law.balance));
}

/// Says which of `all` ranks divide the particles: all, where rates are given or tied by averages.
/// Strokes of pairs are one chain of events, and what `analysis` asks for needs all particles in
/// one place: there each rank has, and moves, all of them, and shares them with nobody.
parallel::Ranks dividing(const Config& config, parallel::Ranks all);

/// Attempts of a particle per unit of time, at most.
double most_attempts(const Config& config);

/// State held for a particle.
std::uint64_t bytes_per_particle(const Config& config);

/// delta_e of the first transition in levels of the common ladder.
std::int32_t first_stride(const Config& config);

/// The start on the common ladder's offsets.
theory::Populations start_populations(const Config& config);

/// The stationary state of a config's strokes (section "Stationary states" of the theory page).
struct StationaryState {
  std::optional<double>
      beta;  ///< inverse temperature; none if there is no stationary law or nothing moves
  bool frozen = false;  ///< no stroke can ever happen
  std::string law;      ///< in words
};
/// On a ladder, from a start.
StationaryState stationary_state(const Config& config, const theory::Populations& start);
/// Of incommensurate transitions, which mix all energies.
StationaryState stationary_state_without_ladder(const Config& config);

}  // namespace powerstroke::study
