#pragma once

#include <concepts>
#include <cstdint>
#include <span>
#include <string>

#include "powerstroke/engine/core/error.hpp"

namespace powerstroke {

/// The clock that keys random streams: it only ever goes forward, so no stream is used twice. One
/// clock for all kernels and ensembles of a seed: two clocks that start alike give two kernels the
/// same random numbers.
class StepClock {
 public:
  /// As many as random streams have a field for.
  static constexpr std::uint64_t most_steps = std::uint64_t{1} << 40U;

  explicit StepClock(std::uint64_t now = 0) : now_(now) {}
  std::uint64_t now() const { return now_; }
  /// @throws NumericsError where no step is left; the clock stays as it is then.
  std::uint64_t tick() { return tick(1); }
  /// So many at once. @returns the first.
  std::uint64_t tick(std::uint64_t count) {
    const std::uint64_t first = now_;
    if (first > most_steps || count > most_steps - first) refuse(count);
    now_ += count;
    return first;
  }

 private:
  [[noreturn]] void refuse(std::uint64_t count) const {
    throw NumericsError("the step clock stands at " + std::to_string(now_) + " and would make " +
                        std::to_string(count) +
                        " more; allowed: 2^40 in all, as random streams are numbered by them. Go "
                        "on with another seed");
  }

  std::uint64_t now_;
};

/// A physical process that moves an ensemble from t to t + dt: it knows nothing of files, of how
/// many threads there are or of other kernels, takes its randomness from streams keyed by the
/// clock, and books what it moved in the ledger.
/// @tparam Ledger what it books in, such as a `LedgerOf` the counts of several kernels.
template <class K, class Ensemble, class Ledger>
concept Kernel = requires(K& kernel, Ensemble& ensemble, double t, double dt, StepClock& clock,
                          Ledger& ledger) {
  { kernel.advance(ensemble, t, dt, clock, ledger) } -> std::same_as<void>;
};

/// Moves an ensemble from time `start` through the ascending `times` and calls observe(index, time,
/// ensemble, ledger) at each; the ledger counts from `start`. A time equal to the present is
/// observed without moving.
/// @returns the ledger at the last time. @throws NumericsError if the times do not ascend.
template <class Ledger, class Ensemble, Kernel<Ensemble, Ledger> K, class Observer>
Ledger simulate(Ensemble& ensemble, K& kernel, double start, std::span<const double> times,
                StepClock& clock, Observer&& observe) {
  Ledger ledger;
  double now = start;
  for (std::size_t index = 0; index < times.size(); ++index) {
    if (!(times[index] >= now))
      throw NumericsError("simulate: snapshot times must ascend from the start of the run");
    if (times[index] > now) kernel.advance(ensemble, now, times[index] - now, clock, ledger);
    now = times[index];
    observe(index, now, ensemble, ledger);
  }
  return ledger;
}

}  // namespace powerstroke
