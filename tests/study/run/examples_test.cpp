#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "powerstroke/io/config/config.hpp"
#include "powerstroke/study/run/run.hpp"

using namespace powerstroke;

/// Every example runs and ends as it says, with fewer particles than it has.
TEST_CASE("every example runs, and its particles follow its equation where it has one") {
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(POWERSTROKE_SOURCE_DIR) + "/examples")) {
    if (entry.path().extension() != ".json") continue;
    CAPTURE(entry.path().filename().string());
    const study::Config config = io::read_config(entry.path(), {{"ensemble.particles", "20000"}});
    const study::RunResult result = study::run(config);
    const study::Comparison& comparison = result.comparison;
    CAPTURE(clause(comparison.why));
    if (config.strokes->on_ladder())
      CHECK(comparison.verdict == study::Verdict::consistent);
    else
      CHECK(comparison.stationary.reached);
  }
}
