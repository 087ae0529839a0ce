#include "powerstroke/analysis/estimators.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace powerstroke::analysis {

Estimate mean_of(const Moments& moments) {
  if (!std::isfinite(moments.mean) || moments.count == 0) {
    return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
  }
  return {moments.mean, std::sqrt(moments.variance() / static_cast<double>(moments.count))};
}

Estimate mean_energy(const Snapshot& snapshot) { return mean_of(snapshot.energy); }

Estimate mean_ln_energy(const Snapshot& snapshot) { return mean_of(snapshot.ln_energy); }

Estimate phi(const Snapshot& snapshot) {
  const auto particles = static_cast<double>(snapshot.particles);
  const auto above = static_cast<double>(snapshot.above);
  if (snapshot.particles < 2) return {above / particles, std::numeric_limits<double>::quiet_NaN()};
  const double both =
      particles + 2.0;  // the parameters of the posterior, above + 1 and below + 1, together
  return {above / particles,
          std::sqrt((above + 1.0) * (particles - above + 1.0) / (particles + 3.0)) / both};
}

Estimate with_unseen(Estimate seen, double change, std::uint64_t particles) {
  return {seen.value, std::isnan(seen.error)
                          ? seen.error
                          : std::max(seen.error, change / (static_cast<double>(particles) + 2.0))};
}

}  // namespace powerstroke::analysis
