#include <doctest/doctest.h>

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "powerstroke/kernels/conserving_strokes.hpp"
#include "powerstroke/kernels/initial_state.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "powerstroke/kernels/snapshot_strokes.hpp"
#include "support/thread_ranks.hpp"

using namespace powerstroke;

namespace {

constexpr std::size_t particles =
    3 * parallel::block_size + 100;  // four blocks: of five ranks one has none
const laws::EnergyLaw start{laws::MaxwellBoltzmannEnergy{2.0, 3}};

template <class Ensemble>
auto values_of(const Ensemble& ensemble) {
  if constexpr (requires { ensemble.view().level; })
    return std::vector<std::int32_t>(ensemble.view().level.begin(), ensemble.view().level.end());
  else
    return std::vector<double>(ensemble.view().energies.begin(), ensemble.view().energies.end());
}

/// @param make an ensemble that is divided among its argument.
template <class Make, class Kernel>
void check_divided(const Make& make, const Kernel& kernel) {
  const auto moved = [&](parallel::Ranks ranks, Ledger& ledger) {
    auto ensemble = make(ranks);
    Kernel ours = kernel;
    StepClock clock;
    for (int k = 0; k < 3; ++k) ours.advance(ensemble, 0.7 * k, 0.7, clock, ledger);
    return ensemble;
  };
  Ledger alone;
  const auto expected = values_of(moved({}, alone));
  REQUIRE(alone.steps > 0);
  for (const int count : {2, 5}) {
    std::vector<std::uint64_t> sums;
    auto all = expected;
    all.clear();
    test_support::ThreadRanks(count).run([&](parallel::Ranks ranks) {
      Ledger ledger;
      const auto ensemble = moved(ranks, ledger);
      const auto ours = values_of(ensemble);
      const auto gathered = ensemble.ranks().gather_on_first(std::span(std::as_const(ours)));
      std::vector<std::uint64_t> integers = ledger.integers();
      ranks.sum(integers);
      if (!ranks.is_first()) return;
      sums = integers;
      all = gathered;
    });
    CHECK((all == expected));
    Ledger ledger = Ledger::of_integers(sums);
    CHECK(ledger.steps == alone.steps * static_cast<std::uint64_t>(count));
    ledger.steps = alone.steps;
    CHECK(ledger.integers() == alone.integers());
  }
}

LadderEnsemble on_ladder(parallel::Ranks ranks) {
  return initial_ensemble(start, 1.0, particles, 5, ranks);
}
EnergyEnsemble plain(parallel::Ranks ranks) { return initial_energies(start, particles, 5, ranks); }

}  // namespace

TEST_CASE(
    "an ensemble that is divided among ranks is moved as in one process, and its ledgers add up to "
    "that one's") {
  laws::StrokeLaw shaped;
  shaped.transitions = {{1.0, 0.0, 1.0}};
  shaped.rates = laws::Microreversible(3);
  check_divided(on_ladder, PoissonStrokes({1.0, 0.5, 1.0}, 3));
  check_divided(on_ladder, ConservingStrokes(1.0, 1.0, 3));
  check_divided(on_ladder, ConservingStrokes(shaped, 3));
  check_divided(on_ladder, SnapshotStrokes({1.0, 0.5, 1.0}, 3));
  check_divided(plain, ConservingStrokes(shaped, 3));
}
