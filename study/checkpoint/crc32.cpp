#include "powerstroke/study/checkpoint/crc32.hpp"

#include <array>
#include <bit>
#include <cstddef>

namespace powerstroke::study {
namespace {

/// table[k][byte]: what a byte adds that k zero bytes follow. Eight bytes, a double, are looked up at once.
constexpr auto table = [] {
  std::array<std::array<std::uint32_t, 256>, 8> all{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t value = byte;
    for (int bit = 0; bit < 8; ++bit) value = (value >> 1U) ^ ((value & 1U) != 0 ? 0xEDB88320U : 0U);
    all[0][byte] = value;
  }
  for (std::size_t k = 1; k < all.size(); ++k)
    for (std::uint32_t byte = 0; byte < 256; ++byte)
      all[k][byte] = (all[k - 1][byte] >> 8U) ^ all[0][all[k - 1][byte] & 0xFFU];
  return all;
}();

/// The byte of a double at a place in memory.
std::uint64_t byte_at(std::uint64_t bits, unsigned place) {
  return (bits >> (8U * (std::endian::native == std::endian::little ? place : 7U - place))) & 0xFFU;
}

}  // namespace

std::uint32_t crc32(std::span<const double> numbers, std::uint32_t before) {
  std::uint32_t value = ~before;
  for (const double number : numbers) {
    const auto bits = std::bit_cast<std::uint64_t>(number);
    std::uint32_t next = 0;
    for (unsigned place = 0; place < 8; ++place) {
      const std::uint32_t of_value = place < 4 ? (value >> (8U * place)) & 0xFFU : 0U;
      next ^= table[7U - place][byte_at(bits, place) ^ of_value];
    }
    value = next;
  }
  return ~value;
}

}  // namespace powerstroke::study
