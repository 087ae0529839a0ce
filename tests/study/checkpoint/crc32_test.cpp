#include "powerstroke/study/checkpoint/crc32.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <span>
#include <vector>

#include "powerstroke/io/files/checksum.hpp"

using namespace powerstroke;

TEST_CASE("crc32: that of zlib, at once and piece by piece") {
  std::vector<double> numbers;
  for (int i = 0; i < 1000; ++i) numbers.push_back(std::sin(0.37 * i) * std::exp2(i % 60 - 30));
  const std::span<const double> all(numbers);
  const std::uint32_t whole = io::crc32_of(numbers.data(), numbers.size() * sizeof(double));
  CHECK(study::crc32(all) == whole);
  CHECK(study::crc32(all.subspan(123), study::crc32(all.first(123))) == whole);
  CHECK(study::crc32({}) == 0);
  CHECK(study::crc32({}, whole) == whole);
}
