#include "powerstroke/analysis/theory/level_factors.hpp"

#include <numeric>

#include "powerstroke/analysis/theory/ladder_transitions.hpp"
#include "powerstroke/engine/core/stop.hpp"

namespace powerstroke::theory {

std::vector<LevelFactors> level_factors(const Populations& populations, const laws::StrokeLaw& law) {
  const LadderTransitions transitions(populations.grid, populations.levels, law);
  const std::size_t nodes = populations.grid.nodes(), levels = populations.levels;
  std::vector<double> of_node(nodes);
  for (std::size_t node = 0; node < nodes; ++node) {
    const auto ladder = populations.ladder(node);
    of_node[node] = std::accumulate(ladder.begin(), ladder.end(), 0.0);
  }
  std::vector<LevelFactors> factors(transitions.size());
  StopPacer pace;
  for (std::size_t k = 0; k < factors.size(); ++k)
    for (std::size_t index = 0; index < levels; ++index) {
      pace(4 * nodes);
      double here = 0.0;
      for (std::size_t node = 0; node < nodes; ++node) here += populations.ladder(node)[index];
      double weights = 0.0, uptake = 0.0, release = 0.0;
      for (std::size_t node = 0; node < nodes; ++node) {
        const double weight = here > 1e-14 ? populations.ladder(node)[index] : of_node[node];
        weights += weight;
        uptake += weight * transitions.uptake(k, node, index);
        release += weight * transitions.release(k, node, index);
      }
      factors[k].uptake.push_back(uptake / weights);
      factors[k].release.push_back(release / weights);
    }
  return factors;
}

}  // namespace powerstroke::theory
