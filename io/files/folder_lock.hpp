#pragma once

#include <filesystem>
#include <optional>
#include <vector>

namespace powerstroke::io {

/// A folder that no other process works in, whatever machine or container sees it, where the file
/// system knows locks. The lock goes with the process; no file is left.
class FolderLock {
 public:
  /// Makes the folder, and those above it, if they are not there; they go again with the lock if
  /// nothing came into them.
  /// @throws IoError if it cannot be made or opened, or another process has it.
  explicit FolderLock(const std::filesystem::path& folder);
  /// Of a folder that is there; nothing if it cannot be locked, for whatever reason.
  static std::optional<FolderLock> of_abandoned(const std::filesystem::path& folder);

  FolderLock(FolderLock&& other) noexcept;
  FolderLock& operator=(FolderLock&&) = delete;
  ~FolderLock();

  /// False where the file system knows no locks.
  bool is_held() const { return held_; }

 private:
  FolderLock(int fd, bool held) : fd_(fd), held_(held) {}

  std::vector<std::filesystem::path> made_;
  int fd_ = -1;
  bool held_ = false;
};

}  // namespace powerstroke::io
