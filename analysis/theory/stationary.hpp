#pragma once

#include <limits>
#include <string>

#include "powerstroke/analysis/theory/populations.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"

namespace powerstroke::theory {

/// Where the master equation of a stroke law ends: on each ladder that its strokes connect, weights
/// E^s exp(-beta E), s the exponent of the rates law's density of states, with the probability that
/// the ladder had at the start. For `exchange` that is the law of infinitely many particles.
struct StationaryLaw {
  enum class Kind {
    exists,
    frozen,  ///< no stroke can ever happen: the start stays as it is
    none     ///< no law of this form
  };
  Kind kind;
  double beta =
      std::numeric_limits<double>::quiet_NaN();  ///< inverse temperature, > 0, where it exists
  std::string why;                               ///< where it does not
};

/// beta follows from the rates if they are given, from the energy of the start if they conserve it,
/// and under `bath` from what particles and two-level systems have together.
/// @throws NumericsError if a delta_e is no whole multiple of the grid's spacing.
StationaryLaw stationary_law(const Populations& start, const laws::StrokeLaw& law);

/// The populations of a stationary law that exists. Particles at rest (level -1) are lifted with
/// the others, or stay where they are if the rates law lets none of them take up energy.
/// @param tail about what may be left above the top.
/// @throws NumericsError if they spread over so many levels that the grid would need more than 2^23
/// numbers.
Populations stationary_populations(const Populations& start, const laws::StrokeLaw& law,
                                   double beta, double tail = 1e-15);

}  // namespace powerstroke::theory
