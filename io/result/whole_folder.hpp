#pragma once

#include <filesystem>
#include <functional>
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

/// Calls `fill` with an empty folder and renames it to `folder`. One that is there is replaced with `force`; what a user put
/// into it moves on to the new one. If `fill` throws, nothing has changed.
void write_whole_folder(const std::filesystem::path& folder, bool force, const FolderKind& kind,
                        const std::function<void(const std::filesystem::path& fresh)>& fill);

}  // namespace powerstroke::io
