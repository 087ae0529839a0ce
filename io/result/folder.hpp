#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "powerstroke/io/files/run_folder.hpp"
#include "powerstroke/io/files/whole_folder.hpp"
#include "powerstroke/study/result/result.hpp"

namespace powerstroke::io {

/// Makes the page of a result: HTML, in one piece. `report::make_report` is where it comes from.
using PageMaker = std::function<std::string(const study::RunResult& result)>;

/// A result folder on its way: `folder` stays as it is until `write`.
class ResultFolder {
 public:
  /// Refuses a folder that could not be written, before an hour of computing is spent.
  /// @throws ConfigError if `folder` holds a result and `force` is false; IoError if it cannot be
  /// created.
  ResultFolder(const std::filesystem::path& folder, bool force);

  /// Of a run that goes on in `folder`, from its checkpoint. @param lock of that folder; nullptr:
  /// nobody has it yet.
  static ResultFolder in_place_of_unfinished(const std::filesystem::path& folder,
                                             std::shared_ptr<FolderLock> lock = nullptr);

  /// From now on no other process works there. @throws IoError if one does; ConfigError if a result
  /// came there meanwhile.
  std::shared_ptr<FolderLock> lock() { return folder_.lock(); }

  /// Writes `result.h5`, `summary.json`, `report.html` and, from a frame log, `trajectory.h5md`
  /// under a hidden name beside the folder, flushes all and renames it into place: it is never half
  /// a result. With `force` an existing result is replaced. What an unfinished run kept there goes.
  /// @param frames the log of the run (`FrameLog`); without, there is no trajectory.
  /// @param page makes `report.html`. @throws IoError with the path and the system's reason.
  void write(const study::RunResult& result, const PageMaker& page,
             const std::optional<std::filesystem::path>& frames = {});

 private:
  explicit ResultFolder(WholeFolder folder) : folder_(std::move(folder)) {}

  WholeFolder folder_;
};

/// A result folder without anything from during the run: all at once.
void write_result(const study::RunResult& result, const std::filesystem::path& folder, bool force,
                  const PageMaker& page);

/// Whether a folder holds a whole result, and no run that is to replace it.
bool is_finished(const std::filesystem::path& folder);

/// Reads `result.h5` of a folder back, without loss.
/// @throws IoError if it is missing, damaged, or of a format newer than this program knows.
study::RunResult read_result(const std::filesystem::path& folder);

}  // namespace powerstroke::io
