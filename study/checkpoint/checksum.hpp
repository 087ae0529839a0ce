#pragma once

#include <cstddef>
#include <cstdint>

namespace powerstroke::study {

/// CRC-32 (that of zlib and of PNG) of bytes in memory. @param before of the bytes that come before
/// them.
std::uint32_t crc32_of(const void* data, std::size_t bytes, std::uint32_t before = 0);

}  // namespace powerstroke::study
