#pragma once

#include <cstddef>

#include "powerstroke/analysis/theory/populations.hpp"

namespace powerstroke::theory {

/// The same probability of each level on so many offsets at most, each an atom that stands for its neighbours: the equation of a start
/// which is followed for what it costs, at a fraction of that.
Populations thinned(const Populations& populations, std::size_t nodes);

}  // namespace powerstroke::theory
