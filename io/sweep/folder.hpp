#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "powerstroke/io/sweep/sweep.hpp"

namespace powerstroke::io {

/// Refuses a folder that `write_sweep` would refuse, before an hour of computing is spent.
/// @throws ConfigError if `folder` holds a sweep and `force` is false, or anything else; IoError if it cannot be created.
void check_sweep_folder(const std::filesystem::path& folder, bool force);

/// Writes `sweep.json`, `sweep.csv` and `report.html`, and the runs' own result folders 01, 02, ... where the sweep kept
/// them; under temporary names, renamed when all is there.
/// @returns remarks for the user, such as that gnuplot is missing.
/// @throws IoError with the path and the system's reason.
std::vector<std::string> write_sweep(const Sweep& sweep, const std::filesystem::path& folder, bool force);

}  // namespace powerstroke::io
