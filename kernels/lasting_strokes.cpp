#include "powerstroke/kernels/lasting_strokes.hpp"

#include <utility>

#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"

namespace powerstroke {

LastingStrokes::LastingStrokes(laws::StrokeLaw law, double window, std::size_t species,
                               std::uint64_t seed)
    : strokes_(std::move(law), window, seed), species_(species) {}

void LastingStrokes::advance(PhaseEnsemble& ensemble, double t, double dt, StepClock& clock,
                             Ledger& ledger) const {
  strokes_.advance(particles_of(ensemble), t, dt, clock, ledger);
}

double LastingStrokes::still_due(PhaseEnsemble& ensemble) const {
  return strokes_.still_due(particles_of(ensemble));
}

StrokedMomenta LastingStrokes::particles_of(PhaseEnsemble& ensemble) const {
  POWERSTROKE_EXPECT(species_ < ensemble.species());
  if (ensemble.lasting_strokes().size() != ensemble.size())
    throw ConfigError(
        "strokes that last: the ensemble keeps none; call keep_lasting_strokes() once before the "
        "run");
  const std::size_t first = ensemble.first(species_), count = ensemble.last(species_) - first;
  return {ensemble.momentum_view(species_), ensemble.lasting_strokes().subspan(first, count),
          ensemble.remaining_times().subspan(first, count)};
}

}  // namespace powerstroke
