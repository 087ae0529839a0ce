#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "powerstroke/study/settings/config.hpp"
#include "powerstroke/study/settings/decoder.hpp"

namespace powerstroke::cli {

struct SweepRequest {
  std::filesystem::path config, folder;
  std::vector<study::Override> overrides;
  std::vector<std::string> over;  ///< as on the command line
  bool quiet, force, keep;
};

/// The command `sweep`: every config is checked, then all are run; the folder is written and the
/// table printed.
/// @returns whether particles and equation disagree in none of the runs.
bool make_sweep(const SweepRequest& request);

}  // namespace powerstroke::cli
