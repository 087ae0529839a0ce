#pragma once

#include <filesystem>
#include <vector>

#include "powerstroke/study/settings/decoder.hpp"
#include "powerstroke/study/sweep/plan.hpp"

namespace powerstroke::io {

/// Reads and checks the config of every run: those that `--set path=value` for each swept path
/// would give.
/// @throws ConfigError naming --over, the path and the value; as read_config for what is wrong
/// without any of them.
/// @throws IoError if the file cannot be read.
study::SweepPlan plan_sweep(const std::filesystem::path& file,
                            const std::vector<study::Override>& overrides,
                            const std::vector<study::SweptPath>& over);

}  // namespace powerstroke::io
