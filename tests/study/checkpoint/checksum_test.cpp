#include "powerstroke/study/checkpoint/checksum.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

using namespace powerstroke;

TEST_CASE("crc32: the published check value, at once and piece by piece") {
  const std::string digits = "123456789";
  const std::uint32_t whole = study::crc32_of(digits.data(), digits.size());
  CHECK(
      whole ==
      0xCBF43926U);  // R. N. Williams, "A painless guide to CRC error detection algorithms" (1993)
  CHECK(study::crc32_of(digits.data() + 4, 5, study::crc32_of(digits.data(), 4)) == whole);
  CHECK(study::crc32_of(digits.data(), 0) == 0);
  CHECK(study::crc32_of(digits.data(), 0, whole) == whole);
}
