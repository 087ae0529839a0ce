#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <variant>

#include "power/small_run.hpp"
#include "powerstroke/kernels/conserving_strokes.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "powerstroke/kernels/snapshot_strokes.hpp"
#include "powerstroke/study/run/run.hpp"

using namespace powerstroke;
using test_support::SmallRun;

/// Each run has one of its sides broken on purpose: the verdict must say so. Beside each, the
/// honest run.
namespace {

study::Verdict verdict(const study::Config& config, const study::Sides& sides) {
  const study::RunResult result = study::run(config, sides);
  MESSAGE(clause(result.comparison.why));
  return result.comparison.verdict;
}

template <class Kernel>
study::Strokes by(Kernel kernel) {
  return [kernel](study::Ensemble& any, double t, double dt, StepClock& clock, Ledger& ledger) {
    kernel.advance(std::get<LadderEnsemble>(any), t, dt, clock, ledger);
  };
}

/// After honest strokes, undoes one stroke in a hundred and its booking, as a sampler would that
/// makes too few: `uptakes` or releases. (Strokes that are booked and not made stop the run: see
/// tests/study/run/conservation_test.cpp.)
study::Strokes losing(study::Strokes honest, bool uptakes) {
  return [honest = std::move(honest), uptakes, random = std::mt19937_64(5)](
             study::Ensemble& any, double t, double dt, StepClock& clock, Ledger& ledger) mutable {
    auto& ensemble = std::get<LadderEnsemble>(any);
    Ledger moved;
    honest(any, t, dt, clock, moved);
    ledger += moved;
    const auto strokes = static_cast<double>(uptakes ? moved.uptakes : moved.releases);
    std::poisson_distribution<std::uint64_t> lost(0.01 * strokes);
    std::uniform_int_distribution<std::size_t> particle(0, ensemble.size() - 1);
    for (std::uint64_t left = strokes > 0.0 ? lost(random) : 0; left > 0;) {
      std::int32_t& level = ensemble.levels()[particle(random)];
      if (uptakes && level < 1) continue;  // not one that an uptake has just lifted
      level += uptakes ? -1 : 1;
      ledger.net[0] += uptakes ? -1 : 1;
      --(uptakes ? ledger.uptakes : ledger.releases);
      --left;
    }
  };
}

}  // namespace

TEST_CASE("honest runs of each balance are consistent") {
  using namespace test_support;
  for (const SmallRun& run :
       {SmallRun{}, fixed_rates(), thermal(), exchange(), bath(1'000'000), microreversible(),
        microreversible(thermal()), microreversible(bath(1'000'000))}) {
    const study::Config config = test_support::config(run);
    CHECK(verdict(config, study::sides(config)) == study::Verdict::consistent);
  }
}

TEST_CASE("rates that are wrong by 2% are found") {
  const study::Config conserving = test_support::config({}),
                      fixed = test_support::config(test_support::fixed_rates()),
                      thermal = test_support::config(test_support::thermal());
  CHECK(verdict(conserving, {by(ConservingStrokes(1.0, 1.02, 1)), conserving}) ==
        study::Verdict::inconsistent);
  CHECK(verdict(conserving, {by(ConservingStrokes(1.0, 0.98, 1)), conserving}) ==
        study::Verdict::inconsistent);
  CHECK(verdict(fixed, {by(PoissonStrokes({1.0, 0.51, 1.0}, 1)), fixed}) ==
        study::Verdict::inconsistent);
  CHECK(verdict(fixed, {by(PoissonStrokes({1.0, 0.5, 0.98}, 1)), fixed}) ==
        study::Verdict::inconsistent);
  CHECK(verdict(thermal, {by(PoissonStrokes({1.0, 1.02 * std::exp(-0.5), 1.0}, 1)), thermal}) ==
        study::Verdict::inconsistent);
}

TEST_CASE(
    "from snapshot to snapshot: honest draws are consistent, those of rates that are wrong by 2% "
    "are found") {
  test_support::SmallRun run = test_support::fixed_rates();
  run.more += R"(, "timing": "snapshots")";
  const study::Config config = test_support::config(run);
  const auto drawn = [](double rate_up, double rate_down) -> study::Strokes {
    return
        [kernel = SnapshotStrokes({1.0, rate_up, rate_down}, 1)](
            study::Ensemble& any, double t, double dt, StepClock& clock, Ledger& ledger) mutable {
          kernel.advance(std::get<LadderEnsemble>(any), t, dt, clock, ledger);
        };
  };
  CHECK(verdict(config, study::sides(config)) == study::Verdict::consistent);
  CHECK(verdict(config, {drawn(0.5, 1.0), config}) == study::Verdict::consistent);
  CHECK(verdict(config, {drawn(0.51, 1.0), config}) == study::Verdict::inconsistent);
  CHECK(verdict(config, {drawn(0.5, 0.98), config}) == study::Verdict::inconsistent);
  // Both rates: the same stationary law, met at another time.
  CHECK(verdict(config, {drawn(0.51, 1.02), config}) == study::Verdict::inconsistent);
}

