#include "powerstroke/kernels/poisson_strokes.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/kernels/sampling/places.hpp"
#include "powerstroke/kernels/sampling/sampler.hpp"
#include "powerstroke/kernels/sampling/shaped_step.hpp"
#include "powerstroke/kernels/sampling/stroke_checks.hpp"
#include "powerstroke/kernels/sampling/uniformized_step.hpp"

namespace powerstroke {
namespace {

/// How many steps a stretch with so many expected candidates is cut into.
double cuts(double candidates) {
  return std::max(1.0, std::ceil(candidates / PoissonTable::largest_mean));
}

template <class Ensemble>
bool records_paths(const Ensemble& ensemble) {
  if constexpr (requires { ensemble.paths(); })
    return !ensemble.paths().empty();
  else
    return false;
}

}  // namespace

PoissonStrokes::PoissonStrokes(laws::StrokeLaw law, std::uint64_t seed)
    : law_(std::move(law)), seed_(seed) {
  check_law(law_);
  bounds_ = std::make_shared<const FactorBounds>(law_);
}

template <class Ensemble>
void PoissonStrokes::advance_any(Ensemble& ensemble, double dt, StepClock& clock,
                                 Ledger& ledger) const {
  check_amount(law_, dt);
  const double spacing = checked_spacing(law_, ensemble);
  const std::vector<Hop> steps = hops(law_, spacing);
  if (choose_sampler(law_, steps, records_paths(ensemble)) == Sampler::uniformized) {
    const laws::Transition& first = law_.transitions.front();
    const double parts = cuts((first.rate_up + first.rate_down) * dt);
    const UniformizedStep step_law(first.rate_up, first.rate_down, dt / parts);
    for (double part = 0.0; part < parts; ++part) {
      const PassKey key{spacing, seed_, clock.tick()};
      ledger += over_levels<StrokeCounts>(ensemble, key,
                                          [&](std::span<std::int32_t> levels, std::size_t id) {
                                            return step_law(levels, seed_, id, key.step);
                                          });
      ++ledger.steps;
    }
    return;
  }
  const AnyCandidates tries = candidates(law_.rates, steps, laws::given_rates(law_));
  const double parts = cuts(candidate_rate(tries) * dt);
  const ShapedStep step_law(tries, bounds_, dt / parts);
  for (double part = 0.0; part < parts; ++part) {
    const PassKey key{spacing, seed_, clock.tick()};
    ledger += over_places<StrokeCounts>(
        ensemble, key, ensemble.size(),
        [&](const auto& places, std::size_t id) { return step_law(places, seed_, id, key.step); });
    ++ledger.steps;
  }
}

void PoissonStrokes::advance(LadderEnsemble& ensemble, double, double dt, StepClock& clock,
                             Ledger& ledger) const {
  advance_any(ensemble, dt, clock, ledger);
}
void PoissonStrokes::advance(EnergyEnsemble& ensemble, double, double dt, StepClock& clock,
                             Ledger& ledger) const {
  advance_any(ensemble, dt, clock, ledger);
}
void PoissonStrokes::advance(const MomentumView& momenta, double, double dt, StepClock& clock,
                             Ledger& ledger) const {
  const std::optional<SparseStep> few = sparse_step(dt);
  if (!few) return advance_any(momenta, dt, clock, ledger);
  const std::uint64_t step = clock.tick();
  // Blocks are those of the ids, whose numbers may begin amid one.
  const std::size_t before = momenta.first_id() % parallel::block_size;
  ledger += parallel::sum_over_blocks<StrokeCounts>(
      before + momenta.size(), [&](std::size_t first, std::size_t last) {
        StrokeCounts block;
        (*few)(momenta.part(std::max(first, before) - before, last - before), seed_, step, block);
        return block;
      });
  ++ledger.steps;
}

std::optional<SparseStep> PoissonStrokes::sparse_step(double dt) const {
  check_amount(law_, dt);
  const double spacing = common_spacing(law_);
  const std::vector<Hop> steps = hops(law_, spacing);
  AnyCandidates tries = candidates(law_.rates, steps, laws::given_rates(law_));
  if (choose_momentum_sampler(law_, steps, candidate_rate(tries) * dt) != Sampler::sparse)
    return {};
  return SparseStep(std::move(tries), spacing, dt);
}

}  // namespace powerstroke
