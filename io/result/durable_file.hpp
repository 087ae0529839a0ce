#pragma once

#include <filesystem>
#include <string>
#include <string_view>

/// Whole files in and out; every failure is an IoError that names the path and the system's reason.
namespace powerstroke::io {

/// Creates or truncates `path`, writes `bytes` and waits until the disk has them.
void write_durably(const std::filesystem::path& path, std::string_view bytes);

/// Waits until the disk has what others have written to `path`.
void sync_file(const std::filesystem::path& path);

/// Waits until the disk has the names in `folder`: a rename is only safe after that.
void sync_folder(const std::filesystem::path& folder);

/// All bytes of a regular file.
std::string read_bytes(const std::filesystem::path& path);

}  // namespace powerstroke::io
