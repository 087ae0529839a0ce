#include "powerstroke/kernels/poisson_strokes.hpp"

#include <boost/random/exponential_distribution.hpp>
#include <cmath>
#include <string>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/kernels/ladder_strokes.hpp"
#include "powerstroke/kernels/stroke_checks.hpp"

namespace powerstroke {
namespace {

/// Strokes of one particle at exponential waiting times over a step of length `dt`.
struct WaitingTimeStep {
  double rate_up, rate_down, dt;

  std::int32_t operator()(std::int32_t level, std::uint64_t seed, std::uint64_t particle, std::uint64_t step,
                          Ledger& ledger) const {
    const double total = rate_up + rate_down;
    if (total == 0.0) return level;
    Stream stream(seed, particle, step, Purpose::waiting_times);
    boost::random::exponential_distribution<double> waiting_time(total);
    for (double t = waiting_time(stream); t < dt; t += waiting_time(stream)) {
      if (unit_interval_closed_open(stream()) * total < rate_up) {
        ++level;
        ++ledger.uptakes;
      } else if (can_release(level)) {
        --level;
        ++ledger.releases;
      } else {
        ++ledger.blocked;
      }
    }
    return level;
  }
};

template <class Step>
void stroke_all(const Step& step_law, LadderEnsemble& ensemble, std::uint64_t seed, std::uint64_t step, Ledger& ledger) {
  const auto levels = ensemble.levels();
  ledger += parallel::sum_over_blocks<Ledger>(levels.size(), [&](std::size_t first, std::size_t last) {
    return stroke_block(step_law, levels.subspan(first, last - first), seed, first, step);
  });
  ++ledger.steps;
}

}  // namespace

PoissonStrokes::PoissonStrokes(laws::Transition transition, std::uint64_t seed) : transition_(transition), seed_(seed) {
  check_transition(transition);
}

void PoissonStrokes::advance(LadderEnsemble& ensemble, double, double dt, StepClock& clock, Ledger& ledger) const {
  check_ladder(transition_, transition_.rate_up, ensemble, dt);
  const double expected = (transition_.rate_up + transition_.rate_down) * dt;
  const double cuts = std::max(1.0, std::ceil(expected / UniformizedStep::largest_mean));
  const UniformizedStep step_law(transition_.rate_up, transition_.rate_down, dt / cuts);
  for (double cut = 0.0; cut < cuts; ++cut) stroke_all(step_law, ensemble, seed_, clock.tick(), ledger);
}

WaitingTimeStrokes::WaitingTimeStrokes(laws::Transition transition, std::uint64_t seed)
    : transition_(transition), seed_(seed) {
  check_transition(transition);
}

void WaitingTimeStrokes::advance(LadderEnsemble& ensemble, double, double dt, StepClock& clock, Ledger& ledger) const {
  check_ladder(transition_, transition_.rate_up, ensemble, dt);
  stroke_all(WaitingTimeStep{transition_.rate_up, transition_.rate_down, dt}, ensemble, seed_, clock.tick(), ledger);
}

}  // namespace powerstroke
