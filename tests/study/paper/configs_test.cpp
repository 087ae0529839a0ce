#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/study/paper/claims.hpp"

using namespace powerstroke;
namespace fs = std::filesystem;

TEST_CASE(
    "paper: the configs in the program are those of examples/paper and examples/phase_space") {
  std::map<std::string, std::string> files;
  for (const std::string folder : {"paper", "phase_space"})
    for (const fs::directory_entry& entry :
         fs::directory_iterator(fs::path(POWERSTROKE_SOURCE_DIR) / "examples" / folder)) {
      std::ostringstream text;
      text << std::ifstream(entry.path()).rdbuf();
      files[(folder == "paper" ? "" : folder + "/") + entry.path().stem().string()] = text.str();
    }
  CHECK(files.size() >= 10);
  CHECK(study::paper_configs() == files);
}

TEST_CASE(
    "paper: every run has a valid config and is named once, every config is run, every claim has "
    "its runs") {
  std::set<std::string> names, configs, used, ids;
  for (const study::PaperRun& run : study::paper_runs()) {
    CAPTURE(run.name);
    CHECK(names.insert(run.name).second);
    configs.insert(run.config);
    CHECK_NOTHROW(study::config_of(io::parse_config, run));
  }
  for (const auto& [name, text] : study::paper_configs()) CHECK(configs.count(name) == 1);
  for (const study::Claim& claim : study::paper_claims()) {
    CAPTURE(claim.id);
    CHECK(ids.insert(claim.id).second);
    CHECK(!claim.runs.empty());
    CHECK((claim.expected == study::Outcome::holds_when) == !claim.condition.empty());
    for (const std::string& name : claim.runs) {
      CHECK_NOTHROW(study::paper_run(name));
      used.insert(name);
    }
  }
  CHECK(used == names);
  CHECK_THROWS_AS(study::paper_run("none"), ConfigError);
}

TEST_CASE("paper: a run's command is one that a shell understands") {
  CHECK(study::command_of(study::paper_run("relaxation")) ==
        "powerstroke run examples/paper/eq07_08_relaxation.json");
  CHECK(study::command_of(study::paper_run("mb2")) ==
        "powerstroke solve examples/paper/eq10_maxwell_boltzmann.json --set ensemble.dimension=2");
  CHECK(study::command_of(study::paper_run("slow_particles")).find("--set 'ensemble.energy={ ") !=
        std::string::npos);
}
