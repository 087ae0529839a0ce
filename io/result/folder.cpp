#include "powerstroke/io/result/folder.hpp"

#include <fmt/format.h>

#include <utility>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/files/durable_file.hpp"
#include "powerstroke/io/result/hdf5.hpp"
#include "powerstroke/io/result/summary.hpp"
#include "powerstroke/io/trajectory/frame_log.hpp"

namespace powerstroke::io {

using namespace study;

namespace fs = std::filesystem;

ResultFolder::ResultFolder(const fs::path& folder, bool force)
    : folder_(folder, force, result_folder()) {}

ResultFolder ResultFolder::in_place_of_unfinished(const fs::path& folder,
                                                  std::shared_ptr<FolderLock> lock) {
  return ResultFolder(
      WholeFolder::in_place_of_unfinished(folder, result_folder(), std::move(lock)));
}

void ResultFolder::write(const RunResult& result, const PageMaker& page,
                         const std::optional<fs::path>& frames) {
  try {
    const fs::path& fresh = folder_.fresh();
    if (frames) write_trajectory(result, *frames, fresh / trajectory_name);
    write_hdf5(result, fresh / result_name);
    write_durably(fresh / summary_name, summary_json(result));
    write_durably(fresh / report_name, page(result));
    folder_.publish();
  } catch (...) {
    folder_.discard();  // the checkpoint that is written now may need its room
    throw;
  }
}

void write_result(const RunResult& result, const fs::path& folder, bool force,
                  const PageMaker& page) {
  ResultFolder(folder, force).write(result, page);
}

bool is_finished(const fs::path& folder) {
  return is_whole(result_folder(), folder) && !is_unfinished(result_folder(), folder);
}

RunResult read_result(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::exists(folder / result_name, ignored)) {
    throw IoError(
        fmt::format("'{}' holds no result: there is no 'result.h5' in it", folder.string()));
  }
  return read_hdf5(folder / result_name);
}

}  // namespace powerstroke::io
