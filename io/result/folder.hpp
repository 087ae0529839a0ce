#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "powerstroke/io/result/result.hpp"
#include "powerstroke/io/result/unfinished_file.hpp"
#include "powerstroke/io/result/whole_folder.hpp"

namespace powerstroke::io {

/// A result folder on its way, for as long as its run takes. What is written during the run lies under a hidden name beside
/// `folder`, which stays as it is until `write`; if the run fails, nothing is left.
class ResultFolder {
 public:
  /// Refuses a folder that could not be written, before an hour of computing is spent.
  /// @throws ConfigError if `folder` holds a result and `force` is false; IoError if it cannot be created.
  ResultFolder(const std::filesystem::path& folder, bool force);

  /// Where the run may stream its particles to (`H5mdWriter`), to be closed before `write`: `trajectory.h5md` in the folder to
  /// come. Without this call the folder has none. `remove_unfinished_file` removes it from a signal handler.
  std::filesystem::path trajectory();

  /// Adds `result.h5`, `summary.json` and `report.html`, flushes all and renames the folder into place: it is never half a
  /// result. With `force` an existing result is replaced.
  /// @returns remarks for the user, such as that gnuplot is missing and the report has no figures.
  /// @throws IoError with the path and the system's reason.
  std::vector<std::string> write(const RunResult& result);

 private:
  WholeFolder folder_;
  std::optional<UnfinishedFile> streamed_;
};

/// A result folder without anything from during the run: all at once.
std::vector<std::string> write_result(const RunResult& result, const std::filesystem::path& folder, bool force);

/// Reads `result.h5` of a folder back, without loss.
/// @throws IoError if it is missing, damaged, or of a format newer than this program knows.
RunResult read_result(const std::filesystem::path& folder);

}  // namespace powerstroke::io
