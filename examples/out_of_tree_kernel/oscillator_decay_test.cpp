// The four tests of a kernel: its law, its ledger, the same bits for any number of threads, and
// streams of its own. Exit code 0 if all hold. All bounds have a false-alarm rate of 1e-6; the
// seeds are fixed.

#include "oscillator_decay.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/engine/state/ladder_ensemble.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"

namespace {

constexpr std::int32_t quanta = 5;
constexpr std::size_t oscillators = 1'000'000;
constexpr double rate = 0.4;
constexpr std::array<double, 3> times{0.3, 0.35,
                                      1.25};  // in uneven steps: the law does not know of them
constexpr std::uint64_t seed = 20;

struct Outcome {
  std::vector<std::int32_t> levels;
  powerstroke::Ledger ledger;
};

Outcome decayed(double true_rate) {
  powerstroke::LadderEnsemble ensemble(1.0, oscillators);
  for (std::int32_t& level : ensemble.levels()) level = quanta - 1;
  const outside::OscillatorDecay decay(true_rate, seed);
  powerstroke::StepClock clock;
  const powerstroke::Ledger ledger = powerstroke::simulate<powerstroke::Ledger>(
      ensemble, decay, 0.0, times, clock, [](auto&&...) {});
  return {{ensemble.levels().begin(), ensemble.levels().end()}, ledger};
}

double binomial(int n, int k, double p) {
  double choose = 1.0;
  for (int i = 1; i <= k; ++i) choose *= static_cast<double>(n - k + i) / i;
  return choose * std::pow(p, k) * std::pow(1.0 - p, n - k);
}

/// Whether the numbers of oscillators with 0 ... 5 quanta are those of Binomial(5, exp(-rate t)).
/// Bernstein's inequality bounds the probability that a count of N independent trials of
/// probability q is off by more than sqrt(2 N q (1-q) L) + 2 L / 3 by 2 exp(-L).
bool follows_the_law(const std::vector<std::int32_t>& levels) {
  constexpr double false_alarm = 1e-6, n = static_cast<double>(oscillators);
  const double allowance = std::log(2.0 * (quanta + 1) / false_alarm),
               left = std::exp(-rate * times.back());
  std::array<double, quanta + 1> count{};
  for (const std::int32_t level : levels) count[static_cast<std::size_t>(level + 1)] += 1.0;
  bool holds = true;
  for (int k = 0; k <= quanta; ++k) {
    const double q = binomial(quanta, k, left),
                 bound = std::sqrt(2.0 * n * q * (1.0 - q) * allowance) + 2.0 * allowance / 3.0;
    const double off = count[static_cast<std::size_t>(k)] - n * q;
    std::printf("  %d quanta: %.0f, expected %.1f, allowed +- %.1f\n", k,
                count[static_cast<std::size_t>(k)], n * q, bound);
    holds = holds && std::abs(off) <= bound;
  }
  return holds;
}

bool report(const char* what, bool holds) {
  std::printf("%s: %s\n", what, holds ? "holds" : "DOES NOT HOLD");
  return holds;
}

/// The first word of each particle's stream, of one step, for our purpose and for the strokes of
/// the tree.
bool has_streams_of_its_own() {
  for (std::uint64_t particle = 0; particle < 1000; ++particle) {
    const auto word = [particle](powerstroke::Purpose purpose) {
      return powerstroke::Stream(seed, particle, 0, purpose)();
    };
    if (word(outside::OscillatorDecay::purpose) == word(powerstroke::Purpose::strokes))
      return false;
  }
  return true;
}

/// Beside strokes of the tree, under one seed and one clock: what both booked is what the levels
/// have moved.
bool acts_beside_strokes() {
  powerstroke::LadderEnsemble ensemble(1.0, oscillators);
  for (std::int32_t& level : ensemble.levels()) level = quanta - 1;
  const outside::OscillatorDecay decay(rate, seed);
  const powerstroke::PoissonStrokes strokes({1.0, 0.5, 0.1}, seed);
  powerstroke::StepClock clock;
  powerstroke::Ledger ledger;
  for (int step = 0; step < 10; ++step) {
    decay.advance(ensemble, 0.1 * step, 0.1, clock, ledger);
    strokes.advance(ensemble, 0.1 * step, 0.1, clock, ledger);
  }
  std::int64_t moved = 0;
  for (const std::int32_t level : ensemble.levels()) moved += level - (quanta - 1);
  return moved == ledger.net_quanta() && ledger.uptakes > 0 && ledger.releases > 0;
}

}  // namespace

int main() {
  const Outcome outcome = decayed(rate);
  bool holds = report("the law is binomial", follows_the_law(outcome.levels));
  std::int64_t lost = 0;
  for (const std::int32_t level : outcome.levels) lost += quanta - 1 - level;
  holds &= report("the ledger has every quantum",
                  lost == -outcome.ledger.net_quanta() && outcome.ledger.uptakes == 0);
  holds &= report("a rate that is 2 % off is seen", !follows_the_law(decayed(1.02 * rate).levels));
  const powerstroke::parallel::Threads one_thread(1);
  const Outcome alone = decayed(rate);
  const powerstroke::parallel::Threads three_threads(3);
  holds &= report("equal bits for any number of threads",
                  alone.levels == outcome.levels && decayed(rate).levels == alone.levels);
  holds &= report("streams of its own", has_streams_of_its_own());
  holds &= report("beside strokes of the tree the ledger balances", acts_beside_strokes());
  return holds ? 0 : 1;
}
