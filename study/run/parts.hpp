#pragma once

#include <cmath>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "powerstroke/analysis/estimators.hpp"
#include "powerstroke/analysis/snapshot.hpp"
#include "powerstroke/kernels/ledger.hpp"
#include "powerstroke/study/result/observable.hpp"
#include "powerstroke/study/run/equation_path.hpp"
#include "powerstroke/study/run/run.hpp"

/// The stages of a run, each one file: particles, equation, verdict.
namespace powerstroke::study {

/// What the particles leave behind: a snapshot each, what these show, and all that was moved.
struct ParticleRun {
  std::vector<analysis::Snapshot> snapshots;
  Ledger ledger;
  /// With the errors of independent particles.
  std::vector<Quantity> quantities = empty_quantities();
  Series series;
};

/// What the equation of a run says, of itself and of the particles.
struct EquationResult {
  Solution solution;
  /// The particles', with solutions, and with errors by the solution.
  std::vector<Quantity> quantities = empty_quantities();
  std::vector<Fit> master_equation, levels;  ///< one per snapshot; none without particles
  std::vector<CountTest> counts;             ///< strokes whose numbers the equation gives
  StationaryFit stationary;
  /// From when on, and why, snapshots could not be tested, if not all were.
  std::optional<Remark> untested;

  const Quantity& quantity(std::string_view key) const { return quantity_of(quantities, key); }
  Quantity& quantity(std::string_view key) { return quantity_of(quantities, key); }
};

/// The equation counts as stationary within this total variation of its law.
inline constexpr double near_stationary = 5e-4;

/// From so many strokes on, and so large a variance, their number is taken for a normal deviate.
inline constexpr double least_strokes = 1000.0;

inline analysis::BinGrid bin_grid(const Config& config) {
  return {config.histogram.max, config.histogram.bins};
}

/// Appends what a snapshot shows to `quantities`, with the errors of independent particles, and
/// what the ledger has counted to `series`.
void append_snapshot(const ParticleLook& look, double t, const Ledger& ledger, Series& series,
                     std::vector<Quantity>& quantities);

/// The particles' counts at each snapshot, on the bins of a config and on the levels of its ladder.
Histograms histograms(const Config& config, const std::vector<analysis::Snapshot>& snapshots);

/// How strokes leave the offsets of the start's law on their ladder; the identity where there is
/// none, or too many jumps.
analysis::OffsetMap offset_map(const Config& config);

/// The binless S_E in the place of the bins'.
analysis::EntropyEstimate without_bins(int dimension, const analysis::Snapshot& snapshot,
                                       const analysis::SpacingEntropy& spacing);

/// Numbers of events compared with their laws, where so many particles make strokes.
std::vector<CountTest> count_tests(const Config& config, const Ledger& ledger, double particles);

/// Moves the equation of a config through its snapshots, and compares the particles with it.
/// @param path at t = 0. @param particles nullptr: there are none, and nothing is compared.
/// @param before_each called before each snapshot; may be empty.
/// @returns the solution; of particles the errors completed by the scatter of what they share, and
/// the tests of each snapshot.
/// @throws NumericsError if the equation cannot be solved; AskedToStop (`check_stop`).
EquationResult solve_equation(EquationPath path, const Config& config, const ParticleRun* particles,
                              const std::function<void()>& before_each = {});

/// What `solve_equation` does at snapshot k.
/// @param path at its time. @param is_last the stationary law is compared, too.
/// @param result of the snapshots before. @returns it, with this snapshot.
EquationResult look_at_equation(const EquationPath& path, const Config& config, std::size_t k,
                                bool is_last, const ParticleRun* particles, EquationResult result);

/// The same of a run whose equation could not be solved. @param why it could not.
/// @returns nothing of the equation; errors where rates are shared are those that a conservation
/// law tells, NaN without one.
EquationResult failed_equation(const Config& config, const ParticleRun& particles,
                               const std::string& why);

/// The same of a run whose transitions share no ladder, so that it has no equation: the particles'
/// end is compared with the law that incommensurate strokes lead to, as if they were independent.
/// Errors as in `failed_equation`.
EquationResult without_ladder(const Config& config, const ParticleRun& particles);

/// The verdict on a run, with its tests and remarks.
Comparison judge(const Config& config, const ParticleRun& particles,
                 const EquationResult& equation);

}  // namespace powerstroke::study
