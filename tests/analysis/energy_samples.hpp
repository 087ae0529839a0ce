#pragma once

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/random/gamma_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <cstdint>
#include <functional>
#include <numbers>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/engine/state/ladder_view.hpp"

/// Energies drawn by Boost.Random from laws whose averages are known, for tests of the estimators.
namespace powerstroke::analysis::test {

struct Law {
  std::string name;
  double delta_e;  ///< such that phi is neither 0 nor 1
  std::function<double(std::mt19937_64&)> draw;
  double mean_energy, phi, mean_ln_energy, entropy;
};

/// Normal, truncated at 0; closed forms but for <ln E>.
inline Law normal_law(double mean, double sigma, double delta_e) {
  const boost::math::normal normal(mean, sigma);
  const double kept = cdf(complement(normal, 0.0)), at_zero = sigma * pdf(normal, 0.0),
               start = -mean / sigma;
  boost::math::quadrature::tanh_sinh<double> integrator;
  const double ln_energy =
      integrator.integrate([&](double e) { return std::log(e) * pdf(normal, e) / kept; },
                           std::max(0.0, mean - 12.0 * sigma), mean + 12.0 * sigma);
  return {"normal(" + std::to_string(mean) + ", " + std::to_string(sigma) + ")",
          delta_e,
          [mean, sigma](std::mt19937_64& generator) {
            boost::random::normal_distribution<double> distribution(mean, sigma);
            double energy = distribution(generator);
            while (energy < 0.0) energy = distribution(generator);
            return energy;
          },
          mean + sigma * at_zero / kept,
          cdf(complement(normal, delta_e)) / kept,
          ln_energy,
          std::log(std::sqrt(2.0 * std::numbers::pi * std::numbers::e) * sigma * kept) +
              start * at_zero / (2.0 * kept)};
}

/// Density E^(shape-1) exp(-E/T): the exponential for shape 1, Maxwell-Boltzmann in d dimensions
/// for shape d/2.
inline Law gamma_law(double shape, double temperature, double delta_e) {
  const double psi = boost::math::digamma(shape);
  return {"gamma(" + std::to_string(shape) + ", " + std::to_string(temperature) + ")",
          delta_e,
          [shape, temperature](std::mt19937_64& generator) {
            return boost::random::gamma_distribution<double>(shape, temperature)(generator);
          },
          shape * temperature,
          boost::math::gamma_q(shape, delta_e / temperature),
          std::log(temperature) + psi,
          shape + std::log(temperature) + boost::math::lgamma(shape) + (1.0 - shape) * psi};
}

/// Those of the project's example, and where it would go.
inline std::vector<Law> laws() {
  return {normal_law(3.5, 0.2, 3.4), normal_law(3.5, 0.8, 3.0), gamma_law(1.0, 3.5, 1.0),
          gamma_law(1.5, 7.0 / 3.0, 1.0)};
}

inline std::vector<double> draw_energies(const Law& law, std::size_t particles,
                                         std::uint64_t seed) {
  std::mt19937_64 generator(seed);
  std::vector<double> energies(particles);
  for (double& energy : energies) energy = law.draw(generator);
  return energies;
}

/// The same energies as places on a ladder.
struct Particles {
  Particles(double step, const std::vector<double>& energies) : delta_e(step) {
    for (const double energy : energies) {
      const LadderPlace place = ladder_place(energy, delta_e);
      offset.push_back(place.offset);
      level.push_back(place.level);
    }
  }
  LadderView view() const { return {delta_e, offset, level}; }

  double delta_e;
  std::vector<double> offset;
  std::vector<std::int32_t> level;
};

/// Between which counts of `trials` an event of this probability stays, but for `false_alarm`.
inline std::pair<double, double> count_bounds(double trials, double probability,
                                              double false_alarm) {
  const boost::math::binomial binomial(trials, probability);
  return {quantile(binomial, 0.5 * false_alarm), quantile(complement(binomial, 0.5 * false_alarm))};
}

}  // namespace powerstroke::analysis::test
