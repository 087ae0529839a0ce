#include <algorithm>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <boost/sort/spreadsort/float_sort.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "powerstroke/analysis/estimators.hpp"
#include "powerstroke/analysis/snapshot.hpp"
#include "powerstroke/engine/core/stop.hpp"

namespace powerstroke::analysis {
namespace {

/// m: wide enough that spacings cost no precision, narrow enough that the density hardly changes
/// over them.
std::size_t spacings_to_each_side(std::size_t particles) {
  return static_cast<std::size_t>(std::lround(std::pow(static_cast<double>(particles), 0.25)));
}

/// Variance that spacings of m particles add to that of ln P(E) (N. Cressie, Biometrika 63 (1976)
/// 343), close to 1/(3m).
double spacing_variance(double m) {
  return (2.0 * m * m - 2.0 * m + 1.0) * boost::math::trigamma(m) - 2.0 * m + 1.0;
}

/// Ends of the samples that seams, which recur with period 1, cut places in ascending order into.
std::vector<std::size_t> sample_ends(std::span<const double> places,
                                     std::span<const double> seams) {
  constexpr std::size_t least = 16;
  std::vector<std::size_t> ends;
  std::size_t begin = 0;
  if (!seams.empty()) {
    for (std::size_t i = 1; i < places.size(); ++i) {
      // The next seam after the place before: is it below this one?
      const double below = places[i - 1], turn = std::floor(below);
      const auto after = std::ranges::upper_bound(seams, below - turn);
      const double seam = turn + (after == seams.end() ? seams.front() + 1.0 : *after);
      if (seam > places[i] || i - begin < least || places.size() - i < least) continue;
      ends.push_back(i);
      begin = i;
    }
  }
  ends.push_back(places.size());
  return ends;
}

}  // namespace

double added_by_spacings(std::size_t particles) {
  return spacing_variance(static_cast<double>(spacings_to_each_side(particles)));
}

SpacingEntropy spacing_entropy(std::span<double> energies, const OffsetMap& map) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  const std::size_t particles = energies.size();
  if (particles < 2 * spacings_to_each_side(particles) + 1) return {nan, nan, nan, nan};
  boost::sort::spreadsort::float_sort(energies.begin(), energies.end());
  StopPacer pace;
  const auto total = static_cast<double>(particles);
  std::vector<double> places(particles), ln_slopes(particles);
  for (std::size_t i = 0; i < particles; ++i) {
    pace(64);
    const OffsetMap::Place place = map(energies[i]);
    places[i] = place.z;
    ln_slopes[i] = place.ln_slope;
  }
  const std::vector<std::size_t> ends = sample_ends(places, map.seams());
  const double reference = std::log(
      energies.back() - energies.front());  // near -ln P, so that the product cancels little

  double wider = 0.0;                     // the mean of -ln P by spacings twice as wide
  double product = 0.0, logarithm = 0.0;  // sums with ln E
  Moments surprisal;                      // -ln P(E) at each particle
  double added = 0.0,
         own = 0.0;  // what the spacings add to the variance of ln P, and have of their own
  for (std::size_t k = 0, first = 0; k < ends.size(); first = ends[k++]) {
    const std::size_t last = ends[k] - 1, size = ends[k] - first, m = spacings_to_each_side(size);
    if (size < 2 * m + 1) return {nan, nan, nan, nan};
    // For a uniform density the spacing of k of n particles has exactly the mean logarithm psi(k) -
    // psi(n + 1) + ln(range).
    std::vector<double> digamma(4 * m + 1);
    for (std::size_t i = m; i <= 4 * m; ++i)
      digamma[i] = boost::math::digamma(static_cast<double>(i));
    const double n = static_cast<double>(size),
                 all = boost::math::digamma(n + 1.0) - std::log(n / total);
    const auto by_spacing = [&](std::size_t i, std::size_t side) {
      const std::size_t low = i - first < side ? first : i - side, high = std::min(i + side, last);
      // Particles of one energy that differ by roundings of their momenta are an atom, too.
      constexpr double roundings = 64.0 * std::numeric_limits<double>::epsilon();
      const double spacing = places[high] - places[low];
      if (spacing <= roundings * std::abs(places[high]))
        return -std::numeric_limits<double>::infinity();
      return std::log(spacing) - ln_slopes[i] + all - digamma[high - low];
    };
    for (std::size_t i = first; i <= last; ++i) {
      pace(32);
      const double here = by_spacing(i, m);
      if (!std::isfinite(here)) return {nan, nan, nan, nan};
      surprisal += {1, here, 0.0};
      wider += by_spacing(i, 2 * m) / total;
      const double ln_energy = std::log(energies[i]);
      logarithm += ln_energy;
      product += (here - reference) * ln_energy;
    }
    const auto width = static_cast<double>(2 * m);
    added += n / total * spacing_variance(width);
    own += n / total * boost::math::trigamma(width);
  }
  const double correction = (static_cast<double>(ends.size()) - 1.0) / (2.0 * total);
  const double scatter = std::max(surprisal.variance() - own, 0.0) / total;
  const double bias = wider - surprisal.mean, beyond = added / total + bias * bias;
  const double covariance = (product - (surprisal.mean - reference) * logarithm) / total;
  return {surprisal.mean + correction, std::sqrt(scatter + beyond),
          std::isfinite(covariance) ? covariance : nan, beyond};
}

}  // namespace powerstroke::analysis
