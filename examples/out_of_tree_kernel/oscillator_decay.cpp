#include "oscillator_decay.hpp"

#include <cmath>
#include <cstddef>
#include <span>
#include <string>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/random/stream.hpp"

namespace outside {

OscillatorDecay::OscillatorDecay(double rate, std::uint64_t seed) : rate_(rate), seed_(seed) {
  if (!(std::isfinite(rate) && rate >= 0.0))
    throw powerstroke::ConfigError("the rate of decay is " + std::to_string(rate) +
                                   "; it must be a finite number >= 0");
}

void OscillatorDecay::advance(powerstroke::LadderEnsemble& ensemble, double, double dt,
                              powerstroke::StepClock& clock, powerstroke::Ledger& ledger) const {
  const double lost = -std::expm1(-rate_ * dt);  // the probability of each quantum
  const std::uint64_t step = clock.tick(), first_id = ensemble.first_id();
  const std::span<std::int32_t> levels = ensemble.levels();
  // Blocks are summed in their order, and each oscillator has a stream of its own: the same bits
  // for any number of threads.
  ledger += powerstroke::parallel::sum_over_blocks<powerstroke::Ledger>(
      ensemble.size(), [&](std::size_t first, std::size_t last) {
        powerstroke::Ledger block;
        for (std::size_t i = first; i < last; ++i) {
          powerstroke::Stream stream(seed_, first_id + i, step, purpose);
          std::int32_t emitted = 0;
          for (std::int32_t quantum = 0; quantum <= levels[i]; ++quantum)
            if (powerstroke::unit_interval_closed_open(stream()) < lost) ++emitted;
          levels[i] -= emitted;
          block.book_releases(0, static_cast<std::uint64_t>(emitted));
        }
        return block;
      });
  ++ledger.steps;
}

}  // namespace outside
