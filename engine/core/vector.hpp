#pragma once

#include <array>

namespace powerstroke {

/// A vector in 1, 2 or 3 dimensions; components beyond the dimension are 0.
using Vector = std::array<double, 3>;

}  // namespace powerstroke
