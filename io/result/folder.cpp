#include "powerstroke/io/result/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/report/report.hpp"
#include "powerstroke/io/result/durable_file.hpp"
#include "powerstroke/io/result/frame_log.hpp"
#include "powerstroke/io/result/hdf5.hpp"
#include "powerstroke/io/result/summary.hpp"

namespace powerstroke::io {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTrajectory = "trajectory.h5md";
constexpr std::array<std::string_view, 7> kOwnFiles = {"result.h5",           "summary.json",  "report.html",
                                                       kTrajectory,           checkpoint_name, previous_checkpoint_name,
                                                       coming_checkpoint_name};

bool is_own(const std::string& name) { return std::ranges::find(kOwnFiles, name) != kOwnFiles.end() || is_frame_log(name); }

}  // namespace

bool is_frame_log(std::string_view name) { return name.starts_with("trajectory.") && name.ends_with(".frames"); }

FolderKind result_folder() {
  return {"result",
          {"result.h5", "summary.json"},
          [](const fs::path& entry) { return is_own(entry.filename().string()); },
          {checkpoint_name, previous_checkpoint_name},
          [](const std::string& name) { return name == coming_checkpoint_name || is_frame_log(name); }};
}

ResultFolder::ResultFolder(const fs::path& folder, bool force) : folder_(folder, force, result_folder()) {}

ResultFolder ResultFolder::in_place_of_unfinished(const fs::path& folder, std::shared_ptr<FolderLock> lock) {
  return ResultFolder(WholeFolder::in_place_of_unfinished(folder, result_folder(), std::move(lock)));
}

std::vector<std::string> ResultFolder::write(const RunResult& result, const std::optional<fs::path>& frames) {
  const fs::path& fresh = folder_.fresh();
  if (frames) write_trajectory(result, *frames, fresh / kTrajectory);
  write_hdf5(result, fresh / "result.h5");
  write_durably(fresh / "summary.json", summary_json(result));
  Report report = make_report(result);
  write_durably(fresh / "report.html", report.html);
  folder_.publish();
  return std::move(report.remarks);
}

std::vector<std::string> write_result(const RunResult& result, const fs::path& folder, bool force) {
  return ResultFolder(folder, force).write(result);
}

bool is_finished(const fs::path& folder) {
  return is_whole(result_folder(), folder) && !is_unfinished(result_folder(), folder);
}

RunResult read_result(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::exists(folder / "result.h5", ignored)) {
    throw IoError(fmt::format("'{}' holds no result: there is no 'result.h5' in it", folder.string()));
  }
  return read_hdf5(folder / "result.h5");
}

}  // namespace powerstroke::io
