#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/study/run/compare.hpp"

namespace powerstroke::study {

/// Of fewer particles the variance is itself a guess, and a difference over it no normal deviate.
inline constexpr std::uint64_t few_particles = 1000;

/// Snapshots at the same time in both: (index in a, index in b).
std::vector<std::pair<std::size_t, std::size_t>> common_times(const std::vector<double>& a,
                                                              const std::vector<double>& b);

/// Standard error of a difference.
struct Scatter {
  double error;
  bool is_rounding = false;  ///< nothing scatters but the last bits of the sums

  Scatter(double standard_error, bool rounding = false)
      : error(standard_error), is_rounding(rounding) {}
};

/// No error is smaller than what rounding leaves of a sum: all that scatters where all particles
/// have one energy.
Scatter with_rounding(double error, double value);

/// Keeps the worst snapshot of each quantity and counts the tests. What cannot fail is no test and
/// is not counted: a chi-square without a degree of freedom, a difference of 0 (or of rounding)
/// where nothing scatters.
class Tally {
 public:
  void add_normal(const std::string& quantity, double t, double difference, Scatter scatter);
  /// A difference with a bound in the place of a scatter: it is within it or not.
  void add_bounded(const std::string& quantity, double t, double difference, bool is_within);
  void add_chi_square(const std::string& quantity, double t, const analysis::ChiSquare& chi);
  /// A snapshot at which a distribution should be tested: where none is at any, nothing is
  /// consistent.
  void saw(double t) {
    if (t > 0.0) snapshots_.insert(t);
  }

  /// By the smallest p-value, corrected for how many there are; says at how many snapshots after
  /// the start a distribution was tested.
  ResultComparison verdict() &&;

 private:
  void add(const std::string& quantity, double t, double statistic, double dof, double p_value,
           TestKind kind);

  std::vector<Test> tests_;
  std::size_t without_freedom_ = 0;  ///< what could not fail
  std::set<double> snapshots_,
      distributions_;  ///< times after the start: of all that was seen, of distributions tested
};

}  // namespace powerstroke::study
