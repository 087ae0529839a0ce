#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

/// Whole files in and out; every failure is an IoError that names the path and the system's reason.
namespace powerstroke::io {

/// Creates or truncates `path`, writes `bytes` and waits until the disk has them. A symbolic link
/// is an error: someone may have put it there.
void write_durably(const std::filesystem::path& path, std::string_view bytes);

/// Waits until the disk has what others have written to `path`.
void sync_file(const std::filesystem::path& path);

/// Waits until the disk has the names in `folder`: a rename is only safe after that.
void sync_folder(const std::filesystem::path& folder);

/// A file that grows. Symbolic links are an error, as for `write_durably`.
class OutputFile {
 public:
  /// A new one; a file that is there is replaced.
  explicit OutputFile(const std::filesystem::path& path);
  /// One that is there, cut to so many bytes.
  OutputFile(const std::filesystem::path& path, std::uint64_t bytes);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  void write(std::string_view bytes);
  /// In the middle of it.
  void write_at(std::uint64_t place, std::string_view bytes);
  /// Waits until the disk has it all.
  void sync();
  /// Ends it; what some file systems notice only then is an error, too.
  void close();

 private:
  std::filesystem::path path_;
  int fd_;
};

/// A file that is read from its start to its end.
class InputFile {
 public:
  explicit InputFile(const std::filesystem::path& path);
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile();

  /// Fills `bytes`, or as much of it as the file still has. @returns how many.
  std::size_t read(std::span<char> bytes);

 private:
  std::filesystem::path path_;
  int fd_;
};

/// All bytes of a file; of a pipe, what comes until its end.
/// @throws IoError also for more than 64 MiB of what is no regular file.
std::string read_bytes(const std::filesystem::path& path);

}  // namespace powerstroke::io
