#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "powerstroke/io/result/result.hpp"
#include "powerstroke/io/result/whole_folder.hpp"

namespace powerstroke::io {

/// Names of what an unfinished run keeps in its folder until the result is there.
inline constexpr const char *checkpoint_name = "checkpoint.h5", *previous_checkpoint_name = "checkpoint.previous.h5",
                            *coming_checkpoint_name = "checkpoint.coming.h5", *frame_log_name = "trajectory.frames";

/// "trajectory.frames", or with a number in between: of a run that was begun while another's was still of use.
bool is_frame_log(std::string_view name);

/// What the program knows its result folders by, and unfinished ones.
FolderKind result_folder();

/// A result folder on its way: `folder` stays as it is until `write`.
class ResultFolder {
 public:
  /// Refuses a folder that could not be written, before an hour of computing is spent.
  /// @throws ConfigError if `folder` holds a result and `force` is false; IoError if it cannot be created.
  ResultFolder(const std::filesystem::path& folder, bool force);

  /// Of a run that goes on in `folder`, from its checkpoint. @param lock of that folder; nullptr: nobody has it yet.
  static ResultFolder in_place_of_unfinished(const std::filesystem::path& folder,
                                             std::shared_ptr<FolderLock> lock = nullptr);

  /// From now on no other process works there. @throws IoError if one does; ConfigError if a result came there meanwhile.
  std::shared_ptr<FolderLock> lock() { return folder_.lock(); }

  /// Writes `result.h5`, `summary.json`, `report.html` and, from a frame log, `trajectory.h5md` under a hidden name beside the
  /// folder, flushes all and renames it into place: it is never half a result. With `force` an existing result is replaced. What an
  /// unfinished run kept there goes.
  /// @param frames the log of the run (`FrameLog`); without, there is no trajectory.
  /// @returns remarks for the user, such as that gnuplot is missing and the report has no figures.
  /// @throws IoError with the path and the system's reason.
  std::vector<std::string> write(const RunResult& result, const std::optional<std::filesystem::path>& frames = {});

 private:
  explicit ResultFolder(WholeFolder folder) : folder_(std::move(folder)) {}

  WholeFolder folder_;
};

/// A result folder without anything from during the run: all at once.
std::vector<std::string> write_result(const RunResult& result, const std::filesystem::path& folder, bool force);

/// Whether a folder holds a whole result, and no run that is to replace it.
bool is_finished(const std::filesystem::path& folder);

/// Reads `result.h5` of a folder back, without loss.
/// @throws IoError if it is missing, damaged, or of a format newer than this program knows.
RunResult read_result(const std::filesystem::path& folder);

}  // namespace powerstroke::io
