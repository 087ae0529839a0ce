#pragma once

#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "powerstroke/analysis/estimators.hpp"
#include "powerstroke/analysis/snapshot.hpp"
#include "powerstroke/kernels/ledger.hpp"
#include "powerstroke/study/result/observable.hpp"
#include "powerstroke/study/run/equation_path.hpp"
#include "powerstroke/study/run/run.hpp"

/// The stages of a run, each one file: particles, equation, verdict.
namespace powerstroke::study {

/// What the particles leave behind: a snapshot each, and all that was moved.
struct ParticleRun {
  std::vector<analysis::Snapshot> snapshots;
  Ledger ledger;
};

/// The equation counts as stationary within this total variation of its law.
inline constexpr double near_stationary = 5e-4;

/// From so many strokes on, and so large a variance, their number is taken for a normal deviate.
inline constexpr double least_strokes = 1000.0;

inline analysis::BinGrid bin_grid(const Config& config) { return {config.histogram.max, config.histogram.bins}; }

/// Appends what a snapshot shows to `quantities`, with the errors of independent particles, and what the ledger has counted to `series`.
void append_snapshot(const ParticleLook& look, double t, const Ledger& ledger, Series& series,
                     std::vector<Quantity>& quantities);

/// How strokes leave the offsets of the start's law on their ladder; the identity where there is none, or too many jumps.
analysis::OffsetMap offset_map(const Config& config);

/// The binless S_E in the place of the bins'.
analysis::EntropyEstimate without_bins(int dimension, const analysis::Snapshot& snapshot,
                                       const analysis::SpacingEntropy& spacing);

/// Numbers of events compared with their laws, where so many particles make strokes.
std::vector<CountTest> count_tests(const Config& config, const Ledger& ledger, double particles);

/// Moves the equation of a config through the snapshots; fills `solution`, what of `comparison.stationary` needs no
/// particles, and, where there are particles, completes the errors of `series` by the scatter of their common phi and holds
/// each snapshot against the solution.
/// @param before_each called before each snapshot; may be empty.
/// @returns from when on, and why, snapshots could not be tested; empty if all were.
std::string solve_equation(EquationPath& path, const Config& config, const ParticleRun* particles, RunResult& result,
                           const std::function<void()>& before_each = {});

/// What `solve_equation` does at snapshot k, once the equation is there. @param is_last also holds the stationary law against it.
void look_at_equation(EquationPath& path, const Config& config, std::size_t k, bool is_last, const ParticleRun* particles,
                      RunResult& result, std::string& untested);

/// Errors of the series where rates are shared and no ladder tells how far that makes particles scatter: the mean energy's from
/// the conservation law, NaN for all else once strokes are made.
void set_mixed_errors(RunResult& result);

/// Takes back what `solve_equation` has made of a run whose equation fails on the way: the particles are worth having without it.
/// @returns why nothing could be tested.
std::string without_equation(const std::string& why, RunResult& result);

/// A run whose transitions share no ladder has no equation: fills `comparison.stationary` by holding the end against the law
/// that incommensurate strokes lead to. Particles are taken as independent there.
void fit_mixed_stationary(const ParticleRun& particles, RunResult& result);

/// The verdict in words, from everything that was tested. @param untested what `solve_equation` returned; not empty without an
/// equation.
void judge(const ParticleRun& particles, const std::string& untested, RunResult& result);

}  // namespace powerstroke::study
