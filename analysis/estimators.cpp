#include "powerstroke/analysis/estimators.hpp"

#include <cmath>
#include <limits>

#include "powerstroke/engine/core/ladder.hpp"

namespace powerstroke::analysis {
namespace {

Estimate mean_of(const Moments& moments) {
  if (!std::isfinite(moments.mean) || moments.count == 0) {
    return {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::quiet_NaN()};
  }
  return {moments.mean, std::sqrt(moments.variance() / static_cast<double>(moments.count))};
}

}  // namespace

Estimate mean_energy(const Snapshot& snapshot) { return mean_of(snapshot.energy); }

Estimate mean_ln_energy(const Snapshot& snapshot) { return mean_of(snapshot.ln_energy); }

Estimate phi(const Snapshot& snapshot) {
  std::uint64_t above = 0;
  for (std::size_t i = 0; i < snapshot.levels.size(); ++i) {
    if (can_release(static_cast<std::int32_t>(i) + lowest_level)) above += snapshot.levels[i];
  }
  const auto particles = static_cast<double>(snapshot.particles);
  const double fraction = static_cast<double>(above) / particles;
  return {fraction, std::sqrt(fraction * (1.0 - fraction) / particles)};
}

}  // namespace powerstroke::analysis
