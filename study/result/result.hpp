#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "powerstroke/study/result/phase_result.hpp"
#include "powerstroke/study/result/quantity.hpp"
#include "powerstroke/study/result/remark.hpp"
#include "powerstroke/study/settings/config.hpp"

/// Everything a run or a solve knows at its end, as plain numbers: what the writers and the report
/// read. Energies are in the units of the config (`Config::units`; k_B = 1), entropies in k_B,
/// times in the units of 1/rate. A value that does not exist is NaN (null in JSON): an entropy of a
/// law with atoms, ln E at E = 0.
namespace powerstroke::study {

/// What the particles count, one entry per snapshot.
struct Series {
  std::vector<double> t;
  std::vector<std::uint64_t> strokes_up, strokes_down, blocked;  ///< counted since t = 0
  /// [transition][snapshot] of strokes_up and strokes_down; empty where they are not told apart.
  std::vector<std::vector<std::uint64_t>> uptakes, releases;
  std::vector<std::vector<double>>
      excited;  ///< [transition][snapshot] excited fraction of the two-level systems; else empty
};

/// What the equation says beside the quantities, one entry per snapshot.
struct Solution {
  std::vector<double> t;
  std::vector<std::vector<double>>
      excited;  ///< [transition][snapshot] of the two-level systems; else empty
  std::vector<std::vector<double>> uptakes,
      releases;  ///< [transition][snapshot] strokes of a particle since t = 0
  std::vector<std::vector<double>> bin_probability;  ///< [snapshot][bin] of the run's histogram
  double mass_error = 0.0;                           ///< largest |total probability - 1|
  double error_estimate =
      0.0;  ///< of the probabilities (total variation): steps, the sum's cut, the top of
            ///< the ladder, and what the nodes over the offsets resolve
  std::uint32_t nodes = 0;   ///< ladders (values of the offset E mod dE) in the solver's grid
  std::uint32_t levels = 0;  ///< levels per ladder at the end
};

/// Counts of the particles' energies; under- and overflow are kept, so that a row always sums to N.
struct Histograms {
  std::vector<double> edges;                       ///< bins + 1
  std::vector<std::vector<std::uint64_t>> counts;  ///< [snapshot][bin]
  std::vector<std::uint64_t> overflow;             ///< [snapshot], E >= the last edge
  std::vector<std::vector<std::uint64_t>>
      levels;  ///< [snapshot][level + 1] of the ladder, padded with 0
};

struct Fit {
  double t = 0.0;
  double chi2 = 0.0;
  double dof = 0.0;
  double p_value = 1.0;
  double kl_divergence = 0.0;
  double total_variation = 0.0;
};

struct StationaryFit {
  std::string law;      ///< in words: "geometric ladder, ratio q = 0.75, over the initial offsets";
                        ///< "none: ..."; "frozen: ..."
  bool exists = false;  ///< false: no stationary law (or not asked for); the numbers below are NaN
  bool frozen = false;  ///< phi = 0 under energy_conserving
  bool reached = false;  ///< the last snapshot agrees with the law, and so does the solution
  double temperature = std::numeric_limits<double>::quiet_NaN();
  double ratio = std::numeric_limits<double>::quiet_NaN();  ///< of a ladder that is geometric: one
                                                            ///< transition, constant rates
  double ks = std::numeric_limits<double>::quiet_NaN();     ///< Kolmogorov-Smirnov distance on the
                                                            ///< histogram's edges
  double chi2 = std::numeric_limits<double>::quiet_NaN();   ///< of the occupation of the levels
  double dof = std::numeric_limits<double>::quiet_NaN();
  double p_value = std::numeric_limits<double>::quiet_NaN();  ///< of chi2
  double kl_divergence = std::numeric_limits<double>::quiet_NaN();
  double total_variation = std::numeric_limits<double>::quiet_NaN();  ///< particles to the law
  double solution_total_variation =
      std::numeric_limits<double>::quiet_NaN();  ///< solution to the law: what is left to go
  double exponential_total_variation =
      std::numeric_limits<double>::quiet_NaN();  ///< law to the paper's exponential (11)
  std::vector<double> bin_probability;           ///< the law over the histogram's bins
  std::vector<double>
      exponential_bin_probability;  ///< the paper's exponential of the same mean over the bins
};

/// Of a verdict as a whole: the smallest p-value is compared with this over the number of tests
/// (Bonferroni: right whatever the correlations between snapshots).
inline constexpr double verdict_false_alarm_rate = 2e-4;

enum class Verdict { consistent, inconsistent, not_comparable };

/// A number of events compared with its law.
struct CountTest {
  std::string what;  ///< "attempted releases", "uptakes", "net strokes"
  double counted = 0.0, expected = 0.0;
  double z = 0.0;        ///< (counted - expected) / standard deviation
  double p_value = 1.0;  ///< two-sided
};

struct Comparison {
  std::vector<Fit> master_equation;  ///< histogram against the equation, one per snapshot
  std::vector<Fit>
      levels;  ///< occupation of the ladder's levels against the equation, one per snapshot
  std::vector<CountTest> counts;  ///< events of the whole run
  StationaryFit stationary;
  double false_alarm_rate = 0.0;  ///< stated for the verdict as a whole
  std::uint64_t tests = 0;        ///< that the verdict rests on: fits and counts
  double p_limit =
      0.0;  ///< a test speaks against the run below this p-value: false_alarm_rate / tests
  Verdict verdict = Verdict::not_comparable;
  Remark why;                   ///< it has this verdict
  std::vector<Remark> remarks;  ///< what agrees, is not reached, the paper would have said
};

struct Performance {
  std::uint64_t strokes = 0;
  double wall_s = 0.0;
  double strokes_per_s = 0.0;
  int threads = 1;
  std::uint64_t peak_memory_bytes = 0;
  std::uint64_t bytes_per_particle = 0;
  std::uint64_t steps = 0;  ///< of the kernel
};

struct Provenance {
  std::string version, compiler, build, revision, created;  ///< created: UTC, ISO 8601
};

struct RunResult {
  Config config;
  Provenance provenance;
  Performance performance;
  bool has_particles = false;  ///< false after `solve`: series and histograms are empty
  std::vector<Quantity> quantities = empty_quantities();  ///< `followed_quantities`, in their order
  Series series;
  Histograms histograms;
  Solution solution;
  Comparison comparison;
  std::optional<PhaseResult> phase_space;  ///< of a run that has positions

  /// @throws std::out_of_range if no quantity of that key is followed.
  const Quantity& quantity(std::string_view key) const { return quantity_of(quantities, key); }
  Quantity& quantity(std::string_view key) { return quantity_of(quantities, key); }
};

/// "consistent", "inconsistent", "not_comparable".
std::string to_string(Verdict verdict);

}  // namespace powerstroke::study
