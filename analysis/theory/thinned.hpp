#pragma once

#include <cstddef>

#include "powerstroke/analysis/theory/populations.hpp"

namespace powerstroke::theory {

/// The same probability of each level on so many offsets at most, each an atom that stands for its
/// neighbours. At constant rates, where no offset behaves unlike another, one is enough; else it
/// tells what the equation of a start costs, at a fraction of that.
Populations thinned(const Populations& populations, std::size_t nodes);

}  // namespace powerstroke::theory
