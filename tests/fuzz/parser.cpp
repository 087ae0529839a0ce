#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/config/config.hpp"

/// Any bytes as a config: refused by a ConfigError, or decoded into a config whose own text decodes
/// to itself.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace powerstroke;
  study::Config config;
  try {
    config = io::parse_config(std::string(reinterpret_cast<const char*>(data), size),
                              "fuzz.json");  // NOLINT
  } catch (const ConfigError&) {
    return 0;
  }
  if (io::parse_config(config.json, "again.json").json != config.json) std::abort();
  return 0;
}
