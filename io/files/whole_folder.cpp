#include "powerstroke/io/files/whole_folder.hpp"

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
#include <deque>
#include <functional>
#include <optional>
#include <string_view>
#include <utility>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/files/durable_file.hpp"
#include "powerstroke/io/files/shell_word.hpp"
#include "powerstroke/study/checkpoint/checksum.hpp"

namespace powerstroke::io {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(std::string_view action, const fs::path& path,
                       const std::error_code& reason) {
  throw IoError(fmt::format("cannot {} '{}': {}", action, path.string(), reason.message()));
}

/// Names of the hidden folders in a folder that is filled in place: on its way; whole; with its
/// files moving out.
constexpr std::string_view inside = ".powerstroke.", inside_whole = ".powerstroke.whole",
                           inside_moving = ".powerstroke.moving";
/// No name in a folder of ours is longer.
constexpr std::string_view inside_trial = ".powerstroke.trial-file";

bool is_inside(const fs::path& entry) { return entry.filename().string().starts_with(inside); }

std::vector<fs::path> entries_of(const fs::path& folder, std::error_code& error) {
  std::vector<fs::path> entries;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end;
       entry.increment(error))
    entries.push_back(entry->path());
  return entries;
}

/// Nothing in it but what a killed run left.
bool is_scratch(const FolderKind& kind, const fs::path& folder) {
  std::error_code error;
  const std::vector<fs::path> entries = entries_of(folder, error);
  return !error && std::ranges::all_of(entries, [&](const fs::path& entry) {
    return is_inside(entry) || kind.scratch(entry.filename().string());
  });
}

