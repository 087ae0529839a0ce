#include "powerstroke/kernels/poisson_strokes.hpp"

#include <algorithm>
#include <boost/random/exponential_distribution.hpp>
#include <cmath>
#include <span>

#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/kernels/ladder_strokes.hpp"
#include "powerstroke/kernels/over_levels.hpp"
#include "powerstroke/kernels/stroke_checks.hpp"

namespace powerstroke {
namespace {

/// Strokes of a block's particles at exponential waiting times over a step of length `dt`.
struct WaitingTimeStep {
  double rate_up, rate_down, dt;

  Ledger operator()(std::span<std::int32_t> levels, std::uint64_t seed, std::uint64_t first, std::uint64_t step) const {
    Ledger ledger;
    const double total = rate_up + rate_down;
    if (total == 0.0) return ledger;
    for (std::size_t i = 0; i < levels.size(); ++i) {
      Stream stream(seed, first + i, step, Purpose::waiting_times);
      boost::random::exponential_distribution<double> waiting_time(total);
      for (double t = waiting_time(stream); t < dt; t += waiting_time(stream)) {
        if (unit_interval_closed_open(stream()) * total < rate_up) {
          ++levels[i];
          ++ledger.uptakes;
        } else if (can_release(levels[i])) {
          --levels[i];
          ++ledger.releases;
        } else {
          ++ledger.blocked;
        }
      }
    }
    return ledger;
  }
};

template <class Step, class Ensemble>
void stroke_all(const Step& step_law, Ensemble& ensemble, double delta_e, std::uint64_t seed, std::uint64_t step,
                Ledger& ledger) {
  ledger += over_levels<Ledger>(ensemble, {delta_e, seed, step}, [&](std::span<std::int32_t> levels, std::size_t first) {
    return step_law(levels, seed, first, step);
  });
  ++ledger.steps;
}

}  // namespace

PoissonStrokes::PoissonStrokes(laws::Transition transition, std::uint64_t seed) : transition_(transition), seed_(seed) {
  check_transition(transition);
}

template <class Ensemble>
void PoissonStrokes::advance_any(Ensemble& ensemble, double dt, StepClock& clock, Ledger& ledger) const {
  const double expected = (transition_.rate_up + transition_.rate_down) * dt;
  const double cuts = std::max(1.0, std::ceil(expected / UniformizedStep::largest_mean));
  const UniformizedStep step_law(transition_.rate_up, transition_.rate_down, dt / cuts);
  for (double cut = 0.0; cut < cuts; ++cut) stroke_all(step_law, ensemble, transition_.delta_e, seed_, clock.tick(), ledger);
}

void PoissonStrokes::advance(LadderEnsemble& ensemble, double, double dt, StepClock& clock, Ledger& ledger) const {
  check_ladder(transition_, ensemble, dt);
  advance_any(ensemble, dt, clock, ledger);
}

void PoissonStrokes::advance(const MomentumView& momenta, double, double dt, StepClock& clock, Ledger& ledger) const {
  check_momenta(transition_, momenta, dt);
  advance_any(momenta, dt, clock, ledger);
}

WaitingTimeStrokes::WaitingTimeStrokes(laws::Transition transition, std::uint64_t seed)
    : transition_(transition), seed_(seed) {
  check_transition(transition);
}

void WaitingTimeStrokes::advance(LadderEnsemble& ensemble, double, double dt, StepClock& clock, Ledger& ledger) const {
  check_ladder(transition_, ensemble, dt);
  const WaitingTimeStep step_law{transition_.rate_up, transition_.rate_down, dt};
  stroke_all(step_law, ensemble, transition_.delta_e, seed_, clock.tick(), ledger);
}

}  // namespace powerstroke
