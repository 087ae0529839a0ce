#include "powerstroke/io/sweep/folder.hpp"

#include <algorithm>
#include <utility>

#include "powerstroke/io/result/durable_file.hpp"
#include "powerstroke/io/result/folder.hpp"
#include "powerstroke/io/result/whole_folder.hpp"
#include "powerstroke/io/sweep/page.hpp"
#include "powerstroke/io/sweep/table.hpp"

namespace powerstroke::io {
namespace {

namespace fs = std::filesystem;

/// The sweep's files, and the folders of its runs: digits, with a result inside.
bool own(const fs::path& entry) {
  const std::string name = entry.filename().string();
  if (name == "sweep.json" || name == "sweep.csv" || name == "report.html") return true;
  std::error_code ignored;
  return name.find_first_not_of("0123456789") == std::string::npos && fs::is_regular_file(entry / "result.h5", ignored);
}

FolderKind sweep_folder() { return {"sweep", {"sweep.json", "sweep.csv"}, own}; }

}  // namespace

void check_sweep_folder(const fs::path& folder, bool force) { check_whole_folder(folder, force, sweep_folder()); }

std::vector<std::string> write_sweep(const Sweep& sweep, const fs::path& folder, bool force) {
  SweepPage page;
  write_whole_folder(folder, force, sweep_folder(), [&](const fs::path& fresh) {
    page = sweep_page(sweep, !sweep.results.empty());
    for (std::size_t i = 0; i < sweep.results.size(); ++i)
      write_result(sweep.results[i], fresh / run_folder(i, sweep.results.size()), false);
    write_durably(fresh / "sweep.json", sweep_json(sweep));
    write_durably(fresh / "sweep.csv", sweep_csv(sweep));
    write_durably(fresh / "report.html", page.html);
  });
  return std::move(page.remarks);
}

}  // namespace powerstroke::io
