#include "powerstroke/study/checkpoint/crc32.hpp"

#include <boost/crc.hpp>

namespace powerstroke::study {
namespace {

std::uint32_t bits_reversed(std::uint32_t value) {
  std::uint32_t result = 0;
  for (int bit = 0; bit < 32; ++bit, value >>= 1U) result = (result << 1U) | (value & 1U);
  return result;
}

}  // namespace

std::uint32_t crc32(std::span<const double> numbers, std::uint32_t before) {
  // Boost takes the remainder so far as it is before the last complement and the reflection.
  boost::crc_32_type crc(bits_reversed(~before));
  crc.process_bytes(numbers.data(), numbers.size_bytes());
  return static_cast<std::uint32_t>(crc.checksum());
}

}  // namespace powerstroke::study
