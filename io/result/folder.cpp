#include "powerstroke/io/result/folder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/report/report.hpp"
#include "powerstroke/io/result/durable_file.hpp"
#include "powerstroke/io/result/hdf5.hpp"
#include "powerstroke/io/result/summary.hpp"

namespace powerstroke::io {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kOwnFiles = {"result.h5", "summary.json", "report.html"};

[[noreturn]] void fail(std::string_view action, const fs::path& path, const std::error_code& reason) {
  throw IoError(fmt::format("cannot {} '{}': {}", action, path.string(), reason.message()));
}

/// The folder itself, without symbolic links, dots and a slash at the end: the one a rename has to replace.
fs::path resolved(const fs::path& folder) {
  std::error_code error;
  fs::path path = fs::weakly_canonical(fs::absolute(folder), error);
  if (error) fail("reach", folder, error);
  path = path.lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

bool is_result(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_regular_file(folder / "result.h5", ignored) && fs::is_regular_file(folder / "summary.json", ignored);
}

void check_existing(const fs::path& folder, bool force) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (status.type() == fs::file_type::not_found) return;
  if (status.type() == fs::file_type::none) fail("look at", folder, error);
  if (status.type() != fs::file_type::directory) {
    throw ConfigError(
        fmt::format("'{}' is a file, and a result is a folder; choose another with --output", folder.string()));
  }
  const bool empty = fs::is_empty(folder, error);
  if (error) fail("look into", folder, error);
  if (empty) return;
  if (!is_result(folder)) {
    throw ConfigError(
        fmt::format("the folder '{}' is not empty and holds no result of powerstroke (result.h5 and "
                    "summary.json), so not even --force replaces it; choose another with --output",
                    folder.string()));
  }
  if (!force) {
    throw ConfigError(
        fmt::format("the folder '{}' holds a result already; replace it with --force, or choose "
                    "another with --output",
                    folder.string()));
  }
}

/// The nearest folder above that exists must take new names.
void check_parent(const fs::path& folder) {
  fs::path above = folder.parent_path();
  std::error_code error;
  while (above.has_relative_path() && fs::status(above, error).type() == fs::file_type::not_found) {
    above = above.parent_path();
  }
  if (!fs::is_directory(above, error)) {
    throw IoError(fmt::format("cannot create '{}': '{}': {}", folder.string(), above.string(),
                              error ? error.message() : std::strerror(ENOTDIR)));
  }
  if (::access(above.c_str(), W_OK | X_OK) != 0) {
    throw IoError(fmt::format("cannot create '{}': '{}': {}", folder.string(), above.string(), std::strerror(errno)));
  }
}

/// A sibling of the result under a hidden name; gone at the end of the scope unless it was renamed away.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(fs::path path) : path_(std::move(path)) {
    std::error_code error;
    fs::remove_all(path_, error);  // of a process that had this number and died
    fs::create_directory(path_, error);
    if (error) fail("create", path_, error);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

fs::path sibling(const fs::path& folder, std::string_view kind) {
  return folder.parent_path() / fmt::format(".{}.{}-{}", folder.filename().string(), kind, ::getpid());
}

/// What the user put beside an old result moves on to the new one; the old result goes.
void retire(const fs::path& old, const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> names;
  for (fs::directory_iterator entry(old, error), end; !error && entry != end; entry.increment(error)) {
    names.push_back(entry->path().filename());
  }
  for (const fs::path& name : names) {
    if (std::find(kOwnFiles.begin(), kOwnFiles.end(), name.string()) != kOwnFiles.end()) continue;
    if (!error) fs::rename(old / name, folder / name, error);
  }
  if (!error) fs::remove_all(old, error);
  if (error) fail(fmt::format("clear away the old result of '{}' from", folder.string()), old, error);
}

/// Renames `fresh` to `folder`. A folder that is there is moved aside first, and back if the rename fails.
void publish(const fs::path& fresh, const fs::path& folder) {
  std::error_code error;
  const bool replaces = fs::exists(folder, error) && !fs::is_empty(folder, error);
  const fs::path old = sibling(folder, "old");
  if (replaces) {
    fs::rename(folder, old, error);
    if (error) fail("move aside", folder, error);
  }
  fs::rename(fresh, folder, error);  // an empty folder gives way to it
  if (error) {
    std::error_code ignored;
    if (replaces) fs::rename(old, folder, ignored);
    fail("put the result at", folder, error);
  }
  sync_folder(folder.parent_path());
  if (replaces) retire(old, folder);
}

}  // namespace

void check_result_folder(const fs::path& folder, bool force) {
  const fs::path target = resolved(folder);
  if (!target.has_relative_path()) throw ConfigError("the root folder cannot be a result; choose another with --output");
  check_existing(target, force);
  check_parent(target);
}

std::vector<std::string> write_result(const RunResult& result, const fs::path& folder, bool force) {
  check_result_folder(folder, force);
  const fs::path target = resolved(folder);
  std::error_code error;
  fs::create_directories(target.parent_path(), error);
  if (error) fail("create", target.parent_path(), error);

  const TemporaryFolder fresh(sibling(target, "tmp"));
  write_hdf5(result, fresh.path() / "result.h5");
  write_durably(fresh.path() / "summary.json", summary_json(result));
  Report report = make_report(result);
  write_durably(fresh.path() / "report.html", report.html);
  sync_folder(fresh.path());
  publish(fresh.path(), target);
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
