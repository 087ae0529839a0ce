#include "powerstroke/io/result/sweep_folder.hpp"

#include <algorithm>

#include "powerstroke/io/files/durable_file.hpp"
#include "powerstroke/io/files/whole_folder.hpp"
#include "powerstroke/io/result/folder.hpp"
#include "powerstroke/io/result/sweep_table.hpp"

namespace powerstroke::io {

using namespace study;

namespace {

namespace fs = std::filesystem;

/// The sweep's files, and the folders of its runs: digits, with a result inside.
bool own(const fs::path& entry) {
  const std::string name = entry.filename().string();
  if (name == "sweep.json" || name == "sweep.csv" || name == report_name) return true;
  std::error_code ignored;
  return name.find_first_not_of("0123456789") == std::string::npos &&
         fs::is_regular_file(entry / result_name, ignored);
}

FolderKind sweep_folder() { return {"sweep", {"sweep.json", "sweep.csv"}, own}; }

}  // namespace

void check_sweep_folder(const fs::path& folder, bool force) {
  check_whole_folder(folder, force, sweep_folder());
}

void write_sweep(const Sweep& sweep, const fs::path& folder, bool force, const std::string& page,
                 const PageMaker& page_of_run) {
  write_whole_folder(folder, force, sweep_folder(), [&](const fs::path& fresh) {
    for (std::size_t i = 0; i < sweep.results.size(); ++i)
      write_result(sweep.results[i], fresh / run_number(i, sweep.results.size()), false,
                   page_of_run);
    write_durably(fresh / "sweep.json", sweep_json(sweep));
    write_durably(fresh / "sweep.csv", sweep_csv(sweep));
    write_durably(fresh / report_name, page);
  });
}

}  // namespace powerstroke::io
