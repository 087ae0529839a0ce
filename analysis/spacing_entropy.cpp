#include <algorithm>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <boost/sort/spreadsort/float_sort.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "powerstroke/analysis/estimators.hpp"
#include "powerstroke/analysis/snapshot.hpp"

namespace powerstroke::analysis {
namespace {

/// m: wide enough that spacings cost no precision, narrow enough that the density hardly changes over them.
std::size_t spacings_to_each_side(std::size_t particles) {
  return static_cast<std::size_t>(std::lround(std::pow(static_cast<double>(particles), 0.25)));
}

/// Variance that spacings of m particles add to that of ln P(E) (N. Cressie, Biometrika 63 (1976) 343), close to 1/(3m).
double spacing_variance(double m) { return (2.0 * m * m - 2.0 * m + 1.0) * boost::math::trigamma(m) - 2.0 * m + 1.0; }

}  // namespace

Estimate spacing_entropy(std::span<double> energies) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const std::size_t particles = energies.size(), m = spacings_to_each_side(particles);
  if (particles < 2 * m + 1) return {nan, nan};
  boost::sort::spreadsort::float_sort(energies.begin(), energies.end());

  // For a uniform density the spacing of k particles has exactly the mean logarithm psi(k) - psi(N + 1) + ln(range).
  std::vector<double> digamma(2 * m + 1);
  for (std::size_t k = m; k <= 2 * m; ++k) digamma[k] = boost::math::digamma(static_cast<double>(k));
  const double all = boost::math::digamma(static_cast<double>(particles) + 1.0);

  Moments surprisal;  // -ln P(E) at each particle
  for (std::size_t i = 0; i < particles; ++i) {
    const std::size_t low = i < m ? 0 : i - m, high = std::min(i + m, particles - 1);
    const double spacing = energies[high] - energies[low];
    if (spacing <= 0.0) return {nan, nan};
    surprisal += {1, std::log(spacing) + all - digamma[high - low], 0.0};
  }
  const auto width = static_cast<double>(2 * m);
  const double spread = std::max(surprisal.variance() - boost::math::trigamma(width), 0.0);
  return {surprisal.mean, std::sqrt((spread + spacing_variance(width)) / static_cast<double>(particles))};
}

}  // namespace powerstroke::analysis
