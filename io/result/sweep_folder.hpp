#pragma once

#include <filesystem>
#include <string>

#include "powerstroke/io/result/folder.hpp"
#include "powerstroke/study/sweep/sweep.hpp"

namespace powerstroke::io {

/// Refuses a folder that `write_sweep` would refuse, before an hour of computing is spent.
/// @throws ConfigError if `folder` holds a sweep and `force` is false, or anything else; IoError if
/// it cannot be created.
void check_sweep_folder(const std::filesystem::path& folder, bool force);

/// Writes `sweep.json`, `sweep.csv` and `report.html`, and the runs' own result folders 01, 02, ...
/// where the sweep kept them; under temporary names, renamed when all is there.
/// @param page HTML, in one piece; @param page_of_run makes the page of each run that was kept.
/// @throws IoError with the path and the system's reason.
void write_sweep(const study::Sweep& sweep, const std::filesystem::path& folder, bool force,
                 const std::string& page, const PageMaker& page_of_run);

}  // namespace powerstroke::io
