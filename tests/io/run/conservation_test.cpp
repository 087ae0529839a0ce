#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/io/run/run.hpp"

using namespace powerstroke;

namespace {

io::Config example(const std::string& name, std::vector<io::Override> overrides = {{"ensemble.particles", "2000"}}) {
  return io::read_config(std::string(POWERSTROKE_SOURCE_DIR) + "/examples/" + name, overrides);
}

/// The config's strokes, and then something that no stroke does.
template <class Mischief>
io::Sides with(const io::Config& config, Mischief mischief) {
  io::Sides sides = io::sides(config);
  sides.strokes = [honest = sides.strokes, mischief](io::Ensemble& particles, double t, double dt, StepClock& clock,
                                                     Ledger& ledger) {
    honest(particles, t, dt, clock, ledger);
    mischief(particles, ledger);
  };
  return sides;
}

std::string stopped_by(const io::Config& config, const io::Sides& sides) {
  try {
    io::run(config, sides);
  } catch (const NumericsError& error) {
    return error.what();
  }
  return "nothing";
}

}  // namespace

TEST_CASE("a run stops when a single quantum of all particles is lost, or one stroke too many is booked") {
  for (const char* name : {"relaxation.json", "exchange.json", "fixed.json", "snapshots.json", "bath.json"}) {
    CAPTURE(name);
    const io::Config config = example(name);
    CHECK(stopped_by(config, io::sides(config)) == "nothing");
    CHECK(stopped_by(config, with(config, [](io::Ensemble& particles,
                                             Ledger&) { ++std::get<LadderEnsemble>(particles).levels()[7]; }))
              .find("quanta of the ladder, and by their start (") != std::string::npos);
    CHECK(stopped_by(config, with(config, [](io::Ensemble&, Ledger& ledger) { --ledger.net[0]; }))
              .find("quanta of the ladder") != std::string::npos);
  }
}

TEST_CASE("without a ladder, a run stops when one stroke's energy is lost among all particles'") {
  const io::Config config = example("incommensurate.json");
  CHECK(stopped_by(config, io::sides(config)) == "nothing");
  CHECK(stopped_by(config, with(config, [](io::Ensemble& particles,
                                           Ledger&) { std::get<EnergyEnsemble>(particles).energies()[3] += 1.0; }))
            .find("they may differ by") != std::string::npos);
  CHECK(stopped_by(config, with(config, [](io::Ensemble& particles, Ledger&) {
                     std::get<EnergyEnsemble>(particles).energies()[3] = std::nan("");
                   })) != "nothing");
}
