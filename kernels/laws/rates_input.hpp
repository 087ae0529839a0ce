#pragma once

#include <limits>
#include <span>

namespace powerstroke::laws {

/// A number that a rates law wants from its section of a config, `strokes.<name of the law>`.
struct RatesParameter {
  const char* name;
  const char* quantity;  ///< "energy", "length" ...: which units it may be given in; "" for a plain number
  const char* description;
};

/// What a rates law is made from.
struct RatesInput {
  int dimension = 3;
  double mass = 1.0;
  double hbar = 1.0;                       ///< in units of the run: energy times time
  std::span<const double> parameter = {};  ///< in the order of the law's `parameters`; each is > 0
};

/// Bounds of a factor over a range of energies, inclusive.
struct FactorRange {
  double low, high;
};

}  // namespace powerstroke::laws
