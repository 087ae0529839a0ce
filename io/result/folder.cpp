#include "powerstroke/io/result/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/report/report.hpp"
#include "powerstroke/io/result/durable_file.hpp"
#include "powerstroke/io/result/hdf5.hpp"
#include "powerstroke/io/result/summary.hpp"
#include "powerstroke/io/result/whole_folder.hpp"

namespace powerstroke::io {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kOwnFiles = {"result.h5", "summary.json", "report.html"};

FolderKind result_folder() {
  return {"result", {"result.h5", "summary.json"}, [](const fs::path& entry) {
            return std::find(kOwnFiles.begin(), kOwnFiles.end(), entry.filename().string()) != kOwnFiles.end();
          }};
}

}  // namespace

void check_result_folder(const fs::path& folder, bool force) { check_whole_folder(folder, force, result_folder()); }

std::vector<std::string> write_result(const RunResult& result, const fs::path& folder, bool force) {
  Report report;
  write_whole_folder(folder, force, result_folder(), [&](const fs::path& fresh) {
    write_hdf5(result, fresh / "result.h5");
    write_durably(fresh / "summary.json", summary_json(result));
    report = make_report(result);
    write_durably(fresh / "report.html", report.html);
  });
  return std::move(report.remarks);
}

RunResult read_result(const fs::path& folder) {
  std::error_code ignored;
  if (!fs::exists(folder / "result.h5", ignored)) {
    throw IoError(fmt::format("'{}' holds no result: there is no 'result.h5' in it", folder.string()));
  }
  return read_hdf5(folder / "result.h5");
}

}  // namespace powerstroke::io
