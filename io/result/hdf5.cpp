#include "powerstroke/io/result/hdf5.hpp"

#include <fmt/format.h>
#include <hdf5.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/io/files/durable_file.hpp"
#include "powerstroke/io/files/hdf5_archive.hpp"
#include "powerstroke/study/checkpoint/checksum.hpp"
#include "powerstroke/study/result/walk.hpp"

namespace powerstroke::io {

using namespace study;

using namespace hdf5;

namespace {

constexpr const char* kFormatName = "powerstroke-result/";
constexpr int kFormatNumber = 1;
/// An attribute whose name, anywhere in the bytes, says that a seal has to follow.
constexpr const char* kIsSealed = "crc32_at_the_end";

/// HDF5 shares what two open files in memory hold if they have one name.
std::string name_in_memory() {
  static std::atomic<std::uint64_t> opened = 0;
  return fmt::format("powerstroke-result-{}", opened++);
}

/// The file in memory first: a full disk is then an ordinary failed write, not a half-closed HDF5
/// file.
std::string hdf5_image(const RunResult& result) {
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "file properties");
  check(H5Pset_fapl_core(access.get(), std::size_t{1} << 20, false), "file properties");
  const Handle file(H5Fcreate(name_in_memory().c_str(), H5F_ACC_TRUNC, kDefault, access.get()),
                    H5Fclose, "file");
  {
    const Handle root(H5Gopen2(file.get(), "/", kDefault), H5Gclose, "/");
    write_text_attribute(root.get(), "format", fmt::format("{}{}", kFormatName, kFormatNumber));
    write_text_attribute(root.get(), "title", result.config.title);
    write_number_attribute<std::uint64_t>(root.get(), "seed", result.config.seed);
    write_text_attribute(root.get(), "config", result.config.json);
    write_text_attribute(root.get(), "version", result.provenance.version);
    write_text_attribute(root.get(), "compiler", result.provenance.compiler);
    write_text_attribute(root.get(), "build", result.provenance.build);
    write_text_attribute(root.get(), "revision", result.provenance.revision);
    write_text_attribute(root.get(), "created", result.provenance.created);
    write_number_attribute<std::uint8_t>(root.get(), "has_particles", result.has_particles ? 1 : 0);
    write_number_attribute<std::uint8_t>(root.get(), kIsSealed, 1);
    walk(Writer(Handle(H5Gopen2(file.get(), "/", kDefault), H5Gclose, "/")), result);
  }
  check(H5Fflush(file.get(), H5F_SCOPE_GLOBAL), "flush");
  const ssize_t size = H5Fget_file_image(file.get(), nullptr, 0);
  if (size < 0) throw Failure(hdf5_reason());
  std::string image(static_cast<std::size_t>(size), '\0');
  if (H5Fget_file_image(file.get(), image.data(), image.size()) < 0) throw Failure(hdf5_reason());
  return image;
}

/// Entries that must have one value a snapshot: nobody who reads the result should have to check it
/// again.
void check_lengths(const RunResult& result) {
  const auto same = [](const char* name, std::size_t found, std::size_t expected) {
    if (found != expected) {
      throw Failure(fmt::format("the dataset '{}' has {} entries where its neighbours have {}",
                                name, found, expected));
    }
  };
  const Series& s = result.series;
  for (const QuantityInfo& info : followed_quantities()) {
    if (info.is_optional) continue;
    const Quantity& quantity = result.quantity(info.key);
    const bool is_missing = info.is_new && quantity.values.empty() && quantity.solution.empty();
    if (is_missing) continue;
    if (info.followed != Followed::by_equation) {
      same(quantity.key.c_str(), quantity.values.size(), s.t.size());
      same((quantity.key + "_err").c_str(), quantity.errors.size(), s.t.size());
    }
    if (info.followed != Followed::by_particles)
      same(quantity.key.c_str(), quantity.solution.size(), result.solution.t.size());
  }
  const Histograms& h = result.histograms;
  same("/histogram/overflow", h.overflow.size(), h.counts.size());
  if (result.has_particles) same("/histogram/counts", h.counts.size(), s.t.size());
  same("/histogram/levels", h.levels.size(), h.counts.size());
  if (!h.counts.empty()) same("/histogram/edges", h.edges.size(), h.counts.front().size() + 1);
}

/// What follows the HDF5 part: the CRC-32 of all before it. HDF5 checks numbers, but may loop for
/// ever over a damaged heap of texts.
constexpr std::string_view kSeal = "\npowerstroke-crc32 ";

std::string sealed(std::string image) {
  return image += fmt::format("{}{:08x}\n", kSeal, crc32_of(image.data(), image.size()));
}

/// Where the HDF5 part says that it ends; nothing if that is not HDF5, of which HDF5 will complain.
std::optional<std::uint64_t> stated_end(const std::string& image) {
  constexpr std::string_view signature = "\x89HDF\r\n\x1a\n";
  constexpr std::size_t version_at = 8;
  if (image.size() <= version_at || !image.starts_with(signature)) return {};
  const std::size_t at = image[version_at] == 0   ? 40
                         : image[version_at] == 1 ? 44
                                                  : 28;  // HDF5 File Format Specification, II.A
  if (image.size() < at + sizeof(std::uint64_t)) return {};
  std::uint64_t end = 0;
  for (std::size_t byte = sizeof end; byte-- > 0;)
    end = end << 8U | static_cast<unsigned char>(image[at + byte]);
  return end;
}

/// Takes the seal off. Files that the first programs wrote have none, and end where their HDF5 part
/// does; later ones say that they have one.
void check_seal(std::string& image) {
  const std::size_t length = kSeal.size() + 9, at = image.size() - std::min(image.size(), length);
  if (image.compare(at, kSeal.size(), kSeal) != 0) {
    const auto end = stated_end(image);
    if ((end && *end != image.size()) || image.find(kIsSealed) != std::string::npos)
      throw Failure("it is damaged: the checksum that should stand at its end does not");
    return;
  }
  const std::string seal = image.substr(at);
  image.resize(at);
  if (sealed(image).substr(at) != seal)
    throw Failure("it is damaged: its checksum is not the one that is stated at its end");
}

RunResult decode(const std::string& image, const std::string& origin) {
  if (image.empty()) throw Failure("it is empty");
  const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose, "file properties");
  check(H5Pset_fapl_core(access.get(), std::size_t{1} << 20, false), "file properties");
  std::string copy = image;  // HDF5 takes it without const, though it copies
  check(H5Pset_file_image(access.get(), copy.data(), copy.size()), "file image");
  const Handle file(H5Fopen(name_in_memory().c_str(), H5F_ACC_RDONLY, access.get()), H5Fclose,
                    "it is no HDF5 file, or damaged");
  const Handle root(H5Gopen2(file.get(), "/", kDefault), H5Gclose, "/");
  check_format(root.get(), kFormatName, kFormatNumber);
  RunResult result;
  const std::string json = read_text_attribute(root.get(), "config");
  try {
    result.config = parse_config(json, origin + " (config)");
  } catch (const ConfigError& error) {
    throw Failure(fmt::format("its config is not valid: {}", error.what()));
  }
  result.config.json = json;
  result.provenance.version = read_text_attribute(root.get(), "version");
  result.provenance.compiler = read_text_attribute(root.get(), "compiler");
  result.provenance.build = read_text_attribute(root.get(), "build");
  result.provenance.revision = read_text_attribute(root.get(), "revision");
  result.provenance.created = read_text_attribute(root.get(), "created");
  result.has_particles = read_number_attribute<std::uint8_t>(root.get(), "has_particles") != 0;
  if (result.config.phase_space) result.phase_space.emplace();
  walk(Reader(Handle(H5Gopen2(file.get(), "/", kDefault), H5Gclose, "/"), "/"), result);
  check_lengths(result);
  return result;
}

}  // namespace

std::string hdf5_bytes(const RunResult& result) {
  const Hdf5Session session;
  return sealed(hdf5_image(result));
}

void write_hdf5(const RunResult& result, const std::filesystem::path& path) {
  std::string bytes;
  try {
    bytes = hdf5_bytes(result);
  } catch (const Failure& failure) {
    throw IoError(fmt::format("cannot write '{}': {}", path.string(), failure.what()));
  }
  write_durably(path, bytes);
}

RunResult from_hdf5_bytes(std::string bytes, const std::string& origin) {
  const Hdf5Session session;
  try {
    check_seal(bytes);
    return decode(bytes, origin);
  } catch (const IoError&) {
    throw;
  } catch (const std::exception&
               error) {  // what HDF5 refuses, and sizes that only a damaged file claims
    throw IoError(fmt::format("cannot read '{}': {}", origin, error.what()));
  }
}

RunResult read_hdf5(const std::filesystem::path& path) {
  return from_hdf5_bytes(read_bytes(path), path.string());
}

}  // namespace powerstroke::io
