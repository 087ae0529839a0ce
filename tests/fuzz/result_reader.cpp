#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/result/durable_file.hpp"
#include "powerstroke/io/result/hdf5.hpp"

/// Any bytes as result.h5: refused by an IoError, or read into a result that can be written again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace powerstroke;
  static const std::filesystem::path file =
      std::filesystem::temp_directory_path() / ("fuzz-result-" + std::to_string(::getpid()) + ".h5");
  io::write_durably(file, {reinterpret_cast<const char*>(data), size});  // NOLINT
  try {
    const io::RunResult result = io::read_hdf5(file);
    io::write_hdf5(result, file);
  } catch (const IoError&) {
  }
  return 0;
}
