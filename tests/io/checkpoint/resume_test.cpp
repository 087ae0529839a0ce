#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/io/checkpoint/checkpoints.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/io/trajectory/frame_log.hpp"
#include "powerstroke/study/run/run.hpp"
#include "powerstroke/study/settings/decoder.hpp"
#include "support/same_result.hpp"

using namespace powerstroke;
using namespace powerstroke::io;
using namespace powerstroke::study;
namespace fs = std::filesystem;

namespace {

/// Runs a config to its end, stopped after `steps` steps and then after a few more each time, and
/// taken up again with another number of threads.
struct InParts {
  RunResult result;
  int interruptions = 0;
};

InParts run_in_parts(const Config& config, const fs::path& folder, int steps) {
  int left = steps;
  const Checkpoints::Options options{0.0, [&] { return left-- > 0 ? Wish::go_on : Wish::stop; }};
  InParts parts;
  Checkpoints begun(folder, config, options);
  std::optional<Checkpoints> run(std::move(begun));
  while (true) {
    const parallel::Threads scope(1 + parts.interruptions % 3);
    try {
      parts.result = study::run(run->config(), {}, &*run);
      break;
    } catch (const Interrupted& stopped) {
      REQUIRE(stopped.fraction >= 0.0);
      REQUIRE(stopped.fraction <= 1.0);
      ++parts.interruptions;
      left = steps +
             parts.interruptions;  // more each time, for the equation is solved anew from its start
      std::vector<std::string> remarks;
      run.reset();  // gives the folder free
      run.emplace(Checkpoints::resume(folder, options, remarks));
      REQUIRE(remarks.empty());
    }
  }
  if (config.phase_space && config.phase_space->trajectory)
    write_trajectory(parts.result, run->frame_log(), folder.parent_path() / "parts.h5md");
  return parts;
}

/// Of a mixture, all: the species have their own numbers.
Config few_particles(const fs::path& example) {
  if (example.stem() == "mixture") return read_config(example);
  return read_config(example, {{"ensemble.particles", "1500"}});
}

const fs::path examples = fs::path(POWERSTROKE_SOURCE_DIR) / "examples";

}  // namespace

TEST_CASE(
    "resume: every example in energy space, stopped again and again, ends with the bits of an "
    "uninterrupted run") {
  for (const auto& entry : fs::directory_iterator(examples)) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() != ".json" || name == "trajectory") continue;
    CAPTURE(name);
    const test_support::TemporaryFolder place;
    const Config config = read_config(entry.path(), {{"ensemble.particles", "3000"}});
    const RunResult whole = study::run(config);
    const InParts parts = run_in_parts(config, place.path() / "run", 5);
    CHECK(parts.interruptions >= 1);
    CHECK((test_support::bytes_of(parts.result) == test_support::bytes_of(whole)));
  }
}

TEST_CASE("resume: laws and balances that no example has") {
  const std::vector<std::vector<Override>> variants = {
      {{"strokes.timing", "waiting_times"}},
      {{"strokes.rates", "microreversible"}},
      {{"strokes.balance", "exchange"}, {"strokes.rates", "microreversible"}},
      {{"strokes.balance", "energy_conserving"},
       {"strokes.transitions",
        R"([{"delta_e": 1.0, "rate_down": 1.0}, {"delta_e": 1.5, "rate_down": 0.5}])"}},
      {{"strokes.balance", "bath"}, {"strokes.bath", R"({"systems": 4000, "excited": 0.3})"}},
      {{"strokes.balance", "energy_conserving"},
       {"strokes.transitions",
        R"([{"delta_e": 1.0, "rate_down": 1.0}, {"delta_e": 1.4142135623730951, "rate_down": 0.5}])"}},
  };
  for (const auto& variant : variants) {
    CAPTURE(variant.front().path);
    CAPTURE(variant.front().value);
    std::vector<Override> all = {
        {"ensemble.particles", "3000"}, {"time.snapshots", "6"}, {"time.end", "40"}};
    const std::string start =
        variant.front().path == "strokes.timing" ? "fixed.json" : "relaxation.json";
    all.insert(all.end(), variant.begin(), variant.end());
    const test_support::TemporaryFolder place;
    const Config config = read_config(examples / start, all);
    const InParts parts = run_in_parts(config, place.path() / "run", 2);
    CHECK(parts.interruptions >= 1);
    CHECK((test_support::bytes_of(parts.result) == test_support::bytes_of(study::run(config))));
  }
}

TEST_CASE("resume: every example in phase space, with its trajectory") {
  for (const auto& entry : fs::directory_iterator(examples / "phase_space")) {
    CAPTURE(entry.path().stem().string());
    const test_support::TemporaryFolder place;
    const Config config = few_particles(entry.path());
    const InParts parts = run_in_parts(config, place.path() / "run", 30);
    CHECK(parts.interruptions >= 2);
    CHECK((test_support::bytes_of(parts.result) == test_support::bytes_of(study::run(config))));
  }
  const test_support::TemporaryFolder place;
  const Config config = few_particles(examples / "trajectory.json");
  const InParts parts = run_in_parts(config, place.path() / "run", 30);
  CHECK(parts.interruptions >= 2);
  CHECK((test_support::bytes_of(parts.result) ==
         test_support::bytes_of(study::run(config))));  // frames or not
  Checkpoints undisturbed(place.path() / "whole", config, {0.0});
  RunResult whole = study::run(config, {}, &undisturbed);
  CHECK((test_support::bytes_of(parts.result) == test_support::bytes_of(whole)));
  whole.provenance = parts.result.provenance;
  write_trajectory(whole, undisturbed.frame_log(), place.path() / "whole.h5md");
  CHECK((read_bytes(place.path() / "whole.h5md") == read_bytes(place.path() / "parts.h5md")));
}
