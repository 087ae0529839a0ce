#include "powerstroke/io/files/folder_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "powerstroke/engine/core/error.hpp"

namespace powerstroke::io {
namespace {

namespace fs = std::filesystem;

/// Makes the folder and those above it. @returns those that were not there, the innermost last.
std::vector<fs::path> make_folders(const fs::path& folder) {
  std::vector<fs::path> missing, made;
  std::error_code error;
  for (fs::path path = folder; path.has_relative_path() && !fs::exists(path, error);
       path = path.parent_path())
    missing.insert(missing.begin(), path);
  for (const fs::path& path : missing) {
    if (fs::create_directory(path, error)) made.push_back(path);
    if (!error) continue;
    for (auto of_ours = made.rbegin(); of_ours != made.rend(); ++of_ours) ::rmdir(of_ours->c_str());
    throw IoError(fmt::format("cannot create '{}': {}", path.string(), error.message()));
  }
  return made;
}

int open_folder(const fs::path& folder) {
  return ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/// The folder that is open is the one that has the name: another process may have put a new one
/// there meanwhile.
bool is_at(int fd, const fs::path& folder) {
  struct stat open = {}, named = {};
  return ::fstat(fd, &open) == 0 && ::stat(folder.c_str(), &named) == 0 &&
         open.st_dev == named.st_dev && open.st_ino == named.st_ino;
}

}  // namespace

FolderLock::FolderLock(const fs::path& folder) {
  for (;;) {
    made_ = make_folders(folder);
    fd_ = open_folder(folder);
    if (fd_ < 0 && errno == ENOENT) continue;  // somebody else's lock went, and the folder with it
    if (fd_ < 0)
      throw IoError(fmt::format("cannot open '{}': {}", folder.string(), std::strerror(errno)));
    held_ = ::flock(fd_, LOCK_EX | LOCK_NB) == 0;
    if (!held_ && errno == EWOULDBLOCK) {
      ::close(fd_);
      throw IoError(fmt::format(
          "another process works in '{}'; wait for it, or choose another folder", folder.string()));
    }
    if (is_at(fd_, folder)) return;
    ::close(fd_);
  }
}

std::optional<FolderLock> FolderLock::of_abandoned(const fs::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0) return {};
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return FolderLock(fd, true);
  ::close(fd);
  return {};
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : made_(std::move(other.made_)), fd_(std::exchange(other.fd_, -1)), held_(other.held_) {
  other.made_.clear();
}

FolderLock::~FolderLock() {
  for (auto folder = made_.rbegin(); folder != made_.rend(); ++folder)
    ::rmdir(folder->c_str());  // if it is empty
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace powerstroke::io
