#pragma once

#include <limits>
#include <span>

#include "powerstroke/kernels/laws/parameter.hpp"

namespace powerstroke::laws {

/// What a rates law is made from.
struct RatesInput {
  int dimension = 3;
  double mass = 1.0;
  double hbar = 1.0;  ///< in units of the run: energy times time
  std::span<const double> parameter =
      {};  ///< in the order of the law's `parameters`, each of which is one number > 0
};

/// Bounds of a factor over a range of energies, inclusive.
struct FactorRange {
  double low, high;
};

}  // namespace powerstroke::laws
