#pragma once

#include <filesystem>

#include "powerstroke/io/result/result.hpp"

namespace powerstroke::io {

/// Refuses a folder that `write_result` would refuse, before an hour of computing is spent.
/// @throws ConfigError if `folder` holds a result and `force` is false; IoError if it cannot be created.
void check_result_folder(const std::filesystem::path& folder, bool force);

/// Writes `result.h5`, `summary.json` and `report.html` under temporary names beside `folder`, flushes them and
/// renames the folder into place: it is never half a result. With `force` an existing result is replaced.
/// @returns remarks for the user, such as that gnuplot is missing and the report has no figures.
/// @throws IoError with the path and the system's reason.
std::vector<std::string> write_result(const RunResult& result, const std::filesystem::path& folder, bool force);

/// Reads `result.h5` of a folder back, without loss.
/// @throws IoError if it is missing, damaged, or of a format newer than this program knows.
RunResult read_result(const std::filesystem::path& folder);

}  // namespace powerstroke::io
