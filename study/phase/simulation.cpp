#include "powerstroke/study/phase/simulation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/study/checkpoint/walk_ledger.hpp"
#include "powerstroke/study/result/walk.hpp"

namespace powerstroke::study {
namespace {

/// How many calls of the split a run reports its progress after, at least.
constexpr double reports = 200.0;

/// Positions and momenta, and what else a particle has.
void walk_particles(const Archive& group, PhaseEnsemble& ensemble) {
  for (int axis = 0; axis < ensemble.dimension(); ++axis) {
    group.field(fmt::format("position_{}", axis).c_str(), ensemble.positions(axis), "length",
                "Of each particle");
    group.field(fmt::format("momentum_{}", axis).c_str(), ensemble.momenta(axis), "momentum",
                "Of each particle");
  }
  group.field("heat", ensemble.heats(), "energy",
              "What strokes and baths have given to each particle");
  group.field("stroke", ensemble.lasting_strokes(), "energy",
              "Of the stroke under way; empty if strokes do not last");
  group.field("remaining", ensemble.remaining_times(), "time", "That it still lasts");
}

}  // namespace

double equal_steps(double length, double longest) {
  constexpr double rounding = 1e-12;  // a whole number of steps but for that
  return std::max(1.0, std::ceil(length / longest * (1.0 - rounding)));
}

double longest_step(const Config& config) {
  double from = 0.0, longest = 0.0;
  for (const double t : config.snapshots) {
    if (t > from)
      longest = std::max(longest, (t - from) / equal_steps(t - from, config.phase_space->step));
    from = t;
  }
  return longest;
}

void PhaseSimulation::walk(const Archive& state, Place& place) {
  state.field("tick", place.tick, "1", "Of the clock that keys random streams");
  state.field("side", place.side, "1",
              "Number of the ensemble that moves; those before it are done");
  state.field("snapshot", place.snapshot, "1", "Number of its next snapshot");
  state.field("t", place.t, "time", "That it has reached");
  state.field("frames", place.frames.frames, "1", "Frames of the trajectory so far");
  state.field("frames_crc32", place.frames.crc32, "1", "CRC-32 of the bytes of their log");
  walk_ledger(state.group("ledger"), place.ledger);
}

void PhaseSimulation::walk_ensembles(const Archive& state) {
  const UnitNames units(config_.units);
  for (std::size_t k = 0; k <= at_.side; ++k) {
    const auto group = state.group(fmt::format("side_{}", k).c_str());
    PhaseObserver& observer = observers_[k];
    walk_side(group.group("seen"), observer.side, units);
    walk_series(group.group("series"), observer.quantities, observer.series, units);
    for (const QuantityInfo& info :
         followed_quantities()) {  // a version that did not know it has not measured it
      Quantity& quantity = quantity_of(observer.quantities, info.key);
      if (!info.is_new || !quantity.values.empty()) continue;
      quantity.values.assign(observer.series.t.size(), std::nan(""));
      quantity.errors = quantity.values;
    }
    walk_histograms(group.group("histogram"), observer.histograms, units);
    walk_ledger(group.group("ledger"), observer.ledger);
  }
  walk_particles(state.group("particles"), setups_[at_.side].ensemble);
}

PhaseSimulation::PhaseSimulation(const Config& config, Keeper* checkpoints)
    : config_(config), checkpoints_(checkpoints) {
  if (checkpoints_ != nullptr)
    checkpoints_->restore([&](const Archive& state) { walk(state, at_); });
  setups_ = phase_setups(config_, at_.side, at_.ledger);
  if (at_.side >= setups_.size() || at_.snapshot > config_.snapshots.size() ||
      !(at_.t >= 0.0 && at_.t <= config_.snapshots.back()))
    throw IoError(
        "the checkpoint's ensembles, snapshots or time are not those that its config asks for");
  for (const PhaseSetup& setup : setups_) observers_.emplace_back(config_, setup);
  if (checkpoints_ == nullptr) return;
  checkpoints_->restore([&](const Archive& state) { walk_ensembles(state); });
  if (!config_.phase_space->trajectory) return;
  frames_ = checkpoints_->frames(
      config_, checkpoints_->goes_on() ? std::optional(at_.frames) : std::nullopt);
}

double PhaseSimulation::segment_start() const {
  const double snapshot = at_.snapshot > 0 ? config_.snapshots[at_.snapshot - 1] : 0.0;
  if (!config_.phase_space->trajectory || at_.side > 0 || at_.frames.frames == 0) return snapshot;
  return std::max(snapshot, static_cast<double>(at_.frames.frames - 1) *
                                config_.phase_space->trajectory->every);
}

double PhaseSimulation::next_frame() const {
  // The first ensemble alone is streamed: the run itself.
  // Wherever frames go, and even if nowhere: where steps end must not depend on that.
  if (!config_.phase_space->trajectory || at_.side > 0)
    return std::numeric_limits<double>::infinity();
  return static_cast<double>(at_.frames.frames) * config_.phase_space->trajectory->every;
}

void PhaseSimulation::take_frame() {
  ++at_.frames.frames;
  if (frames_) frames_->append(setups_.front().ensemble);
}

double PhaseSimulation::fraction() const {
  return std::min(1.0, (static_cast<double>(at_.side) + at_.t / config_.snapshots.back()) /
                           static_cast<double>(setups_.size()));
}

void PhaseSimulation::can_go_on() {
  if (checkpoints_ == nullptr) return;
  checkpoints_->offer(fraction(), [&](const Archive& state) { save(state); });
}

void PhaseSimulation::save(const Archive& state) {
  if (frames_) at_.frames = frames_->sync();
  walk(state, at_);
  walk_ensembles(state);
}

void PhaseSimulation::advance(double until) {
  PhaseSetup& setup = setups_[at_.side];
  const auto start = std::chrono::steady_clock::now();
  constexpr double long_call_s = 0.2;  // an answer may take a second
  // What a stop in the middle goes back to. Without anything to keep there is nothing to go back to
  // either.
  std::optional<PhaseEnsemble> before;
  const Ledger ledger_before = at_.ledger;
  const bool goes_back =
      checkpoints_ != nullptr && seconds_a_call_ > long_call_s && StopCheck::current() != nullptr;
  if (goes_back) before = setup.ensemble;
  const StopCheck::Inherited asked(goes_back || checkpoints_ == nullptr ? StopCheck::current()
                                                                        : nullptr);
  StepClock clock(at_.tick);
  try {
    setup.split.advance(setup.ensemble, at_.t, until - at_.t, clock, at_.ledger);
  } catch (const AskedToStop&) {
    if (!goes_back) throw;
    setup.ensemble = std::move(*before);
    at_.ledger = ledger_before;
    checkpoints_->leave(fraction(), [&](const Archive& state) { save(state); });
  }
  at_.tick = clock.now();
  at_.t = until;
  seconds_a_call_ = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void PhaseSimulation::finish(const Progress& progress) {
  for (; at_.side < setups_.size(); ++at_.side) {
    finish_side(progress);
    if (at_.side + 1 == setups_.size()) return;
    at_ = {at_.tick, at_.side, 0, 0.0, {}, at_.frames};
  }
}

void PhaseSimulation::finish_side(const Progress& progress) {
  const PhaseConfig& phase = *config_.phase_space;
  PhaseSetup& setup = setups_[at_.side];
  PhaseObserver& observer = observers_[at_.side];
  const double end = config_.snapshots.back();
  const double stretch =
      std::max(1.0, std::ceil(end / phase.step / reports));  // steps in a call of the split
  for (; at_.snapshot < config_.snapshots.size(); ++at_.snapshot) {
    const double t = config_.snapshots[at_.snapshot];
    while (at_.t < t) {
      can_go_on();
      if (next_frame() <= at_.t) take_frame();
      // From the last snapshot or frame to the next in equal steps, so many in a call; the same
      // after a checkpoint, for it is told from where the steps began.
      const double from = segment_start(), to = std::min(t, next_frame());
      const double steps = equal_steps(to - from, phase.step), equal = (to - from) / steps;
      const double h = std::abs(equal - phase.step) <= 1e-9 * phase.step
                           ? phase.step
                           : equal;  // but for rounding
      const double done = std::round((at_.t - from) / h) + stretch;
      const double until = done < steps ? at_.t + stretch * h : to;
      advance(until);
      if (progress) progress(fraction(), at_.ledger.strokes());
    }
    observer.look(t, setup, at_.ledger);
    if (phase.reverse_at && t == *phase.reverse_at) setup.ensemble.reverse();
  }
  if (next_frame() <= at_.t) take_frame();
  observer.finish(end, setup);
}

}  // namespace powerstroke::study
