#pragma once

#include <concepts>
#include <limits>

namespace powerstroke {

/// A floating-point number as an integer, without its fraction. What the type cannot hold becomes
/// its nearest limit, and what is not a number 0: the language leaves a plain conversion undefined
/// there, and a user may have written the number.
template <std::integral Int>
constexpr Int whole_number(double value) {
  constexpr Int least = std::numeric_limits<Int>::min(), most = std::numeric_limits<Int>::max();
  // The limits as doubles: the upper one may round to the next power of 2, which the type does not
  // hold.
  if (!(value > static_cast<double>(least))) return value == value ? least : Int{0};
  return value < static_cast<double>(most) ? static_cast<Int>(value) : most;
}

}  // namespace powerstroke
