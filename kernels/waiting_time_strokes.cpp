#include "powerstroke/kernels/waiting_time_strokes.hpp"

#include <cstddef>
#include <utility>
#include <vector>

#include "powerstroke/kernels/sampling/places.hpp"
#include "powerstroke/kernels/sampling/stroke_checks.hpp"
#include "powerstroke/kernels/sampling/waiting_time_step.hpp"

namespace powerstroke {

WaitingTimeStrokes::WaitingTimeStrokes(laws::StrokeLaw law, std::uint64_t seed)
    : law_(std::move(law)), seed_(seed) {
  check_law(law_);
}

template <class Ensemble>
void WaitingTimeStrokes::advance_any(Ensemble& ensemble, double dt, StepClock& clock,
                                     Ledger& ledger) const {
  check_amount(law_, dt);
  const double spacing = checked_spacing(law_, ensemble);
  const std::vector<Hop> steps = hops(law_, spacing);
  const WaitingTimeStep step_law(candidates(law_.rates, steps, laws::given_rates(law_)), dt);
  const PassKey key{spacing, seed_, clock.tick()};
  ledger += over_places<StrokeCounts>(
      ensemble, key, ensemble.size(),
      [&](const auto& places, std::size_t id) { return step_law(places, seed_, id, key.step); });
  ++ledger.steps;
}

void WaitingTimeStrokes::advance(LadderEnsemble& ensemble, double, double dt, StepClock& clock,
                                 Ledger& ledger) const {
  advance_any(ensemble, dt, clock, ledger);
}
void WaitingTimeStrokes::advance(EnergyEnsemble& ensemble, double, double dt, StepClock& clock,
                                 Ledger& ledger) const {
  advance_any(ensemble, dt, clock, ledger);
}

}  // namespace powerstroke
