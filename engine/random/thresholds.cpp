#include "powerstroke/engine/random/thresholds.hpp"

namespace powerstroke {

std::vector<std::uint64_t> cumulative_thresholds(std::span<const double> probability) {
  constexpr double two_to_64 = 0x1p64;
  // From the lower side below the median and from the upper side above it: each keeps its small end
  // exact.
  std::vector<double> upper(probability.size() + 1, 0.0);
  for (std::size_t k = probability.size(); k-- > 0;) upper[k] = upper[k + 1] + probability[k];
  std::vector<std::uint64_t> below;
  double lower = 0.0;
  for (std::size_t k = 0; k < probability.size(); ++k) {
    lower += probability[k];
    const double above = upper[k + 1];
    if (above * two_to_64 < 1.0) break;
    below.push_back(lower < 0.5 ? static_cast<std::uint64_t>(lower * two_to_64)
                                : std::uint64_t{0} - static_cast<std::uint64_t>(above * two_to_64));
  }
  return below;
}

}  // namespace powerstroke
