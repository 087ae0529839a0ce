#include "powerstroke/analysis/theory/thinned.hpp"

#include <algorithm>
#include <vector>

#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke::theory {

Populations thinned(const Populations& populations, std::size_t nodes) {
  POWERSTROKE_EXPECT(nodes > 0);
  const OffsetGrid& grid = populations.grid;
  const std::size_t all = grid.nodes(), groups = std::min(nodes, all), levels = populations.levels;
  Populations result{{}, levels, std::vector<double>(groups * levels, 0.0)};
  result.grid.spacing = grid.spacing;
  result.grid.width.assign(groups, 0.0);
  for (std::size_t group = 0; group < groups; ++group) {
    const std::size_t first = group * all / groups, last = (group + 1) * all / groups;
    result.grid.offset.push_back(grid.offset[(first + last) / 2]);
    for (std::size_t node = first; node < last; ++node)
      for (std::size_t i = 0; i < levels; ++i)
        result.mass[group * levels + i] += populations.mass[node * levels + i];
  }
  return result;
}

}  // namespace powerstroke::theory
