#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "powerstroke/analysis/theory/passage.hpp"
#include "powerstroke/analysis/weighted_line.hpp"
#include "powerstroke/study/paper/runs.hpp"
#include "powerstroke/study/paper/verdict.hpp"
#include "powerstroke/study/result/result.hpp"

/// Numbers that claims and their figures read off their results.
namespace powerstroke::study {

/// The larger of two numbers, for the worst of several: NaN if either is none, so that what could
/// not be measured does not pass as small.
double larger(double a, double b);
/// How far a series has fallen below the largest of its earlier values; 0 if it never falls. NaN if
/// any value is.
double largest_fall(const std::vector<double>& values);
/// The least rise from one value to the next, < 0 if there is a fall.
double least_rise(const std::vector<double>& values);
/// Largest |value - first|. NaN if any value is.
double largest_change(const std::vector<double>& values);

/// The snapshot at a time.
/// @throws ConfigError if there is none within 1e-9.
std::size_t snapshot_at(const std::vector<double>& times, double t);

/// Sum of all particles' levels at a snapshot: their quanta, less one constant.
std::int64_t quanta(const Histograms& histograms, std::size_t snapshot);

/// Counts of a snapshot over N.
std::vector<double> shares(const RunResult& result, std::size_t snapshot);

/// The witness that a run's particles follow its equation: the smallest p-value of all its tests.
Check follows_equation(const RunResult& result, const std::string& whose);

/// Standard deviation of the mean energy of a run under (8) by the theory page, at its snapshots:
/// the start's, and the random walk of the net strokes.
std::vector<double> energy_walk(const RunResult& run);

/// Times at which the slope of S_E is compared with (A.6).
inline constexpr std::array<double, 5> slope_times = {1.0, 2.0, 5.0, 10.0, 20.0};
/// dS_E/dt by a central difference of fourth order from the snapshots t - 0.04, t - 0.02, t + 0.02,
/// t + 0.04.
double entropy_slope(const RunResult& run, double t);

/// Logarithms of measured uptake rates, and the line through them.
struct RateLine {
  std::vector<analysis::WeightedPoint> points;
  analysis::WeightedLine fit;
};
/// Of a gas against 1/T: of w+, or of w+ T.
RateLine arrhenius(const PaperResults& results, bool times_temperature);
/// Against the logarithm of a pressure. @param path of that pressure in the config:
/// "strokes.gas.pressure".
RateLine pressure_line(const PaperResults& results, const std::string& path);

/// Total variation between the number of strokes that last a window and that of instantaneous ones,
/// a Poisson number.
double distance_of_window(double window);

/// A two-level system while a particle passes, by Schrödinger's equation, and how it ends by the
/// closed form.
struct Passing {
  std::string name;
  double flips, closed_form, norm;
  theory::PassageCourse course;
  double duration;
};

/// The three passages of Figure 2.
std::vector<Passing> courses();

}  // namespace powerstroke::study
