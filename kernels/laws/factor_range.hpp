#pragma once

#include "powerstroke/kernels/laws/rates.hpp"

/// Between which values the factors of a rates law lie in a range of energies: what lets a kernel
/// decide most candidates without evaluating the law.
namespace powerstroke::laws {

/// Of the uptakes at energies in [low, high], up to roundings; [0, bound] if the law has no
/// `uptake_range` of its own.
template <Rates R>
FactorRange uptake_range(const R& law, double low, double high, double delta_e) {
  if constexpr (requires { law.uptake_range(low, high, delta_e); })
    return law.uptake_range(low, high, delta_e);
  else
    return {0.0, law.bound(delta_e)};
}

/// Of the releases, which there are none of up to delta_e.
template <Rates R>
FactorRange release_range(const R& law, double low, double high, double delta_e) {
  if constexpr (requires { law.release_range(low, high, delta_e); })
    return law.release_range(low, high, delta_e);
  else
    return {0.0, law.bound(delta_e)};
}

}  // namespace powerstroke::laws
