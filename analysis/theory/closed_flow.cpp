#include "powerstroke/analysis/theory/closed_flow.hpp"

#include <cmath>
#include <cstddef>

#include "powerstroke/engine/core/stop.hpp"

namespace powerstroke::theory {

double excited_fraction(const laws::Bath& bath, double uptakes, double releases) {
  return bath.excited - (uptakes - releases) / bath.systems_per_particle;
}

ClosedFlow::ClosedFlow(const LadderTransitions& transitions, const laws::StrokeLaw& law)
    : transitions_(transitions), law_(law) {}

std::vector<laws::RatePair> ClosedFlow::rates(std::span<const laws::MeanFactors> mean,
                                              const State& state) const {
  const double *uptakes = state.data() + masses(state), *releases = uptakes + transitions_.size();
  const bool bath = laws::is<laws::Bath>(law_.balance);
  std::vector<laws::RatePair> pairs;
  for (std::size_t k = 0; k < transitions_.size(); ++k) {
    const double excited = bath ? excited_fraction(law_.bath(), uptakes[k], releases[k]) : 0.0;
    pairs.push_back(laws::closed_rates(law_.balance, law_.transitions[k], mean[k], excited));
  }
  return pairs;
}

std::vector<laws::RatePair> ClosedFlow::rates(const State& state) const {
  return rates(transitions_.mean_factors({state.data(), masses(state)}), state);
}

void ClosedFlow::operator()(const State& state, State& slope, double) const {
  const std::size_t cells = masses(state), levels = transitions_.levels();
  const std::vector<laws::MeanFactors> mean = transitions_.mean_factors({state.data(), cells});
  const std::vector<laws::RatePair> pairs = rates(mean, state);
  check_stop();
  StopPacer pace;
  for (std::size_t node = 0; node * levels < cells; ++node) {
    pace(levels);
    transitions_.apply(node, state.data() + node * levels, slope.data() + node * levels, 0.0,
                       pairs);
  }
  for (std::size_t k = 0; k < pairs.size(); ++k) {
    slope[cells + k] = pairs[k].up * mean[k].uptake;
    slope[cells + pairs.size() + k] = pairs[k].down * mean[k].release;
  }
}

double ClosedFlow::over_the_top(const State& state) const {
  const std::size_t levels = transitions_.levels(), stride = transitions_.longest_stride();
  double near_top = 0.0, rate = 0.0;
  for (std::size_t end = levels; end <= masses(state); end += levels)
    for (std::size_t i = end - stride; i < end; ++i) near_top += std::abs(state[i]);
  const std::vector<laws::RatePair> pairs = rates(state);
  for (std::size_t k = 0; k < pairs.size(); ++k) rate += pairs[k].up * transitions_.bound(k);
  return rate * near_top;
}

}  // namespace powerstroke::theory
