#pragma once

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/kernels/laws/box.hpp"
#include "powerstroke/kernels/laws/potential.hpp"

namespace powerstroke::laws {

/// The law has no width that numbers could resolve: T is far too low for where the well is.
struct TooNarrow : ConfigError {
  using ConfigError::ConfigError;
};

/// Where a coordinate of the law exp(-v(x)/T) in a box lies: outside of the interval the density is
/// below exp(-40) of its largest value. A well much narrower than its box, or far from the origin,
/// is found, too.
/// @param temperature > 0.
/// @throws ConfigError if exp(-v/T) cannot be normalised, or for a potential that is no sum over
/// the axes; TooNarrow.
Interval boltzmann_interval(const AnyPotential& potential, double temperature, const Extent& extent,
                            double t);

}  // namespace powerstroke::laws
