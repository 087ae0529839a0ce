#pragma once

#include <cstdint>
#include <span>

namespace powerstroke::study {

/// The CRC-32 of zlib and of PNG (ISO 3309, reflected polynomial 0xEDB88320) of numbers in memory, as they lie there.
/// @param before the CRC-32 of the bytes that come before them. @returns that of all bytes together.
std::uint32_t crc32(std::span<const double> numbers, std::uint32_t before = 0);

}  // namespace powerstroke::study
