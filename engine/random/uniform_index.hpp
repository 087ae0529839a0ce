#pragma once

#include <cstdint>

namespace powerstroke {

/// One of 0 ... n-1 from 64 random bits, right to n / 2^64.
inline std::uint64_t uniform_index(std::uint64_t n, std::uint64_t bits) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((static_cast<Wide>(bits) * n) >> 64);
}

}  // namespace powerstroke
