#pragma once

#include <span>

#include "powerstroke/analysis/theory/populations.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"

namespace powerstroke::theory {

/// Where the entropy of the strokes goes, per particle and time, in k_B: production = change +
/// exchange.
struct EntropyBalance {
  double production;  ///< never negative
  double
      exchange;   ///< given to the surroundings; in a thermal run the heat given to the bath over T
  double change;  ///< rate at which S_E + s <ln E> rises, s the exponent of the rates law's density
                  ///< of states
};

/// J. Schnakenberg, Rev. Mod. Phys. 48 (1976) 571, with the net flow J_k(E) = w+ u(E) P(E) - w-
/// r(E+dE) P(E+dE) of each transition:
///     production = sum_k int J_k ln(w+ u(E) P(E) / (w- r(E+dE) P(E+dE))) dE,   exchange = sum_k
///     int J_k ln(w+/w-) dE.
/// S_E + s <ln E> is S_E for constant rates and S^(1), up to a constant, for microreversible ones.
/// Under (8) there is no exchange, and with one transition at constant rates production is (A.6);
/// under `bath` exchange is the rate at which the entropy of the two-level systems rises.
///
/// Production, and exchange or change with it, is infinite where one of two opposite flows is 0 and
/// the other, per node, comes from more than 1e-12 probability (what is less may be the solver's
/// cut). Production and change are NaN if there are atoms.
/// @param rates w+ and w-, by transition.
EntropyBalance entropy_balance(const Populations& populations, const laws::StrokeLaw& law,
                               std::span<const laws::RatePair> rates);

}  // namespace powerstroke::theory
