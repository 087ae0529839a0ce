#pragma once

#include <bit>
#include <cstdint>

namespace powerstroke::analysis {

/// ln x of a positive normal number to two units in the last place. Loops over it become vector
/// instructions, unlike loops over std::log, which took half the time of a snapshot; and it has the
/// same bits with every mathematics library.
///
/// x = 2^k m with m in [0.7071, 1.4142), ln m = 2 artanh s with s = (m - 1)/(m + 1), s^2 < 0.0295:
/// the series ends after s^19/19.
inline double logarithm(double x) {
  constexpr std::uint64_t lowest_mantissa = std::bit_cast<std::uint64_t>(0x1.6a09ep-1);
  constexpr std::uint64_t fraction = (std::uint64_t{1} << 52) - 1, one = std::uint64_t{1023} << 52;
  const std::uint64_t shifted = std::bit_cast<std::uint64_t>(x) - lowest_mantissa + one;
  // The exponent becomes a double by way of the fraction of 2^52: there is no vector conversion
  // from 64-bit integers.
  const double k = std::bit_cast<double>((shifted >> 52) | std::bit_cast<std::uint64_t>(0x1p52)) -
                   (0x1p52 + 1023.0);
  const double m = std::bit_cast<double>((shifted & fraction) + lowest_mantissa);
  const double s = (m - 1.0) / (m + 1.0), z = s * s;
  double series = 1.0 / 19.0;
  for (int odd = 17; odd >= 3; odd -= 2) series = series * z + 1.0 / odd;
  return 0x1.62e42fefa39efp-1 * k + 2.0 * (s + s * z * series);
}

}  // namespace powerstroke::analysis
