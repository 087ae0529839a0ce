#include "powerstroke/io/result/durable_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "powerstroke/engine/core/error.hpp"

namespace powerstroke::io {
namespace {

[[noreturn]] void fail(const char* action, const std::filesystem::path& path, int reason) {
  throw IoError(fmt::format("cannot {} '{}': {}", action, path.string(), std::strerror(reason)));
}

class Descriptor {
 public:
  Descriptor(const std::filesystem::path& path, int flags, const char* action)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {  // the user's umask takes away what it should
    if (fd_ < 0) fail(action, path, errno);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  int close() {
    const int fd = fd_;
    fd_ = -1;
    return ::close(fd);
  }

 private:
  int fd_;
};

/// Pipes, devices and some network file systems cannot be flushed and say EINVAL: nothing is wrong then.
bool flushed(int fd) { return ::fsync(fd) == 0 || errno == EINVAL || errno == ENOTSUP || errno == EROFS; }

}  // namespace

void write_durably(const std::filesystem::path& path, std::string_view bytes) {
  Descriptor file(path, O_WRONLY | O_CREAT | O_TRUNC, "write");
  while (!bytes.empty()) {
    const ssize_t written = ::write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("write", path, errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  if (!flushed(file.get())) fail("write", path, errno);
  if (file.close() != 0) fail("write", path, errno);
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
  const Descriptor file(path, O_RDONLY, "read");
  struct stat about = {};
  if (::fstat(file.get(), &about) != 0) fail("read", path, errno);
  if (S_ISDIR(about.st_mode)) fail("read", path, EISDIR);
  std::string bytes(static_cast<std::size_t>(about.st_size), '\0');
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = ::read(file.get(), bytes.data() + have, bytes.size() - have);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read", path, errno);
    if (got == 0) break;  // the file shrank meanwhile; whoever decodes it will notice
    have += static_cast<std::size_t>(got);
  }
  bytes.resize(have);
  return bytes;
}

}  // namespace powerstroke::io
