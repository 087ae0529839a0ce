#pragma once

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/engine/state/phase_view.hpp"

namespace test_support {

/// How many classes of equal probability.
inline constexpr std::size_t maxwell_classes = 40;

inline std::size_t class_of(double cumulative, std::size_t classes = maxwell_classes) {
  return std::min(classes - 1, static_cast<std::size_t>(cumulative * static_cast<double>(classes)));
}

/// Prob(energy of a particle <= E) of Maxwell-Boltzmann.
inline double maxwell_cumulative(double energy, double temperature, int dimension) {
  return boost::math::gamma_p(0.5 * dimension, energy / temperature);
}

inline powerstroke::analysis::ChiSquare fit_to_equal_classes(
    const std::vector<std::uint64_t>& counts) {
  std::uint64_t total = 0;
  for (const std::uint64_t count : counts) total += count;
  const std::vector<double> probabilities(counts.size(), 1.0 / static_cast<double>(counts.size()));
  return powerstroke::analysis::chi_square(counts, probabilities, total);
}

/// Kinetic energies against Maxwell-Boltzmann.
inline powerstroke::analysis::ChiSquare energy_fit(const powerstroke::PhaseView& particles,
                                                   double temperature) {
  std::vector<std::uint64_t> counts(maxwell_classes, 0);
  for (std::size_t i = 0; i < particles.size(); ++i)
    ++counts[class_of(
        maxwell_cumulative(particles.kinetic_energy(i), temperature, particles.dimension))];
  return fit_to_equal_classes(counts);
}

/// One component of the momenta against the normal law of variance m T.
inline powerstroke::analysis::ChiSquare component_fit(const powerstroke::PhaseView& particles,
                                                      std::size_t axis, double temperature) {
  const boost::math::normal law(0.0, std::sqrt(particles.mass * temperature));
  std::vector<std::uint64_t> counts(maxwell_classes, 0);
  for (const double p : particles.momentum[axis]) ++counts[class_of(boost::math::cdf(law, p))];
  return fit_to_equal_classes(counts);
}

/// The least p-value of the energies and of each component.
inline double worst_maxwell_fit(const powerstroke::PhaseView& particles, double temperature) {
  double worst = energy_fit(particles, temperature).p_value;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(particles.dimension); ++axis)
    worst = std::min(worst, component_fit(particles, axis, temperature).p_value);
  return worst;
}

}  // namespace test_support
