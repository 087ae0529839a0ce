#include "powerstroke/io/checkpoint/checkpoint_file.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <exception>
#include <span>
#include <string_view>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/files/durable_file.hpp"
#include "powerstroke/io/files/hdf5_archive.hpp"
#include "powerstroke/study/checkpoint/checksum.hpp"

namespace powerstroke::io {

using namespace hdf5;

namespace {

constexpr std::string_view kFormat = "powerstroke-checkpoint/";
constexpr std::size_t kHead = 512;  ///< HDF5 looks for its own start there
constexpr std::size_t kRead = std::size_t{1} << 20;

[[noreturn]] void fail(const char* action, const std::filesystem::path& path,
                       const std::string& why) {
  throw IoError(fmt::format("cannot {} '{}': {}", action, path.string(), why));
}

struct Sum {
  std::uint64_t bytes = 0;
  std::uint32_t crc32 = 0;
};

/// Of what follows the head.
Sum rest_of(InputFile& file) {
  Sum sum;
  std::vector<char> block(kRead);
  while (const std::size_t got = file.read(block)) {
    sum.crc32 = study::crc32_of(block.data(), got, sum.crc32);
    sum.bytes += got;
  }
  return sum;
}

/// The number after `name` on a line of its own; false if there is none.
template <class T>
bool line(std::string_view& text, std::string_view name, T& number, int base = 10) {
  if (!text.starts_with(name)) return false;
  text.remove_prefix(name.size());
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc{} || end == text.data() + text.size() || *end != '\n') return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
  return true;
}

std::string head_of(int version, const Sum& sum) {
  std::string head =
      fmt::format("{}{}\nbytes {}\ncrc32 {:08x}\n", kFormat, version, sum.bytes, sum.crc32);
  head.resize(kHead, '\0');
  return head;
}

/// What the head says; throws if it is none that this program reads.
Sum read_head(std::string_view head, const std::filesystem::path& path) {
  int version = 0;
  std::string_view rest = head;
  if (!line(rest, kFormat, version) || version < 1)
    fail("read", path, "it is no checkpoint of powerstroke, or its head is damaged");
  if (version > checkpoint_version)
    fail("read", path,
         fmt::format("its format '{}{}' is newer than '{}{}', the newest this program knows: "
                     "resume it with a newer powerstroke",
                     kFormat, version, kFormat, checkpoint_version));
  Sum sum;
  if (!line(rest, "bytes ", sum.bytes) || !line(rest, "crc32 ", sum.crc32, 16) ||
      head != head_of(version, sum))
    fail("read", path, "its head is damaged");
  return sum;
}

}  // namespace

void write_checkpoint(const std::filesystem::path& path,
                      const std::function<void(const Writer& root)>& fill) {
  const Hdf5Session session;
  try {
    const Handle creation(H5Pcreate(H5P_FILE_CREATE), H5Pclose, "file properties");
    check(H5Pset_userblock(creation.get(), kHead), "file properties");
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "file properties");
    check(H5Pset_fclose_degree(access.get(), H5F_CLOSE_STRONG), "file properties");
    Handle file(H5Fcreate(path.c_str(), H5F_ACC_EXCL, creation.get(), access.get()), H5Fclose,
                "file");
    fill(Writer(Handle(H5Gopen2(file.get(), "/", kDefault), H5Gclose, "/")));
    check(H5Fflush(file.get(), H5F_SCOPE_GLOBAL), "flush");
    file.close("close");
  } catch (const Failure& failure) {
    fail("write", path, failure.what());
  }
  Sum sum;
  {
    InputFile written(path);
    std::array<char, kHead> head{};
    written.read(head);
    sum = rest_of(written);
  }
  OutputFile file(path, kHead + sum.bytes);
  file.write_at(0, head_of(checkpoint_version, sum));
  file.sync();
  file.close();
}

CheckpointFile::CheckpointFile(const std::filesystem::path& path) : path_(path) {
  InputFile file(path);
  std::array<char, kHead> head{};
  const std::size_t got = file.read(head);
  const Sum stated = read_head({head.data(), got}, path), found = rest_of(file);
  if (found.bytes != stated.bytes)
    fail("read", path,
         fmt::format("it is damaged: {} bytes follow its head, and {} should", found.bytes,
                     stated.bytes));
  if (found.crc32 != stated.crc32)
    fail("read", path,
         fmt::format("it is damaged: its checksum is {:08x}, and {:08x} is stated", found.crc32,
                     stated.crc32));
}

void CheckpointFile::read(const std::function<void(const Reader& root)>& use) const {
  const Hdf5Session session;
  try {
    const Handle file(H5Fopen(path_.c_str(), H5F_ACC_RDONLY, kDefault), H5Fclose,
                      "it is no HDF5 file, or damaged");
    use(Reader(Handle(H5Gopen2(file.get(), "/", kDefault), H5Gclose, "/"), "/"));
  } catch (const IoError&) {
    throw;
  } catch (const std::exception& error) {
    fail("read", path_, error.what());
  }
}

}  // namespace powerstroke::io
