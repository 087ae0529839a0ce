#include <unistd.h>
#include <zlib.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/checkpoint/checkpoints.hpp"
#include "powerstroke/io/result/durable_file.hpp"
#include "powerstroke/io/result/folder.hpp"
#include "powerstroke/io/run/run.hpp"

/// Any bytes as a checkpoint, whose head is made right, since nothing behind a wrong one is looked at: refused by an error, or a run
/// goes on from it. Bytes that keep their head's magic are taken as they are.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace powerstroke;
  static const std::filesystem::path folder =
      std::filesystem::temp_directory_path() / ("fuzz-checkpoint-" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  std::string bytes(reinterpret_cast<const char*>(data), size);  // NOLINT
  constexpr std::size_t head = 512;
  if (size > head && bytes[size - 1] % 8 != 7) {
    const auto crc = static_cast<unsigned>(::crc32_z(0, data + head, size - head));
    char text[head] = {};
    std::snprintf(text, sizeof text, "powerstroke-checkpoint/1\nbytes %zu\ncrc32 %08x\n", size - head, crc);
    bytes.replace(0, head, text, head);
  }
  io::write_durably(folder / io::checkpoint_name, bytes);
  std::vector<std::string> remarks;
  try {
    int steps = 3;
    io::Checkpoints run =
        io::Checkpoints::resume(folder, {0.0, [&] { return steps-- > 0 ? io::Wish::go_on : io::Wish::stop; }}, remarks);
    if (run.config().ensemble.particles < 10000) io::run(run.config(), {}, &run);
  } catch (const io::Interrupted&) {
  } catch (const IoError&) {
  } catch (const ConfigError&) {
  } catch (const NumericsError&) {
  }
  return 0;
}
