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
  std::vector<std::string> unfinished{};                        ///< files, any of which says that a run can go on from there
  std::vector<std::string> scratch{};                           ///< files that a killed run may leave, of use to nobody
};

/// Refuses a folder that `write_whole_folder` would refuse.
/// @throws ConfigError if there is one of this kind, or an unfinished one, and `force` is false, or anything else; IoError if it
///         cannot be created.
void check_whole_folder(const std::filesystem::path& folder, bool force, const FolderKind& kind);

/// The folder itself, without symbolic links, dots and a slash at the end. @throws IoError if it cannot be reached.
std::filesystem::path resolved(const std::filesystem::path& folder);

/// Whether a folder is one of this kind: it holds all its marks.
bool is_whole(const FolderKind& kind, const std::filesystem::path& folder);

/// Whether a run in that folder can go on: it holds one of the kind's `unfinished` files.
bool is_unfinished(const FolderKind& kind, const std::filesystem::path& folder);

/// Tidies up after processes that were killed while they published `folder` (resolved): what a user had put into it comes back, the
/// rest of their hidden folders goes; a folder that had just been moved aside comes back whole.
void recover_whole_folder(const std::filesystem::path& folder, const FolderKind& kind);

/// A folder on its way: filled under a hidden name beside the place it is meant for, which stays as it is until `publish`.
/// Destroyed before that, it leaves nothing.
class WholeFolder {
 public:
  /// @throws as `check_whole_folder`.
  WholeFolder(const std::filesystem::path& folder, bool force, FolderKind kind);
  /// In place of an unfinished one, which goes on.
  static WholeFolder in_place_of_unfinished(const std::filesystem::path& folder, FolderKind kind);
  WholeFolder(WholeFolder&&) noexcept;
  WholeFolder& operator=(WholeFolder&&) = delete;
  ~WholeFolder();

  /// The hidden folder, made when it is first asked for.
  const std::filesystem::path& fresh();

  /// Flushes it and renames it into place. One that is there is replaced with `force`; what a user put into it moves on to the
  /// new one. What an unfinished run has there gives way: it has come to its end.
  /// @throws as `check_whole_folder`: much may have happened since.
  void publish();

 private:
  class Temporary;
  struct Unchecked {};
  WholeFolder(Unchecked, const std::filesystem::path& folder, bool force, FolderKind kind);

  std::filesystem::path target_;
  bool force_;
  FolderKind kind_;
  std::unique_ptr<Temporary> fresh_;
};

/// All at once: calls `fill` with an empty folder and publishes it. If `fill` throws, nothing has changed.
void write_whole_folder(const std::filesystem::path& folder, bool force, const FolderKind& kind,
                        const std::function<void(const std::filesystem::path& fresh)>& fill);

}  // namespace powerstroke::io
