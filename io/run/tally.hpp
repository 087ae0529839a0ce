#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/io/run/compare.hpp"

namespace powerstroke::io {

/// Of fewer particles the variance is itself a guess, and a difference over it no normal deviate.
inline constexpr std::uint64_t few_particles = 1000;

/// Snapshots at the same time in both: (index in a, index in b).
std::vector<std::pair<std::size_t, std::size_t>> common_times(const std::vector<double>& a, const std::vector<double>& b);

/// No error is smaller than what rounding leaves of a sum: all that scatters where all particles have one energy.
double with_rounding(double error, double value);

/// Keeps the worst snapshot of each quantity and counts the tests.
class Tally {
 public:
  void add(const std::string& quantity, double t, double statistic, double dof, double p_value);
  /// @param error of the difference, > 0.
  void add_normal(const std::string& quantity, double t, double difference, double error);
  void add_chi_square(const std::string& quantity, double t, const analysis::ChiSquare& chi);

  /// By the smallest p-value, corrected for how many there are.
  ResultComparison verdict() &&;

 private:
  std::vector<ResultDifference> worst_;
  std::size_t tests_ = 0;
};

}  // namespace powerstroke::io
