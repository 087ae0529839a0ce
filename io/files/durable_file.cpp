#include "powerstroke/io/files/durable_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "powerstroke/engine/core/error.hpp"

namespace powerstroke::io {
namespace {

[[noreturn]] void fail(const char* action, const std::filesystem::path& path, int reason) {
  throw IoError(fmt::format("cannot {} '{}': {}", action, path.string(), std::strerror(reason)));
}

int open_file(const std::filesystem::path& path, int flags, const char* action) {
  const int fd =
      ::open(path.c_str(), flags | O_CLOEXEC, 0666);  // the user's umask takes away what it should
  if (fd < 0) fail(action, path, errno);
  return fd;
}

class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags, const char* action)
      : fd_(open_file(path, flags, action)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { ::close(fd_); }
  int get() const { return fd_; }

 private:
  int fd_;
};

/// Pipes, devices and some network file systems cannot be flushed and say EINVAL: nothing is wrong
/// then.
bool flushed(int fd) {
  return ::fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS;
}

}  // namespace

void write_durably(const std::filesystem::path& path, std::string_view bytes) {
  OutputFile file(path);
  file.write(bytes);
  file.sync();
  file.close();
}

OutputFile::OutputFile(const std::filesystem::path& path)
    : path_(path), fd_(open_file(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, "write")) {}

OutputFile::OutputFile(const std::filesystem::path& path, std::uint64_t bytes)
    : path_(path), fd_(open_file(path, O_WRONLY | O_NOFOLLOW, "write")) {
  if (::ftruncate(fd_, static_cast<off_t>(bytes)) != 0 || ::lseek(fd_, 0, SEEK_END) < 0) {
    const int reason = errno;
    ::close(fd_);
    fail("write", path_, reason);
  }
}

OutputFile::OutputFile(OutputFile&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)) {}

OutputFile::~OutputFile() {
  if (fd_ >= 0) ::close(fd_);
}

void OutputFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("write", path_, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

void OutputFile::write_at(std::uint64_t place, std::string_view bytes) {
  if (::lseek(fd_, static_cast<off_t>(place), SEEK_SET) < 0) fail("write", path_, errno);
  write(bytes);
  if (::lseek(fd_, 0, SEEK_END) < 0) fail("write", path_, errno);
}

void OutputFile::sync() {
  if (!flushed(fd_)) fail("write", path_, errno);
}

void OutputFile::close() {
  if (::close(std::exchange(fd_, -1)) != 0) fail("write", path_, errno);
}

InputFile::InputFile(const std::filesystem::path& path)
    : path_(path), fd_(open_file(path, O_RDONLY, "read")) {
  struct stat about = {};
  const int reason = ::fstat(fd_, &about) != 0 ? errno : S_ISDIR(about.st_mode) ? EISDIR : 0;
  if (reason == 0) return;
  ::close(fd_);
  fail("read", path_, reason);
}

InputFile::~InputFile() { ::close(fd_); }

std::size_t InputFile::read(std::span<char> bytes) {
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = ::read(fd_, bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read", path_, errno);
    if (got == 0) break;
    have += static_cast<std::size_t>(got);
  }
  return have;
}

void sync_file(const std::filesystem::path& path) {
  const Descriptor file(path, O_RDONLY, "flush");
  if (!flushed(file.get())) fail("flush", path, errno);
}

void sync_folder(const std::filesystem::path& folder) {
  const Descriptor handle(folder, O_RDONLY | O_DIRECTORY, "flush the folder");
  if (!flushed(handle.get())) fail("flush the folder", folder, errno);
}

std::string read_bytes(const std::filesystem::path& path) {
  InputFile file(path);
  std::error_code ignored;
  if (std::filesystem::is_regular_file(path, ignored)) {
    std::string bytes(std::filesystem::file_size(path), '\0');
    bytes.resize(file.read(bytes));  // whoever decodes a file that shrank meanwhile will notice
    return bytes;
  }
  constexpr std::size_t piece = std::size_t{1} << 16U, most = std::size_t{1} << 26U;
  std::string bytes;
  for (std::size_t got = piece; got == piece;) {
    const std::size_t have = bytes.size();
    if (have >= most)
      throw IoError("cannot read '" + path.string() +
                    "': it is no regular file, and has no end within 64 MiB");
    bytes.resize(have + piece);
    got = file.read(std::span(bytes).subspan(have));
    bytes.resize(have + got);
  }
  return bytes;
}

}  // namespace powerstroke::io
