#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <vector>

namespace test_support {

/// The largest distance of the empirical distribution function of sorted numbers from `cumulative`,
/// looked at every `stride`-th number, which can only make it smaller.
inline double kolmogorov_distance(const std::vector<double>& sorted,
                                  const std::function<double(double)>& cumulative,
                                  std::size_t stride = 1) {
  const auto n = static_cast<double>(sorted.size());
  double distance = 0.0;
  for (std::size_t i = 0; i < sorted.size(); i += stride) {
    const double expected = cumulative(sorted[i]), below = static_cast<double>(i);
    distance = std::max({distance, expected - below / n, (below + 1.0) / n - expected});
  }
  return distance;
}

/// What that distance exceeds with no more than this probability, for n independent numbers of the
/// law (P. Massart, Ann. Probab. 18 (1990) 1269).
inline double kolmogorov_bound(std::size_t n, double false_alarm) {
  return std::sqrt(std::log(2.0 / false_alarm) / (2.0 * static_cast<double>(n)));
}

}  // namespace test_support
