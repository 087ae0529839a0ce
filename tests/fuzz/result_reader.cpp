#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "fuzz/change_datasets.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/result/hdf5.hpp"

/// A result with some of its datasets changed: refused by an IoError, or read into a result that
/// can be written and read again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace powerstroke;
  namespace fs = std::filesystem;
  if (size == 0) return 0;
  static const fs::path file =
      fs::temp_directory_path() / ("fuzz-result-" + std::to_string(::getpid()) + ".h5");
  const fs::path data_folder = fs::path(POWERSTROKE_SOURCE_DIR) / "tests" / "data";
  fs::copy_file(data_folder / (data[0] % 2 == 0 ? "result-1.h5" : "result-1-phase-space.h5"), file,
                fs::copy_options::overwrite_existing);
  fuzz::change_datasets(file, {data + 1, size - 1});
  study::RunResult result;
  try {
    result = io::read_hdf5(file);
  } catch (const IoError&) {
    return 0;
  }
  io::write_hdf5(result, file);
  io::read_hdf5(file);
  return 0;
}
