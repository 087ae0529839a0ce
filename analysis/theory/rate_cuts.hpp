#pragma once

#include <vector>

#include "powerstroke/kernels/laws/stroke_law.hpp"

namespace powerstroke::theory {

/// Energies at which panels of offsets should end for a solution up to a time, beside the
/// breakpoints of its start: where the rates of a transition vanish, and graded steps to both
/// sides.
///
/// Rosen and Zener's factor is 0 where V0 tau/hbar is a whole number, sqrt(E) + sqrt(E + dE) = 2 b
/// sqrt(m/2) V0/(hbar k). About such an energy E_k a rate goes as s^2 (E - E_k)^2, so that a ladder
/// through it falls apart into two that exchange nothing, and the density keeps a feature of the
/// width 1/(s sqrt(w t)). Other laws vanish nowhere inside.
/// @param highest energy that matters. @param time > 0.
std::vector<double> rate_cuts(const laws::StrokeLaw& law, double spacing, double highest,
                              double time);

}  // namespace powerstroke::theory
