#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/study/phase/observe.hpp"
#include "powerstroke/study/run/run.hpp"

using namespace powerstroke;

namespace {

study::Config example(const std::string& name,
                      std::vector<study::Override> overrides = {{"ensemble.particles", "2000"}}) {
  return io::read_config(std::string(POWERSTROKE_SOURCE_DIR) + "/examples/" + name, overrides);
}

/// The config's strokes, and then something that no stroke does.
template <class Mischief>
study::Sides with(const study::Config& config, Mischief mischief) {
  study::Sides sides = study::sides(config);
  sides.strokes = [honest = sides.strokes, mischief](study::Ensemble& particles, double t,
                                                     double dt, StepClock& clock, Ledger& ledger) {
    honest(particles, t, dt, clock, ledger);
    mischief(particles, ledger);
  };
  return sides;
}

std::string stopped_by(const study::Config& config, const study::Sides& sides) {
  try {
    study::run(config, sides);
  } catch (const NumericsError& error) {
    return error.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE(
    "a run stops when a single quantum of all particles is lost, or one stroke too many is "
    "booked") {
  for (const char* name :
       {"relaxation.json", "exchange.json", "fixed.json", "snapshots.json", "bath.json"}) {
    CAPTURE(name);
    const study::Config config = example(name);
    CHECK(stopped_by(config, study::sides(config)) == "nothing");
    CHECK(stopped_by(config, with(config,
                                  [](study::Ensemble& particles, Ledger&) {
                                    ++std::get<LadderEnsemble>(particles).levels()[7];
                                  }))
              .find("quanta of the ladder, and by their start (") != std::string::npos);
    CHECK(stopped_by(config, with(config,
                                  [](study::Ensemble& particles, Ledger&) {
                                    const auto levels =
                                        std::get<LadderEnsemble>(particles).levels();
                                    --*std::ranges::find_if(
                                        levels, [](std::int32_t level) { return level > 0; });
                                  }))
              .find("quanta of the ladder") != std::string::npos);
    CHECK(
        stopped_by(config, with(config, [](study::Ensemble&, Ledger& ledger) { --ledger.net[0]; }))
            .find("quanta of the ladder") != std::string::npos);
  }
}

TEST_CASE("without a ladder, a run stops when one stroke's energy is lost among all particles'") {
  const study::Config config = example("incommensurate.json");
  CHECK(stopped_by(config, study::sides(config)) == "nothing");
  CHECK(stopped_by(config, with(config,
                                [](study::Ensemble& particles, Ledger&) {
                                  std::get<EnergyEnsemble>(particles).energies()[3] += 1.0;
                                }))
            .find("they may differ by") != std::string::npos);
  CHECK(stopped_by(config, with(config, [](study::Ensemble& particles, Ledger&) {
                     std::get<EnergyEnsemble>(particles).energies()[3] = std::nan("");
                   })) != "nothing");
}

TEST_CASE(
    "in phase space, a run stops when heat and ledger differ by one stroke, and when energy comes "
    "from nowhere") {
  const study::Config config =
      io::read_config(std::string(POWERSTROKE_SOURCE_DIR) + "/examples/phase_space/collisions.json",
                      {{"ensemble.particles", "2000"}});
  std::vector<study::PhaseSetup> setups = study::phase_setups(config);
  study::PhaseSetup& setup = setups.front();
  const auto look = [&](const Ledger& ledger) {
    study::PhaseObserver(config, setup).look(0.0, setup, ledger);
  };
  CHECK_NOTHROW(look({}));
  Ledger one;
  one.book_uptake(0);
  CHECK_THROWS_WITH_AS(
      look(one), doctest::Contains("strokes have given the particles 0, and by the ledger 1;"),
      NumericsError);

  study::PhaseObserver observer(config, setup);
  setup.ensemble.momenta(0)[5] += 0.5;
  CHECK_THROWS_WITH_AS(observer.look(0.0, setup, {}),
                       doctest::Contains("beyond their heat, though no force acts"), NumericsError);
  setup.ensemble.momenta(0)[5] = std::nan("");
  CHECK_THROWS_WITH_AS(observer.look(0.0, setup, {}), doctest::Contains("are no numbers any more"),
                       NumericsError);
}
