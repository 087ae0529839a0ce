#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "powerstroke/io/files/hdf5_fwd.hpp"

/// A checkpoint as a file: HDF5 behind a block of 512 bytes, in which stand, as lines of text, the
/// format and its version, how many bytes follow, and their CRC-32. Nothing of the HDF5 part is
/// looked at before that holds.
namespace powerstroke::io {

/// The newest version, which is written. Older ones are read.
inline constexpr int checkpoint_version = 1;

/// Writes a file that was not there, and waits until the disk has it.
/// @param fill writes the groups. @throws IoError with the path and the reason; what is there of
/// the file then is no checkpoint.
void write_checkpoint(const std::filesystem::path& path,
                      const std::function<void(const hdf5::Writer& root)>& fill);

/// A checkpoint to read from.
class CheckpointFile {
 public:
  /// @throws IoError that names the path and says what is wrong: missing, no checkpoint, of a
  ///         version newer than this program's, shorter than it should be, or with another
  ///         checksum.
  explicit CheckpointFile(const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  /// Calls `use`; what is wrong with the contents becomes an IoError that names the path.
  void read(const std::function<void(const hdf5::Reader& root)>& use) const;

 private:
  std::filesystem::path path_;
};

}  // namespace powerstroke::io
