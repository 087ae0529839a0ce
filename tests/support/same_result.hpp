#pragma once

#include <filesystem>
#include <string>

#include "powerstroke/io/files/durable_file.hpp"
#include "powerstroke/io/result/folder.hpp"
#include "powerstroke/io/result/hdf5.hpp"
#include "support/temporary_folder.hpp"

namespace test_support {

/// All data of a result as the bytes of its file, without when and how fast it was made: what two
/// runs of one config must have in common.
inline std::string bytes_of(powerstroke::study::RunResult result) {
  result.performance = {};
  result.provenance.created = "";
  const TemporaryFolder place;
  powerstroke::io::write_hdf5(result, place.path() / "result.h5");
  return powerstroke::io::read_bytes(place.path() / "result.h5");
}

/// The bytes of a trajectory, without when it was made.
inline std::string trajectory_bytes(const std::filesystem::path& folder) {
  std::string bytes = powerstroke::io::read_bytes(folder / "trajectory.h5md");
  const std::string created = powerstroke::io::read_result(folder).provenance.created;
  for (std::size_t at = bytes.find(created); at != std::string::npos; at = bytes.find(created, at))
    bytes.replace(at, created.size(), created.size(), '.');
  return bytes;
}

}  // namespace test_support