/// @param comes_to_its_end an unfinished run that is there does.
void check_existing(const fs::path& folder, bool force, const FolderKind& kind,
                    bool comes_to_its_end = false) {
  std::error_code error;
  const fs::file_status status = fs::status(folder, error);
  if (status.type() == fs::file_type::not_found) return;
  if (status.type() == fs::file_type::none) fail("look at", folder, error);
  if (status.type() != fs::file_type::directory) {
    throw ConfigError(
        fmt::format("'{}' is a file, and a {} is a folder; choose another with --output",
                    folder.string(), kind.name));
  }
  const bool empty = fs::is_empty(folder, error);
  if (error) fail("look into", folder, error);
  if (empty || is_scratch(kind, folder)) return;
  const bool unfinished = is_unfinished(kind, folder), whole = is_whole(kind, folder);
  if (unfinished && !force && !comes_to_its_end) {
    throw ConfigError(
        fmt::format("the folder '{}' holds an unfinished run; go on with it by `powerstroke resume "
                    "{}`, begin anew with "
                    "--force, or choose another with --output",
                    folder.string(), shell_word(folder.string())));
  }
  if (unfinished && !whole) return;
  if (!whole) {
    throw ConfigError(
        fmt::format("the folder '{}' is not empty and holds no {} of powerstroke ({}), so not even "
                    "--force replaces it; "
                    "choose another with --output",
                    folder.string(), kind.name, fmt::join(kind.marks, " and ")));
  }
  if (!force) {
    throw ConfigError(
        fmt::format("the folder '{}' holds a {} already; replace it with --force, or choose "
                    "another with --output",
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
    throw IoError(fmt::format("cannot create '{}': '{}': {}", folder.string(), above.string(),
                              std::strerror(errno)));
  }
}

/// What the names of a folder's hidden siblings start with. A name may have 255 bytes, on some file
/// systems 143.
std::string hidden(const fs::path& folder, std::string_view kind) {
  constexpr std::size_t long_name = 100;
  const std::string name = folder.filename().string();
  if (name.size() <= long_name) return fmt::format(".{}.{}-", name, kind);
  return fmt::format(".powerstroke-{:08x}.{}-", study::crc32_of(name.data(), name.size()), kind);
}

fs::path sibling(const fs::path& folder, std::string_view kind) {
  return folder.parent_path() / fmt::format("{}{}", hidden(folder, kind), ::getpid());
}

/// Where something is mounted: it can be neither renamed nor moved.
bool is_mount_point(const fs::path& path) {
  struct statx about = {};
  if (::statx(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &about) != 0)
    return false;
  if ((about.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0)
    return (about.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
  struct stat own = {}, above = {};
  return ::stat(path.c_str(), &own) == 0 && ::stat(path.parent_path().c_str(), &above) == 0 &&
         own.st_dev != above.st_dev;
}

/// The folder is where this process, and so most likely a shell, stands, or above that.
bool is_where_we_stand(const fs::path& folder) {
  std::error_code error;
  const fs::path here = fs::current_path(error);
  if (error) return false;
  const auto [in_folder, in_here] = std::ranges::mismatch(folder, here);
  return in_folder == folder.end();
}

/// Names in the folder above are this user's to change.
bool can_be_renamed(const fs::path& folder) {
  const fs::path above = folder.parent_path();
  struct stat parent = {}, own = {};
  if (::access(above.c_str(), W_OK | X_OK) != 0 || ::stat(above.c_str(), &parent) != 0 ||
      ::stat(folder.c_str(), &own) != 0)
    return false;
  const uid_t we = ::geteuid();
  return (parent.st_mode & S_ISVTX) == 0 || we == 0 || we == parent.st_uid || we == own.st_uid;
}

/// A folder that is there has to stay the one that it is.
bool stays(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error)) return false;
  if (is_mount_point(folder) || is_where_we_stand(folder) || !can_be_renamed(folder)) return true;
  return std::ranges::any_of(entries_of(folder, error), is_mount_point);
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
  for (const fs::path& entry : entries_of(old, error))
    if (!kind.own(entry) && !is_inside(entry) && !error)
      fs::rename(entry, folder / entry.filename(), error);
  if (!error) fs::remove_all(old, error);
  if (error)
    fail(fmt::format("clear away the old {} of '{}' from", kind.name, folder.string()), old, error);
}

/// Renames `fresh` to `folder`. A folder that is there changes places with it in one step; where
/// that is not possible, it is moved aside first, and back if the rename fails.
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

/// The files of a whole hidden folder in `folder` take their places, the marks last; what of the
/// program's was there goes first. May be called again after a kill at any point.
void move_out(const fs::path& folder, const FolderKind& kind) {
  const fs::path whole = folder / inside_whole, moving = folder / inside_moving;
  std::error_code error;
  if (fs::exists(whole, error)) {
    for (const fs::path& entry : entries_of(folder, error))
      if (!is_inside(entry) && kind.own(entry)) fs::remove_all(entry, error);
    if (!error) fs::rename(whole, moving, error);
    if (error) fail(fmt::format("put the {} into", kind.name), folder, error);
  }
  if (!fs::exists(moving, error)) return;
  std::vector<fs::path> entries = entries_of(moving, error);
  const auto is_mark = [&](const fs::path& entry) {
    return std::ranges::find(kind.marks, entry.filename().string()) != kind.marks.end();
  };
  std::stable_partition(entries.begin(), entries.end(), std::not_fn(is_mark));
  for (const fs::path& entry : entries)
    if (!error) fs::rename(entry, folder / entry.filename(), error);
  if (!error) fs::remove(moving, error);
  if (error) fail(fmt::format("put the {} into", kind.name), folder, error);
  sync_folder(folder);
}

/// As `publish`, into a folder that stays the one that it is. @param fresh a hidden folder in it.
void publish_inside(const fs::path& fresh, const fs::path& folder, const FolderKind& kind) {
  std::error_code error;
  for (const fs::path& entry : entries_of(fresh, error)) {
    const fs::path there = folder / entry.filename();
    if (fs::symlink_status(there).type() != fs::file_type::not_found && !kind.own(there))
      throw IoError(fmt::format("cannot put the {} into '{}': '{}' is in the way", kind.name,
                                folder.string(), there.string()));
  }
  fs::rename(fresh, folder / inside_whole, error);
  if (error) fail(fmt::format("put the {} into", kind.name), folder, error);
  sync_folder(folder);
  move_out(folder, kind);
}

/// Hidden siblings of a folder, made by processes that are gone, and locked from now on.
std::vector<std::pair<fs::path, FolderLock>> abandoned(const fs::path& folder) {
  std::vector<std::pair<fs::path, FolderLock>> found;
  std::error_code error;
  for (const fs::path& entry : entries_of(folder.parent_path(), error)) {
    const std::string name = entry.filename().string();
    for (const char* what : {"tmp", "old"}) {
      const std::string start = hidden(folder, what);
      pid_t process = 0;
      const char *first = name.data() + start.size(), *last = name.data() + name.size();
      if (!name.starts_with(start) || std::from_chars(first, last, process).ptr != last ||
          process <= 0)
        continue;
      if (::kill(process, 0) == 0 || errno != ESRCH) continue;
      // Numbers of processes are those of this container: one of another may live. It has its
      // folder locked.
      if (auto lock = FolderLock::of_abandoned(entry)) found.emplace_back(entry, std::move(*lock));
    }
  }
  return found;
}

}  // namespace

fs::path resolved(const fs::path& folder) {
  std::error_code error;
  const fs::path absolute = fs::absolute(folder, error);
  if (error) fail("reach", folder, error);
  // One step after the other, for links that lead to what is not there yet are followed, too.
  const fs::path from_root = absolute.relative_path();
  std::deque<fs::path> steps(from_root.begin(), from_root.end());
  fs::path path = absolute.root_path();
  int links = 0;
  while (!steps.empty()) {
    const fs::path step = steps.front();
    steps.pop_front();
    if (step.empty() || step == ".") continue;
    if (step == "..") {
      path = path.parent_path();
      continue;
    }
    const fs::path next = path / step;
    if (fs::symlink_status(next, error).type() != fs::file_type::symlink) {
      path = next;
      continue;
    }
    constexpr int most_links = 40;  // as many as Linux follows
    const fs::path target = fs::read_symlink(next, error);
    if (error || ++links > most_links)
      fail("reach", folder,
           error ? error : std::make_error_code(std::errc::too_many_symbolic_link_levels));
    if (target.is_absolute()) path = target.root_path();
    const fs::path way = target.relative_path();
    steps.insert(steps.begin(), way.begin(), way.end());
  }
  return path;
}

void recover_whole_folder(const fs::path& folder, const FolderKind& kind) {
  std::error_code error;
  for (const auto& [hidden, lock] : abandoned(folder)) {
    if (!fs::exists(folder, error) && (is_whole(kind, hidden) || is_unfinished(kind, hidden)) &&
        hidden.filename().string().find(".old-") != std::string::npos)
      fs::rename(hidden, folder, error);
    else if (fs::exists(folder, error))
      retire(hidden, folder, kind);
  }
  if (!fs::exists(folder, error)) return;
  move_out(folder, kind);
  for (const fs::path& entry : entries_of(folder, error))
    if (is_inside(entry) && FolderLock::of_abandoned(entry)) fs::remove_all(entry, error);
}

std::shared_ptr<FolderLock> take_folder(const fs::path& folder, const FolderKind& kind) {
  std::error_code error;
  if (!fs::exists(folder, error)) recover_whole_folder(folder, kind);
  auto lock = std::make_shared<FolderLock>(folder);
  if (lock->is_held()) recover_whole_folder(folder, kind);
  return lock;
}

bool is_whole(const FolderKind& kind, const fs::path& folder) {
  std::error_code ignored;
  return std::all_of(kind.marks.begin(), kind.marks.end(), [&](const std::string& mark) {
    return fs::is_regular_file(folder / mark, ignored);
  });
}

bool is_unfinished(const FolderKind& kind, const fs::path& folder) {
  std::error_code ignored;
  return std::ranges::any_of(kind.unfinished, [&](const std::string& name) {
    return fs::is_regular_file(folder / name, ignored);
  });
}

void check_whole_folder(const fs::path& folder, bool force, const FolderKind& kind) {
  const WholeFolder checked(folder, force, kind);
}

/// A folder that is gone at the end of the scope, with all that is in it, unless it was renamed
/// away.
class WholeFolder::Temporary {
 public:
  explicit Temporary(fs::path path) : path_(std::move(path)) {
    std::error_code error;
    fs::remove_all(path_, error);  // of a process that had this number and died
    // Not std::filesystem's, which is content with a link to a folder that someone else put there.
    if (::mkdir(path_.c_str(), 0777) != 0)
      fail("create", path_, std::error_code(errno, std::generic_category()));
    if (auto lock = FolderLock::of_abandoned(path_))
      lock_.emplace(std::move(*lock));  // nobody shall take it for one
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
  std::optional<FolderLock> lock_;
};

namespace {

/// Writes something where the folder will be filled, and takes it away again.
template <class Temporary>
void try_place(const fs::path& hidden) {
  const Temporary trial(hidden);
  constexpr std::size_t block = 4096;
  write_durably(trial.path() / inside_trial, std::string(block, '\0'));
}

}  // namespace

WholeFolder::WholeFolder(const fs::path& folder, bool force, FolderKind kind)
    : WholeFolder(Unchecked{}, folder, force, std::move(kind), nullptr) {
  if (!target_.has_relative_path())
    throw ConfigError(
        fmt::format("the root folder cannot be a {}; choose another with --output", kind_.name));
  check_existing(target_, force_, kind_);
  in_place_ = stays(target_);
  if (!in_place_) check_parent(target_);
  // Beside the nearest folder above that is there: what is missing in between is made, and goes,
  // with the lock.
  fs::path beside = target_;
  std::error_code error;
  while (!in_place_ && beside.parent_path().has_relative_path() &&
         !fs::exists(beside.parent_path(), error))
    beside = beside.parent_path();
  try_place<Temporary>(in_place_ ? hidden_place() : sibling(beside, "tmp"));
}
WholeFolder::WholeFolder(Unchecked, const fs::path& folder, bool force, FolderKind kind,
                         std::shared_ptr<FolderLock> lock)
    : target_(resolved(folder)), force_(force), kind_(std::move(kind)), lock_(std::move(lock)) {}
WholeFolder WholeFolder::in_place_of_unfinished(const fs::path& folder, FolderKind kind,
                                                std::shared_ptr<FolderLock> lock) {
  const bool replaces_a_result = true;  // the one that the run was begun to replace
  WholeFolder whole{Unchecked{}, folder, replaces_a_result, std::move(kind), std::move(lock)};
  whole.in_place_ = stays(whole.target_);
  try_place<Temporary>(whole.hidden_place());
  return whole;
}
WholeFolder::WholeFolder(WholeFolder&&) noexcept = default;
WholeFolder::~WholeFolder() = default;

fs::path WholeFolder::hidden_place() const {
  return in_place_ ? target_ / fmt::format("{}{}", inside, ::getpid()) : sibling(target_, "tmp");
}

std::shared_ptr<FolderLock> WholeFolder::lock() {
  if (lock_) return lock_;
  auto lock = take_folder(target_, kind_);
  check_existing(target_, force_, kind_);  // what came back, and what others did meanwhile
  return lock_ = std::move(lock);
}

void WholeFolder::discard() noexcept { fresh_.reset(); }

const fs::path& WholeFolder::fresh() {
  if (!fresh_) {
    std::error_code error;
    fs::create_directories(target_.parent_path(), error);
    if (error) fail("create", target_.parent_path(), error);
    fresh_ = std::make_unique<Temporary>(hidden_place());
  }
  return fresh_->path();
}

void WholeFolder::publish() {
  sync_folder(fresh());
  lock();
  check_existing(target_, force_, kind_, true);
  if (in_place_)
    publish_inside(fresh(), target_, kind_);
  else
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
