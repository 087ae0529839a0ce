#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "powerstroke/io/config/config.hpp"
#include "powerstroke/io/sweep/swept_path.hpp"

namespace powerstroke::io {

/// A run of a sweep before it is made.
struct PlannedRun {
  std::vector<std::string> values;  ///< of the swept paths, in their order
  Config config;                    ///< checked
};

struct SweepPlan {
  std::vector<SweptPath> over;
  std::vector<PlannedRun> runs;  ///< all combinations; the last path's values change fastest
};

/// Reads and checks the config of every run: those that `--set path=value` for each swept path would give.
/// @throws ConfigError naming --over, the path and the value; as read_config for what is wrong without any of them.
/// @throws IoError if the file cannot be read.
SweepPlan plan_sweep(const std::filesystem::path& file, const std::vector<Override>& overrides,
                     const std::vector<SweptPath>& over);

}  // namespace powerstroke::io
