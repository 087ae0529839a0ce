#include <doctest/doctest.h>

#include <cstdint>
#include <vector>

#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/kernels/conserving_strokes.hpp"
#include "powerstroke/kernels/initial_state.hpp"
#include "powerstroke/kernels/pair_strokes.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "powerstroke/kernels/waiting_time_strokes.hpp"

using namespace powerstroke;

namespace {

/// FNV-1a over the levels and the counts: one number that any changed bit changes.
std::uint64_t fingerprint(const LadderEnsemble& ensemble, const Ledger& ledger) {
  std::uint64_t hash = 14695981039346656037ULL;
  const auto add = [&](std::uint64_t value) {
    for (int byte = 0; byte < 8; ++byte)
      hash = (hash ^ ((value >> (8 * byte)) & 0xff)) * 1099511628211ULL;
  };
  for (const std::int32_t level : ensemble.view().level) add(static_cast<std::uint32_t>(level));
  add(ledger.uptakes);
  add(ledger.releases);
  add(ledger.blocked);
  return hash;
}

/// A ladder start that no library function has a part in.
LadderEnsemble start() {
  LadderEnsemble ensemble(1.0, 30'000);
  for (std::size_t i = 0; i < ensemble.size(); ++i)
    ensemble.set_energy(i, 0.25 + static_cast<double>(i % 7));
  return ensemble;
}

template <class Kernel>
std::uint64_t fingerprint_of(Kernel kernel, int threads) {
  const parallel::Threads scope(threads);
  LadderEnsemble ensemble = start();
  StepClock clock;
  Ledger ledger;
  for (int i = 0; i < 3; ++i) kernel.advance(ensemble, 2.0 * i, 2.0, clock, ledger);
  return fingerprint(ensemble, ledger);
}

}  // namespace

TEST_CASE("the same strokes for 1, 2, 4 and 8 threads") {
  const laws::Transition rates{1.0, 0.5, 1.0};
  for (const int threads : {2, 4, 8}) {
    CAPTURE(threads);
    CHECK(fingerprint_of(PoissonStrokes(rates, 9), threads) ==
          fingerprint_of(PoissonStrokes(rates, 9), 1));
    CHECK(fingerprint_of(WaitingTimeStrokes(rates, 9), threads) ==
          fingerprint_of(WaitingTimeStrokes(rates, 9), 1));
    CHECK(fingerprint_of(ConservingStrokes(1.0, 1.0, 9), threads) ==
          fingerprint_of(ConservingStrokes(1.0, 1.0, 9), 1));
  }
}

TEST_CASE(
    "the same strokes as ever: on this compiler, at this optimisation, at this vector width") {
  // Integers against integer thresholds: no rounding has a say. The numbers were written down once;
  // a change of them changes every result.
  CHECK(fingerprint_of(PoissonStrokes({1.0, 0.5, 1.0}, 9), 1) == 7379888778602349634ULL);
  CHECK(fingerprint_of(ConservingStrokes(1.0, 1.0, 9), 1) == 1921193050155106213ULL);
}

namespace {

laws::StrokeLaw shaped() {
  laws::StrokeLaw law;
  law.transitions = {{1.0, 0.5, 1.0}, {2.0, 0.25, 1.0}};
  law.rates = laws::Microreversible(3);
  return law;
}

}  // namespace

TEST_CASE("shaped and pairwise strokes: the same as ever, for any number of threads") {
  // Sums, products, quotients and roots, each rounded as IEEE 754 says, against thresholds: the
  // same everywhere, too.
  const auto check = [](const auto& kernel, std::uint64_t expected) {
    CHECK(fingerprint_of(kernel, 1) == expected);
    CHECK(fingerprint_of(kernel, 4) == expected);
  };
  check(PoissonStrokes(shaped(), 9), 900356986859557004ULL);
  check(ConservingStrokes(shaped(), 9), 5550814650677824658ULL);
  check(ExchangeStrokes(shaped(), 9), 10587639394420701314ULL);
  check(BathStrokes(shaped(), 20'000, 3'000, 9), 4604642602716597863ULL);
}

TEST_CASE("the same start and the same momenta for 1, 2, 4 and 8 threads") {
  const laws::EnergyLaw law{laws::MaxwellBoltzmannEnergy{2.0, 3}};
  const auto make = [&](int threads) {
    const parallel::Threads scope(threads);
    const LadderEnsemble ensemble = initial_ensemble(law, 1.0, 20'000, 4);
    std::vector<double> p(ensemble.size());
    for (std::size_t i = 0; i < p.size(); ++i) p[i] = ensemble.view().energy(i) - 1.0;
    StepClock clock;
    Ledger ledger;
    ConservingStrokes(1.0, 1.0, 4).advance(MomentumView(p, 1.0), 0.0, 3.0, clock, ledger);
    return p;
  };
  const std::vector<double> one = make(1);
  for (const int threads : {2, 4, 8}) CHECK(make(threads) == one);
}
