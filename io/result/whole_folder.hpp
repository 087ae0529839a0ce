#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// Folders that are complete or not there: filled under a hidden name beside the place they are meant for, then renamed.
namespace powerstroke::io {

/// What a folder of the program's is known by.
struct FolderKind {
  std::string name;                                             ///< "result", "sweep"
  std::vector<std::string> marks;                               ///< files that every such folder holds
  std::function<bool(const std::filesystem::path& entry)> own;  ///< written by the program: goes when the folder is replaced
};

/// Refuses a folder that `write_whole_folder` would refuse.
/// @throws ConfigError if there is one of this kind and `force` is false, or anything else; IoError if it cannot be created.
void check_whole_folder(const std::filesystem::path& folder, bool force, const FolderKind& kind);

/// A folder on its way: filled under a hidden name beside the place it is meant for, which stays as it is until `publish`.
/// Destroyed before that, it leaves nothing.
class WholeFolder {
 public:
  /// @throws as `check_whole_folder`.
  WholeFolder(const std::filesystem::path& folder, bool force, FolderKind kind);
  WholeFolder(WholeFolder&&) noexcept;
  WholeFolder& operator=(WholeFolder&&) = delete;
  ~WholeFolder();

  /// The hidden folder, made when it is first asked for.
  const std::filesystem::path& fresh();

  /// Flushes it and renames it into place. One that is there is replaced with `force`; what a user put into it moves on to the
  /// new one.
  /// @throws as `check_whole_folder`: much may have happened since.
  void publish();

 private:
  class Temporary;
  std::filesystem::path target_;
  bool force_;
  FolderKind kind_;
  std::unique_ptr<Temporary> fresh_;
};

/// All at once: calls `fill` with an empty folder and publishes it. If `fill` throws, nothing has changed.
void write_whole_folder(const std::filesystem::path& folder, bool force, const FolderKind& kind,
                        const std::function<void(const std::filesystem::path& fresh)>& fill);

}  // namespace powerstroke::io
