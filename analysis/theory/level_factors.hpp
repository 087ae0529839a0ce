#pragma once

#include <vector>

#include "powerstroke/analysis/theory/noise_equations.hpp"
#include "powerstroke/analysis/theory/populations.hpp"

namespace powerstroke::theory {

/// Averages over the offsets of the factors of each transition on each level, weighted by what is there now; where a level is
/// empty, by the offsets' total probabilities.
std::vector<LevelFactors> level_factors(const Populations& populations, const laws::StrokeLaw& law);

}  // namespace powerstroke::theory
