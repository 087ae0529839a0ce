#pragma once

#include <functional>
#include <variant>

#include "powerstroke/engine/parallel/ranks.hpp"
#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/engine/state/energy_ensemble.hpp"
#include "powerstroke/engine/state/ladder_ensemble.hpp"
#include "powerstroke/kernels/ledger.hpp"
#include "powerstroke/study/checkpoint/keeper.hpp"
#include "powerstroke/study/result/result.hpp"

/// Where a run is put together: the one place that turns a config into an ensemble, a kernel, an
/// equation and a comparison between them.
namespace powerstroke::study {

/// Told how far a run is; `fraction` in [0, 1], `strokes` made so far. What it throws ends the run.
using Progress = std::function<void(double fraction, std::uint64_t strokes)>;

/// Puts a result where it belongs, on the first rank.
using Publish = std::function<void(const RunResult& result)>;

/// The particles: on a ladder if the config's transitions share one.
using Ensemble = std::variant<LadderEnsemble, EnergyEnsemble>;

/// What moves the particles: a kernel of any kind.
using Strokes =
    std::function<void(Ensemble& ensemble, double t, double dt, StepClock& clock, Ledger& ledger)>;

/// The two sides that a run compares. A test breaks one of them on purpose and expects the verdict
/// to say so.
struct Sides {
  Strokes strokes;  ///< the particles'
  Config equation;  ///< of the deterministic solution
};
/// @param so_far what the strokes have booked already, where a run goes on.
Sides sides(const Config& config, const Ledger& so_far = {});

/// Simulates, solves the master equation, compares; in phase space, compares the end with
/// Boltzmann's law. It uses as many threads as `parallel::threads` says.
/// @param checkpoints keeps the run from being lost, and what it streams; goes on from there if
///        there is something. With nullptr nothing is kept, and no trajectory written.
/// @param publish called with the result while the particles are still there: if it throws, or the
///        equation does, a checkpoint is written from which the run can go on to its end, and what
///        was thrown goes on. May be empty.
/// @param ranks that call this alike and share the particles; the first one solves, compares and
///        publishes, and the others' results have the particles alone.
/// @throws ConfigError for more particles than the machine has memory for; Interrupted if the
///         checkpoints were asked to stop it, or a `StopCheck` was, which without checkpoints is
///         AskedToStop; NumericsError where what must be conserved was not.
RunResult run(const Config& config, const Progress& progress = {}, Keeper* checkpoints = nullptr,
              const Publish& publish = {}, parallel::Ranks ranks = {});
RunResult run(const Config& config, const Sides& sides, const Progress& progress = {});

/// The deterministic solution alone.
/// @throws ConfigError if the transitions share no ladder, so that there is no equation to solve;
/// AskedToStop (`check_stop`).
RunResult solve(const Config& config);

/// What a config means, for `powerstroke validate`: rates, stationary state, invariants, estimates.
struct Meaning {
  std::vector<laws::RatePair> rates_initial;  ///< w+ and w- of each transition at t = 0
  double phi_initial = 0.0;
  double mean_energy_initial = 0.0;
  bool frozen = false;
  bool stationary_exists = false;
  std::string stationary;  ///< in words
  std::vector<std::string> invariants;
  double expected_strokes = 0.0;  ///< accepted strokes of the whole run
  bool at_most = false;  ///< that number is a bound: incommensurate transitions have no equation
  double memory_bytes = 0.0;
  double time_s = 0.0;  ///< predicted, on this machine with so many threads
  int threads = 1;
};
/// What a config means and will cost; takes about a second at most, in which some of its particles
/// are moved, and the equation with its scatter and tests is solved as far as that goes.
Meaning explain(const Config& config);

}  // namespace powerstroke::study
