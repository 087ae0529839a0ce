#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "powerstroke/analysis/theory/ladder_transitions.hpp"
#include "powerstroke/analysis/theory/populations.hpp"

namespace powerstroke::theory {

/// What a stretch of time h at rates that do not change makes of populations.
struct Uniformized {
  std::vector<double> mass;
  std::vector<laws::MeanFactors>
      time;           ///< int <u> dt and int <r> dt over the stretch, by transition
  double reflected;   ///< bounds what the reflection at the top has changed
  double cut;         ///< bounds what the end of the sum has left out
  std::size_t terms;  ///< of the sum
};

/// A rate slightly above that of all candidates for a stroke of one particle.
double candidate_rate(const LadderTransitions& transitions, std::span<const laws::RatePair> rates);

/// The longest stretch that `uniformize` takes at once.
double longest_stretch(double candidate_rate);

/// Uniformization (A. Jensen, 1953): P(h) = sum_k Poisson(k; c h) U^k P with c the candidate rate,
/// the sum cut where what is left is <= tail.
/// @param h at most the longest stretch.
Uniformized uniformize(const Populations& start, const LadderTransitions& transitions,
                       std::span<const laws::RatePair> rates, double h, double tail);

}  // namespace powerstroke::theory
