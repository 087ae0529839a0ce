#pragma once

#include <algorithm>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <cstdint>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/analysis/theory/boltzmann.hpp"
#include "powerstroke/engine/state/phase_view.hpp"
#include "support/bounds.hpp"

/// Particles held against exp(-(p^2/2m + V)/T), (17): positions and momenta alone and together.
namespace test_support {

/// What came of it: p-values of chi-square tests, and how many standard errors the mean energies
/// are away.
struct PhaseFit {
  double position, momentum, joint;  ///< p-values
  double kinetic, potential;         ///< standard errors
  double mean_kinetic, mean_potential;
  double position_distance, momentum_distance;  ///< total variation, of one coordinate and of |p|

  static constexpr int checks = 5;
  /// With the allowed rate of false alarms over this and `fits - 1` more.
  bool passes(int fits = 1) const {
    const double rate = false_alarm_rate / (checks * fits);
    return std::min({position, momentum, joint}) > rate &&
           std::max(std::abs(kinetic), std::abs(potential)) < largest_deviate(checks * fits);
  }
};

/// Equal bins between -reach and reach.
inline std::vector<double> phase_edges(double reach, int bins) {
  std::vector<double> edges;
  for (int k = 0; k <= bins; ++k) edges.push_back(reach * (2.0 * k / bins - 1.0));
  return edges;
}

class PhaseLaw {
 public:
  PhaseLaw(const powerstroke::laws::AnyPotential& potential, double temperature, double reach)
      : potential_(potential),
        temperature_(temperature),
        coordinate_(potential, temperature),
        reach_(reach) {}

  PhaseFit fit(const powerstroke::PhaseView& particles) const {
    using namespace powerstroke::analysis;
    const int dimension = particles.dimension;
    const auto d = static_cast<std::size_t>(dimension);
    const double width = std::sqrt(particles.mass * temperature_);
    const boost::math::normal normal(0.0, width);
    const boost::math::gamma_distribution<double> gamma(0.5 * dimension, temperature_);
    // Each axis of a particle is a draw of its own; what is beyond the edges is one more class.
    constexpr std::size_t fine = 60, coarse = 16;
    const std::vector<double> x_edges = phase_edges(reach_, fine),
                              p_edges = phase_edges(4.0 * width, fine),
                              cells_x = phase_edges(reach_, coarse);
    std::vector<double> p_law, e_edges, e_law;
    for (std::size_t k = 0; k < fine; ++k)
      p_law.push_back(cdf(normal, p_edges[k + 1]) - cdf(normal, p_edges[k]));
    // Kinetic energies in classes of equal probability, and, where there is but one axis, both
    // signs of p.
    for (std::size_t k = 0; k <= coarse; ++k)
      e_edges.push_back(k == 0        ? 0.0
                        : k == coarse ? 1e300
                                      : quantile(gamma, static_cast<double>(k) / coarse));
    const std::size_t signs = dimension == 1 ? 2 : 1;
    const std::vector<double> x_law = coordinate_.bin_probabilities(x_edges),
                              cell_law = coordinate_.bin_probabilities(cells_x);
    std::vector<double> joint_law;
    for (std::size_t s = 0; s < signs * coarse; ++s)
      for (const double p : cell_law) joint_law.push_back(p / static_cast<double>(signs * coarse));

    std::vector<std::uint64_t> x_counts(fine), p_counts(fine), joint_counts(joint_law.size()),
        e_counts(coarse);
    double kinetic = 0.0, potential = 0.0;
    const auto bin = [](const std::vector<double>& edges, double value) {
      return static_cast<std::size_t>(std::upper_bound(edges.begin(), edges.end(), value) -
                                      edges.begin()) -
             1;
    };
    for (std::size_t i = 0; i < particles.size(); ++i) {
      for (std::size_t a = 0; a < d; ++a) {
        if (const std::size_t k = bin(x_edges, particles.position[a][i]); k < fine) ++x_counts[k];
        if (const std::size_t k = bin(p_edges, particles.momentum[a][i]); k < fine) ++p_counts[k];
      }
      const double energy = particles.kinetic_energy(i);
      const std::size_t e = std::min(bin(e_edges, energy), coarse - 1),
                        x = bin(cells_x, particles.position[0][i]);
      ++e_counts[e];
      if (x < coarse)
        ++joint_counts[((signs == 2 && particles.momentum[0][i] > 0.0 ? coarse : 0) + e) * coarse +
                       x];
      kinetic += energy;
      potential +=
          powerstroke::laws::potential_energy(potential_, particles.position_of(i), dimension, 0.0);
    }
    const double n = static_cast<double>(particles.size());
    const double v = coordinate_.mean_energy();
    const double square = coordinate_.mean([&](double x) {
      const double off = powerstroke::laws::potential_energy(potential_, {x}, 1, 0.0) - v;
      return off * off;
    });
    PhaseFit fit{};
    fit.position = chi_square(x_counts, x_law, particles.size() * d).p_value;
    fit.momentum = chi_square(p_counts, p_law, particles.size() * d).p_value;
    fit.joint = chi_square(joint_counts, joint_law, particles.size()).p_value;
    fit.mean_kinetic = kinetic / n;
    fit.mean_potential = potential / n;
    fit.kinetic = (fit.mean_kinetic - 0.5 * dimension * temperature_) /
                  (temperature_ * std::sqrt(0.5 * dimension / n));
    fit.potential = (fit.mean_potential - dimension * v) / std::sqrt(dimension * square / n);
    fit.position_distance = total_variation(x_counts, x_law, particles.size() * d);
    fit.momentum_distance =
        total_variation(e_counts, std::vector<double>(coarse, 1.0 / coarse), particles.size());
    return fit;
  }

  /// Largest share of the chi-square statistic that a step h of velocity Verlet may add to a test
  /// of n draws: its own energy has h^2 (p V'' p/(12 m^2) - V'^2/(24 m)) more, and the density is
  /// off by that over T, relatively.
  double noncentrality(double mass, double step, double draws) const {
    const auto slope = [&](double x, double by) {
      const auto v = [&](double at) {
        return powerstroke::laws::potential_energy(potential_, {at}, 1, 0.0);
      };
      return (v(x + by) - v(x - by)) / (2.0 * by);
    };
    const double square = coordinate_.mean([&](double x) {
      constexpr double by = 1e-4;
      const double first = slope(x, by),
                   second = (slope(x + by, by) - slope(x - by, by)) / (2.0 * by);
      const double a = second / (12.0 * mass * mass), b = first * first / (24.0 * mass),
                   pp = mass * temperature_;
      return 3.0 * a * a * pp * pp - 2.0 * a * pp * b + b * b;  // of (a p^2 - b)^2
    });
    return draws * std::pow(step, 4) * square / (temperature_ * temperature_);
  }

 private:
  powerstroke::laws::AnyPotential potential_;
  double temperature_;
  powerstroke::theory::BoltzmannCoordinate coordinate_;
  double reach_;
};

}  // namespace test_support
