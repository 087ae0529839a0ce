#pragma once

#include <cstddef>

#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke::theory {

/// out[i] = base * ladder[i] + (flow in - flow out) of one ladder, [level + 1]: uptakes to the level above, releases to the
/// level below. Level -1 gets no releases, and the top level reflects: nothing is taken up from it. Whatever leaves a level
/// is the same rounded number that enters its neighbour, so that the ladder's mass is kept.
/// @param levels at least 3.
inline void apply_flows(const double* ladder, double* out, std::size_t levels, double base, double up, double down) {
  POWERSTROKE_EXPECT(levels >= 3);
  const auto net_up = [=](std::size_t i) { return up * ladder[i] - down * ladder[i + 1]; };
  const std::size_t top = levels - 1;
  const double from_rest = up * ladder[0];
  out[0] = base * ladder[0] - from_rest;
  out[1] = base * ladder[1] + (from_rest - net_up(1));
  for (std::size_t i = 2; i < top; ++i) out[i] = base * ladder[i] + (net_up(i - 1) - net_up(i));
  out[top] = base * ladder[top] + net_up(top - 1);
}

}  // namespace powerstroke::theory
