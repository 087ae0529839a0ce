#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "powerstroke/study/checkpoint/keeper.hpp"
#include "powerstroke/study/phase/observe.hpp"
#include "powerstroke/study/phase/setup.hpp"
#include "powerstroke/study/run/run.hpp"

namespace powerstroke::study {

/// Into how many equal steps, none longer than `longest`, a length of time is cut.
double equal_steps(double length, double longest);

/// The longest step that a run in phase space takes: the time between two snapshots is cut into
/// equal ones.
double longest_step(const Config& config);

/// The ensembles of a run in phase space on their way through the snapshots, one after the other.
/// Between two calls of a split it can be saved, and goes on from there with the same bits: where
/// calls begin and end depends on the config alone.
class PhaseSimulation {
 public:
  /// As they start, or as the checkpoints have it. @param checkpoints may be nullptr: then there is
  /// no trajectory.
  PhaseSimulation(const Config& config, Keeper* checkpoints);

  /// Moves all ensembles to the last snapshot.
  void finish(const Progress& progress);

  /// Between two calls of a split, and at the end.
  void save(const Archive& state);

  const std::vector<PhaseSetup>& setups() const { return setups_; }
  /// One a setup.
  const std::vector<PhaseObserver>& observers() const { return observers_; }

 private:
  /// How far it is.
  struct Place {
    std::uint64_t tick = 0;                ///< of the clock
    std::uint64_t side = 0, snapshot = 0;  ///< the ensemble that moves, and its next snapshot
    double t = 0.0;                        ///< time that it has reached
    Ledger ledger;                         ///< of that ensemble
    FrameMark frames;
  };

  static void walk(const Archive& state, Place& place);
  void walk_ensembles(const Archive& state);
  void can_go_on();
  void finish_side(const Progress& progress);
  /// One call of the split.
  void advance(double until);
  double fraction() const;
  double next_frame() const;
  /// Where the equal steps that are under way began: at the last snapshot or frame.
  double segment_start() const;
  void take_frame();

  const Config& config_;
  Keeper* checkpoints_;
  Place at_;
  std::vector<PhaseSetup> setups_;
  std::vector<PhaseObserver> observers_;
  std::unique_ptr<Frames> frames_;
  /// That the last call of the split took.
  double seconds_a_call_ = std::numeric_limits<double>::infinity();
};

}  // namespace powerstroke::study
