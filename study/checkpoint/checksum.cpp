#include "powerstroke/study/checkpoint/checksum.hpp"

#include <zlib.h>

namespace powerstroke::study {

std::uint32_t crc32_of(const void* data, std::size_t bytes, std::uint32_t before) {
  return static_cast<std::uint32_t>(::crc32_z(before, static_cast<const Bytef*>(data), bytes));
}

}  // namespace powerstroke::study
