#include "powerstroke/io/result/whole_folder.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string_view>
#include <utility>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/result/durable_file.hpp"
#include "powerstroke/io/result/shell_word.hpp"

namespace powerstroke::io {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(std::string_view action, const fs::path& path, const std::error_code& reason) {
  throw IoError(fmt::format("cannot {} '{}': {}", action, path.string(), reason.message()));
}

/// Nothing in it but what a killed run left.
bool is_scratch(const FolderKind& kind, const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    if (std::ranges::find(kind.scratch, entry->path().filename().string()) == kind.scratch.end()) return false;
  return !error;
}

/// @param comes_to_its_end an unfinished run that is there does.
void check_existing(const fs::path& folder, bool force, const FolderKind& kind, bool comes_to_its_end = false) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (status.type() == fs::file_type::not_found) return;
  if (status.type() == fs::file_type::none) fail("look at", folder, error);
  if (status.type() != fs::file_type::directory) {
    throw ConfigError(
        fmt::format("'{}' is a file, and a {} is a folder; choose another with --output", folder.string(), kind.name));
  }
  const bool empty = fs::is_empty(folder, error);
  if (error) fail("look into", folder, error);
  if (empty || is_scratch(kind, folder)) return;
  const bool unfinished = is_unfinished(kind, folder), whole = is_whole(kind, folder);
  if (unfinished && !force && !comes_to_its_end) {
    throw ConfigError(
        fmt::format("the folder '{}' holds an unfinished run; go on with it by `powerstroke resume {}`, begin anew with "
                    "--force, or choose another with --output",
                    folder.string(), shell_word(folder.string())));
  }
  if (unfinished && !whole) return;
  if (!whole) {
    throw ConfigError(
        fmt::format("the folder '{}' is not empty and holds no {} of powerstroke ({}), so not even --force replaces it; "
                    "choose another with --output",
                    folder.string(), kind.name, fmt::join(kind.marks, " and ")));
  }
  if (!force) {
    throw ConfigError(
        fmt::format("the folder '{}' holds a {} already; replace it with --force, or choose another with --output",
                    folder.string(), kind.name));
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

fs::path sibling(const fs::path& folder, std::string_view kind) {
  return folder.parent_path() / fmt::format(".{}.{}-{}", folder.filename().string(), kind, ::getpid());
}

/// Swaps two folders in one step; false where the file system cannot.
bool exchange(const fs::path& a, const fs::path& b) {
#ifdef RENAME_EXCHANGE
  return ::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0;
#else
  static_cast<void>(a), static_cast<void>(b);
  return false;
#endif
}

/// What the user put into the old folder moves on to the new one; the old one goes.
void retire(const fs::path& old, const fs::path& folder, const FolderKind& kind) {
  std::error_code error;
  std::vector<fs::path> names;
  for (fs::directory_iterator entry(old, error), end; !error && entry != end; entry.increment(error)) {
    names.push_back(entry->path().filename());
  }
  for (const fs::path& name : names) {
    if (kind.own(old / name)) continue;
    if (!error) fs::rename(old / name, folder / name, error);
  }
  if (!error) fs::remove_all(old, error);
  if (error) fail(fmt::format("clear away the old {} of '{}' from", kind.name, folder.string()), old, error);
}

/// Renames `fresh` to `folder`. A folder that is there changes places with it in one step; where that is not possible, it is
/// moved aside first, and back if the rename fails.
void publish(const fs::path& fresh, const fs::path& folder, const FolderKind& kind) {
  std::error_code error;
  const bool replaces = fs::exists(folder, error) && !fs::is_empty(folder, error);
  if (replaces && exchange(fresh, folder)) {
    sync_folder(folder.parent_path());
    return retire(fresh, folder, kind);
  }
  const fs::path old = sibling(folder, "old");
  if (replaces) {
    fs::rename(folder, old, error);
    if (error) fail("move aside", folder, error);
  }
  fs::rename(fresh, folder, error);  // an empty folder gives way to it
  if (error) {
    std::error_code ignored;
    if (replaces) fs::rename(old, folder, ignored);
    fail(fmt::format("put the {} at", kind.name), folder, error);
  }
  sync_folder(folder.parent_path());
  if (replaces) retire(old, folder, kind);
}

}  // namespace

fs::path resolved(const fs::path& folder) {
  std::error_code error;
  fs::path path = fs::weakly_canonical(fs::absolute(folder), error);
  if (error) fail("reach", folder, error);
  path = path.lexically_normal();
  return path.has_filename() ? path : path.parent_path();
}

void recover_whole_folder(const fs::path& folder, const FolderKind& kind) {
  std::error_code error;
  std::vector<fs::path> left;
  for (const char* what : {"tmp", "old"}) {
    const std::string start = fmt::format(".{}.{}-", folder.filename().string(), what);
    for (fs::directory_iterator entry(folder.parent_path(), error), end; !error && entry != end; entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      pid_t process = 0;
      const char *first = name.data() + start.size(), *last = name.data() + name.size();
      if (!name.starts_with(start) || std::from_chars(first, last, process).ptr != last || process <= 0) continue;
      const bool alive = ::kill(process, 0) == 0 || errno != ESRCH;
      if (!alive && entry->symlink_status().type() == fs::file_type::directory) left.push_back(entry->path());
    }
  }
  for (const fs::path& hidden : left) {
    if (!fs::exists(folder, error) && (is_whole(kind, hidden) || is_unfinished(kind, hidden)) &&
        hidden.filename().string().find(".old-") != std::string::npos)
      fs::rename(hidden, folder, error);
    else if (fs::exists(folder, error))
      retire(hidden, folder, kind);
  }
}

bool is_whole(const FolderKind& kind, const fs::path& folder) {
  std::error_code ignored;
  return std::all_of(kind.marks.begin(), kind.marks.end(),
                     [&](const std::string& mark) { return fs::is_regular_file(folder / mark, ignored); });
}

bool is_unfinished(const FolderKind& kind, const fs::path& folder) {
  std::error_code ignored;
  return std::ranges::any_of(kind.unfinished,
                             [&](const std::string& name) { return fs::is_regular_file(folder / name, ignored); });
}

void check_whole_folder(const fs::path& folder, bool force, const FolderKind& kind) {
  const fs::path target = resolved(folder);
  if (!target.has_relative_path())
    throw ConfigError(fmt::format("the root folder cannot be a {}; choose another with --output", kind.name));
  check_existing(target, force, kind);
  check_parent(target);
}

/// A folder that is gone at the end of the scope, with all that is in it, unless it was renamed away.
class WholeFolder::Temporary {
 public:
  explicit Temporary(fs::path path) : path_(std::move(path)) {
    std::error_code error;
    fs::remove_all(path_, error);  // of a process that had this number and died
    // Not std::filesystem's, which is content with a link to a folder that someone else put there.
    if (::mkdir(path_.c_str(), 0777) != 0) fail("create", path_, std::error_code(errno, std::generic_category()));
  }
  Temporary(const Temporary&) = delete;
  Temporary& operator=(const Temporary&) = delete;
  ~Temporary() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

WholeFolder::WholeFolder(const fs::path& folder, bool force, FolderKind kind)
    : target_(resolved(folder)), force_(force), kind_(std::move(kind)) {
  check_whole_folder(folder, force_, kind_);
}
WholeFolder::WholeFolder(Unchecked, const fs::path& folder, bool force, FolderKind kind)
    : target_(resolved(folder)), force_(force), kind_(std::move(kind)) {}
WholeFolder WholeFolder::in_place_of_unfinished(const fs::path& folder, FolderKind kind) {
  const bool replaces_a_result = true;  // the one that the run was begun to replace
  return {Unchecked{}, folder, replaces_a_result, std::move(kind)};
}
WholeFolder::WholeFolder(WholeFolder&&) noexcept = default;
WholeFolder::~WholeFolder() = default;

const fs::path& WholeFolder::fresh() {
  if (!fresh_) {
    std::error_code error;
    fs::create_directories(target_.parent_path(), error);
    if (error) fail("create", target_.parent_path(), error);
    fresh_ = std::make_unique<Temporary>(sibling(target_, "tmp"));
  }
  return fresh_->path();
}

void WholeFolder::publish() {
  sync_folder(fresh());
  check_existing(target_, force_, kind_, true);
  io::publish(fresh(), target_, kind_);
  fresh_.reset();
}

void write_whole_folder(const fs::path& folder, bool force, const FolderKind& kind,
                        const std::function<void(const fs::path& fresh)>& fill) {
  WholeFolder whole(folder, force, kind);
  fill(whole.fresh());
  whole.publish();
}

}  // namespace powerstroke::io
