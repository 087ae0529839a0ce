#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "fuzz/change_datasets.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/checkpoint/checkpoints.hpp"
#include "powerstroke/io/files/durable_file.hpp"
#include "powerstroke/io/result/folder.hpp"
#include "powerstroke/study/checkpoint/checksum.hpp"
#include "powerstroke/study/run/run.hpp"

/// A checkpoint with some of its datasets changed and a head that says that nothing is wrong:
/// refused by an error, or a run goes on from it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace powerstroke;
  namespace fs = std::filesystem;
  if (size == 0) return 0;
  static const fs::path folder =
      fs::temp_directory_path() / ("fuzz-checkpoint-" + std::to_string(::getpid()));
  fs::create_directory(folder);
  const std::string name = data[0] % 2 == 0 ? "checkpoint-1" : "checkpoint-1-phase-space";
  const fs::path data_folder = fs::path(POWERSTROKE_SOURCE_DIR) / "tests" / "data",
                 file = folder / io::checkpoint_name;
  fs::copy_file(data_folder / (name + ".h5"), file, fs::copy_options::overwrite_existing);
  fs::copy_file(data_folder / "checkpoint-1-phase-space.frames", folder / io::frame_log_name,
                fs::copy_options::overwrite_existing);
  fs::remove(folder / io::previous_checkpoint_name);
  fuzz::change_datasets(file, {data + 1, size - 1});
  std::string bytes = io::read_bytes(file);
  std::array<char, 512> head = {};
  const unsigned crc =
      powerstroke::study::crc32_of(bytes.data() + head.size(), bytes.size() - head.size());
  std::snprintf(head.data(), head.size(), "powerstroke-checkpoint/1\nbytes %zu\ncrc32 %08x\n",
                bytes.size() - head.size(), crc);
  bytes.replace(0, head.size(), head.data(), head.size());
  io::write_durably(file, bytes);
  std::vector<std::string> remarks;
  try {
    int steps = 3;
    io::Checkpoints run = io::Checkpoints::resume(
        folder, {0.0, [&] { return steps-- > 0 ? study::Wish::go_on : study::Wish::stop; }},
        remarks);
    study::run(run.config(), {}, &run);
  } catch (const study::Interrupted&) {
  } catch (const IoError&) {
  } catch (const NumericsError&) {
  }
  return 0;
}
