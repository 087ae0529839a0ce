#pragma once

#include <filesystem>
#include <optional>

#include "powerstroke/io/run/run.hpp"

namespace powerstroke::io {

/// A run in phase space: every ensemble of `phase_setups` through the snapshots, one after the other.
/// @param trajectory where the run itself is streamed to, if the config asks for that.
RunResult run_phase_space(const Config& config, const std::optional<std::filesystem::path>& trajectory,
                          const Progress& progress);

}  // namespace powerstroke::io
