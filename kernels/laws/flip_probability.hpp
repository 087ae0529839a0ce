#pragma once

#include "powerstroke/kernels/laws/rates_input.hpp"

namespace powerstroke::laws {

/// A particle that passes a two-level system couples its levels for a while: H = (dE/2) sigma_z +
/// V0 sech(t/tau) sigma_x.
struct Passage {
  double coupling;  ///< V0, energy, > 0
  double delta_e;   ///< gap dE of the two levels, > 0
  double duration;  ///< tau, >= 0; infinite for a particle that stands still
  double hbar;      ///< energy times time
};

/// The probability that the passage, from long before to long after, leaves the system in its other
/// level (N. Rosen, C. Zener, Phys. Rev. 40 (1932) 502): P = sin^2(pi V0 tau/hbar) sech^2(pi dE
/// tau/(2 hbar)). It is the same from either level. Fast passages (tau -> 0) flip nothing, P -> (pi
/// V0 tau/hbar)^2; slow ones neither, P -> 0 exponentially.
double flip_probability(const Passage& passage);

/// Between which values flip_probability lies for durations from that of `fast` to that of `slow`,
/// passages alike otherwise; wider by a few roundings.
FactorRange flip_probability_range(const Passage& fast, const Passage& slow);

/// The largest flip_probability of all durations up to that of `passage`: attained, but for
/// roundings that are added so that no flip_probability lies above.
double largest_flip_probability(const Passage& passage);

}  // namespace powerstroke::laws
