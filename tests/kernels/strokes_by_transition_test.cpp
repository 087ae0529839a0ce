#include <doctest/doctest.h>

#include <cstdint>
#include <numeric>

#include "powerstroke/kernels/conserving_strokes.hpp"
#include "powerstroke/kernels/initial_state.hpp"
#include "powerstroke/kernels/ledger.hpp"
#include "powerstroke/kernels/pair_strokes.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "powerstroke/kernels/waiting_time_strokes.hpp"

using namespace powerstroke;

namespace {

/// Two transitions, of which the first is not the smaller.
laws::StrokeLaw law_of(const laws::AnyRates& rates) {
  laws::StrokeLaw law;
  law.rates = rates;
  law.transitions = {{3.0, 0.4, 1.0}, {2.0, 0.3, 0.7}};
  return law;
}

template <class Kernel>
void check_counts(Kernel kernel) {
  LadderEnsemble ensemble = initial_ensemble({laws::UniformEnergy{0.0, 12.0}}, 1.0, 5000, 7);
  const auto quanta = [&] {
    const auto levels = ensemble.view().level;
    return std::accumulate(levels.begin(), levels.end(), std::int64_t{0});
  };
  const std::int64_t before = quanta();
  StepClock clock;
  Ledger ledger;
  for (int step = 0; step < 3; ++step) kernel.advance(ensemble, 0.5 * step, 0.5, clock, ledger);
  const auto sum = [](const auto& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  };
  CHECK(sum(ledger.uptakes_by) == ledger.uptakes);
  CHECK(sum(ledger.releases_by) == ledger.releases);
  for (std::size_t k = 0; k < 2; ++k) {
    CHECK(ledger.uptakes_by[k] > 0);
    CHECK(ledger.releases_by[k] > 0);
    CHECK(static_cast<std::int64_t>(ledger.uptakes_by[k] - ledger.releases_by[k]) == ledger.net[k]);
  }
  CHECK(quanta() - before == 3 * ledger.net[0] + 2 * ledger.net[1]);
}

}  // namespace

TEST_CASE("strokes by transition add up to all strokes, under every balance and rates law") {
  for (const laws::AnyRates& rates :
       {laws::AnyRates(laws::Constant{}), laws::AnyRates(laws::Microreversible({.dimension = 1})),
        laws::AnyRates(laws::Microreversible({.dimension = 3}))}) {
    const laws::StrokeLaw law = law_of(rates);
    check_counts(PoissonStrokes(law, 1));
    check_counts(WaitingTimeStrokes(law, 2));
    check_counts(ConservingStrokes(law, 3));
    check_counts(ExchangeStrokes(law, 4));
    check_counts(BathStrokes(law, 5000, 2000, 5));
  }
}
