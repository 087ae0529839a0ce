#pragma once

#include <span>
#include <vector>

#include "powerstroke/analysis/theory/ladder_transitions.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"

namespace powerstroke::theory {

/// Fraction of a bath's systems that are excited after so many uptakes and releases per particle:
/// each uptake takes a quantum from them.
double excited_fraction(const laws::Bath& bath, double uptakes, double releases);

/// The master equation (7) of a large ensemble whose rates follow from its own averages, as a
/// first-order system: the masses, [node * levels + level + 1], then the expected uptakes per
/// particle so far by transition, then the releases.
class ClosedFlow {
 public:
  using State = std::vector<double>;

  ClosedFlow(const LadderTransitions& transitions, const laws::StrokeLaw& law);

  /// slope = d(state)/dt.
  void operator()(const State& state, State& slope, double) const;

  std::vector<laws::RatePair> rates(const State& state) const;
  /// Rate at which mass within the longest stride of the top would leave over it, at most.
  double over_the_top(const State& state) const;
  /// Of a state, how many entries are masses.
  std::size_t masses(const State& state) const { return state.size() - 2 * transitions_.size(); }

 private:
  std::vector<laws::RatePair> rates(std::span<const laws::MeanFactors> mean,
                                    const State& state) const;

  const LadderTransitions& transitions_;
  const laws::StrokeLaw& law_;
};

}  // namespace powerstroke::theory
