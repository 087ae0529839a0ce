#include "powerstroke/kernels/sampling/waiting_time_step.hpp"

#include <boost/random/exponential_distribution.hpp>
#include <cstddef>
#include <utility>
#include <variant>

#include "powerstroke/engine/random/stream.hpp"

namespace powerstroke {
namespace {

template <class Places>
StrokeCounts waited(const AnyCandidates& any, double dt, const Places& places, std::uint64_t seed,
                    std::uint64_t first, std::uint64_t step) {
  return std::visit(
      [&](const auto& candidates) {
        StrokeCounts ledger;
        if (candidates.total() == 0.0) return ledger;
        for (std::size_t i = 0; i < places.size(); ++i) {
          Stream stream(seed, first + i, step, Purpose::waiting_times);
          boost::random::exponential_distribution<double> waiting_time(candidates.total());
          for (double t = waiting_time(stream); t < dt; t += waiting_time(stream))
            candidates(stream(), places, i, ledger);
        }
        return ledger;
      },
      any);
}

}  // namespace

WaitingTimeStep::WaitingTimeStep(AnyCandidates candidates, double dt)
    : candidates_(std::move(candidates)), dt_(dt) {}

StrokeCounts WaitingTimeStep::operator()(const LadderPlaces& places, std::uint64_t seed,
                                         std::uint64_t first, std::uint64_t step) const {
  return waited(candidates_, dt_, places, seed, first, step);
}
StrokeCounts WaitingTimeStep::operator()(const EnergyPlaces& places, std::uint64_t seed,
                                         std::uint64_t first, std::uint64_t step) const {
  return waited(candidates_, dt_, places, seed, first, step);
}

}  // namespace powerstroke
