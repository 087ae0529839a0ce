#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "powerstroke/study/settings/config.hpp"

namespace calibration {

/// The series that are means over particles, in the order of every table here.
enum SeriesName : std::size_t { mean_energy, phi, mean_ln_E, S_E, S_1, S_E_spacing, series_count };
inline constexpr std::array<const char*, series_count> series_names{
    "mean_energy", "phi", "mean_ln_E", "S_E", "S_1", "S_E_spacing"};

/// What one particle adds to a mean: its expectation and central moments. NaN if it does not exist.
struct Observable {
  double mean = 0.0, variance = 0.0, skewness = 0.0, kurtosis = 3.0;
};

/// What is known of a snapshot.
struct Expected {
  double t = 0.0;
  std::array<Observable, series_count> of{};
  std::vector<double> uptakes, releases;  ///< of a particle so far, by transition
  std::vector<double> excited;            ///< of each transition's two-level systems
  double strokes = 0.0;                   ///< of a particle so far
};

/// The equation on a grid of offsets several times as fine as a run's, its panels cut anew, to
/// smaller tolerances.
/// @throws powerstroke::NumericsError where a run would.
std::vector<Expected> solve_finely(const powerstroke::study::Config& config);

/// Boltzmann's law of the kinetic energies, at each snapshot.
std::vector<Expected> in_equilibrium(const powerstroke::study::Config& config, double temperature);

}  // namespace calibration
