#include <doctest/doctest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "powerstroke/io/files/durable_file.hpp"
#include "powerstroke/io/result/hdf5.hpp"
#include "powerstroke/io/result/summary.hpp"

using namespace powerstroke;

/// Files as the first program that wrote this version left them: they stay readable, with the same
/// numbers.
TEST_CASE(
    "results of version 1 are read as they were written, in energy space and in phase space") {
  for (const char* name : {"result-1", "result-1-phase-space"}) {
    CAPTURE(name);
    const std::filesystem::path data =
        std::filesystem::path(POWERSTROKE_SOURCE_DIR) / "tests" / "data";
    const study::RunResult result = io::read_hdf5(data / (std::string(name) + ".h5"));
    const auto then = nlohmann::json::parse(io::read_bytes(data / (std::string(name) + ".json")));
    const auto now = nlohmann::json::parse(io::summary_json(result));
    for (const char* section :
         {"series", "histogram", "solution", "comparison", "performance", "provenance"}) {
      CAPTURE(section);
      for (const auto& [key, value] : then[section].items()) {
        CAPTURE(key);
        CHECK(now[section][key] == value);
      }
    }
    CHECK(now["config"] == then["config"]);
    if (then.contains("phase_space")) CHECK(now["phase_space"] == then["phase_space"]);
  }
}
