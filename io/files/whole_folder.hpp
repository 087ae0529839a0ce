#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "powerstroke/io/files/folder_lock.hpp"

/// Folders that are complete or not there: filled under a hidden name beside the place they are
/// meant for, then renamed.
namespace powerstroke::io {

/// What a folder of the program's is known by.
struct FolderKind {
  std::string name;                ///< "result", "sweep"
  std::vector<std::string> marks;  ///< files that every such folder holds
  std::function<bool(const std::filesystem::path& entry)>
      own;  ///< written by the program: goes when the folder is replaced
  std::vector<std::string>
      unfinished{};  ///< files, any of which says that a run can go on from there
  /// Names of files that a killed run may leave, of use to nobody without one of the unfinished.
  std::function<bool(const std::string& name)> scratch = [](const std::string&) { return false; };
};

/// Refuses a folder that `write_whole_folder` would refuse, and tries the place: writes something
/// there and takes it away again.
/// @throws ConfigError if there is one of this kind, or an unfinished one, and `force` is false, or
///         anything else; IoError if it cannot be created, or nothing can be written there.
void check_whole_folder(const std::filesystem::path& folder, bool force, const FolderKind& kind);

/// The folder itself, without symbolic links, also such that lead to nothing yet, dots and a slash
/// at the end.
/// @throws IoError if it cannot be reached.
std::filesystem::path resolved(const std::filesystem::path& folder);

/// Whether a folder is one of this kind: it holds all its marks.
bool is_whole(const FolderKind& kind, const std::filesystem::path& folder);

/// Whether a run in that folder can go on: it holds one of the kind's `unfinished` files.
bool is_unfinished(const FolderKind& kind, const std::filesystem::path& folder);

/// Tidies up after processes that were killed while they published `folder` (resolved): what a user
/// had put into it comes back, the rest of their hidden folders goes; a folder that had just been
/// moved aside comes back whole, and one that was being filled in place is. Only what no living
/// process holds is touched. To be called with the folder locked, or if it is not there.
void recover_whole_folder(const std::filesystem::path& folder, const FolderKind& kind);

/// Locks a folder (resolved), which is made if it is not there, and then tidies up in it: the order
/// in which nothing of another process is touched. @throws IoError as `FolderLock`.
std::shared_ptr<FolderLock> take_folder(const std::filesystem::path& folder,
                                        const FolderKind& kind);

/// A folder on its way: filled under a hidden name beside the place it is meant for, which stays as
/// it is until `publish`. Destroyed before that, it leaves nothing.
///
/// Where a folder that is there cannot change places with another, because it is a mount point, has
/// one in it, is where a shell may stand, or lies in a folder that takes no names from this user,
/// it is filled in place: from a hidden folder in it, whose files move once all are there;
/// `recover_whole_folder` finishes what a kill leaves half moved.
class WholeFolder {
 public:
  /// @throws as `check_whole_folder`.
  WholeFolder(const std::filesystem::path& folder, bool force, FolderKind kind);
  /// In place of an unfinished one, which goes on. @param lock of that folder; nullptr: nobody has
  /// it yet.
  /// @throws IoError if nothing can be written there.
  static WholeFolder in_place_of_unfinished(const std::filesystem::path& folder, FolderKind kind,
                                            std::shared_ptr<FolderLock> lock = nullptr);
  WholeFolder(WholeFolder&&) noexcept;
  WholeFolder& operator=(WholeFolder&&) = delete;
  ~WholeFolder();

  const std::filesystem::path& place() const { return target_; }

  /// From now on no other process works there; what killed ones left is tidied up. `publish` does
  /// so if nobody has before.
  /// @throws IoError if another process has the folder; ConfigError as `check_whole_folder`.
  std::shared_ptr<FolderLock> lock();

  /// The hidden folder, made when it is first asked for.
  const std::filesystem::path& fresh();

  /// Removes the hidden folder, if there is one; `fresh` makes another.
  void discard() noexcept;

  /// Flushes it and renames it into place. One that is there is replaced with `force`; what a user
  /// put into it moves on to the new one. What an unfinished run has there gives way: it has come
  /// to its end.
  /// @throws as `check_whole_folder`: much may have happened since.
  void publish();

 private:
  class Temporary;
  std::filesystem::path hidden_place() const;
  struct Unchecked {};
  WholeFolder(Unchecked, const std::filesystem::path& folder, bool force, FolderKind kind,
              std::shared_ptr<FolderLock> lock);

  std::filesystem::path target_;
  bool force_;
  FolderKind kind_;
  bool in_place_ = false;
  std::shared_ptr<FolderLock> lock_;
  std::unique_ptr<Temporary> fresh_;
};

/// All at once: calls `fill` with an empty folder and publishes it. If `fill` throws, nothing has
/// changed.
void write_whole_folder(const std::filesystem::path& folder, bool force, const FolderKind& kind,
                        const std::function<void(const std::filesystem::path& fresh)>& fill);

}  // namespace powerstroke::io