TEST_CASE("a solver that is wrong by 2% in a rate, or does something else, is found") {
  const study::Config conserving = test_support::config({}),
                      fixed = test_support::config(test_support::fixed_rates());
  study::Config wrong = conserving;
  wrong.strokes->law.transitions[0].rate_down = 1.02;
  CHECK(verdict(conserving, {study::sides(conserving).strokes, wrong}) ==
        study::Verdict::inconsistent);
  wrong = fixed;
  wrong.strokes->law.transitions[0].rate_up = 0.49;
  CHECK(verdict(fixed, {study::sides(fixed).strokes, wrong}) == study::Verdict::inconsistent);
  // A linear equation in place of the nonlinear one: w+ stays what it is at the end.
  wrong = conserving;
  wrong.strokes->law.balance = laws::Given{};
  wrong.strokes->law.transitions[0].rate_up = 0.75;
  CHECK(verdict(conserving, {study::sides(conserving).strokes, wrong}) ==
        study::Verdict::inconsistent);
  // A grid that takes the start for a little wider than it is, as one that smears E modulo delta_e
  // does.
  wrong = conserving;
  wrong.ensemble.energy = {laws::NormalEnergy{3.5, 0.202}};
  CHECK(verdict(conserving, {study::sides(conserving).strokes, wrong}) ==
        study::Verdict::inconsistent);
}

TEST_CASE("a rates law that is not the equation's, and a bath of another size, are found") {
  using namespace test_support;
  for (const SmallRun& run : {SmallRun{}, thermal(), exchange(), bath(1'000'000)}) {
    CAPTURE(run.balance);
    const study::Config constant = config(run), shaped = config(microreversible(run));
    CHECK(verdict(shaped, {study::sides(constant).strokes, shaped}) ==
          study::Verdict::inconsistent);
    CHECK(verdict(shaped, {study::sides(shaped).strokes, constant}) ==
          study::Verdict::inconsistent);
  }
  const study::Config honest = config(bath(1'000'000));
  study::Config wrong = honest;
  std::get<laws::Bath>(wrong.strokes->law.balance).systems_per_particle *= 1.02;
  CHECK(verdict(honest, {study::sides(honest).strokes, wrong}) == study::Verdict::inconsistent);
}

TEST_CASE("one lost stroke in a hundred is found") {
  const study::Config conserving = test_support::config({}),
                      fixed = test_support::config(test_support::fixed_rates());
  for (const bool uptakes : {true, false}) {
    CAPTURE(uptakes);
    CHECK(verdict(conserving, {losing(study::sides(conserving).strokes, uptakes), conserving}) ==
          study::Verdict::inconsistent);
    CHECK(verdict(fixed, {losing(study::sides(fixed).strokes, uptakes), fixed}) ==
          study::Verdict::inconsistent);
  }
}

TEST_CASE("w+ that misses w- phi by half a per cent is found") {
  const study::Config config = test_support::config({});
  const study::Strokes too_low = [](study::Ensemble& any, double t, double dt, StepClock& clock,
                                    Ledger& ledger) {
    auto& ensemble = std::get<LadderEnsemble>(any);
    const double step = 0.05;
    for (double done = 0.0; done < dt - 1e-9; done += step) {
      std::size_t above = 0;
      for (const std::int32_t level : ensemble.levels()) above += can_release(level) ? 1U : 0U;
      const double phi = static_cast<double>(above) / static_cast<double>(ensemble.size());
      PoissonStrokes({1.0, 0.995 * phi, 1.0}, 1)
          .advance(ensemble, t, std::min(step, dt - done), clock, ledger);
    }
  };
  CHECK(verdict(config, {too_low, config}) == study::Verdict::inconsistent);
}

TEST_CASE("a release from E = delta_e, which is blocked, is found") {
  // All at E = 3: strokes lead to E = 1, and from there no further down.
  SmallRun run = test_support::fixed_rates();
  run.energy = R"({ "distribution": "delta", "value": 3.0 })";
  const study::Config config = test_support::config(run);
  CHECK(verdict(config, study::sides(config)) == study::Verdict::consistent);
  const study::Strokes not_strict = [](study::Ensemble& any, double t, double dt, StepClock& clock,
                                       Ledger& ledger) {
    auto& ensemble = std::get<LadderEnsemble>(any);
    for (std::int32_t& level : ensemble.levels())
      ++level;  // an energy higher by delta_e: E >= delta_e now releases
    PoissonStrokes({1.0, 0.5, 1.0}, 1).advance(ensemble, t, dt, clock, ledger);
    for (std::int32_t& level : ensemble.levels()) --level;
  };
  CHECK(verdict(config, {not_strict, config}) == study::Verdict::inconsistent);
}
