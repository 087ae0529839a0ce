#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "powerstroke/engine/state/phase_ensemble.hpp"
#include "powerstroke/study/checkpoint/archive.hpp"
#include "powerstroke/study/settings/config.hpp"

namespace powerstroke::study {

/// What is asked of a run from outside, between two of its steps.
enum class Wish { go_on, keep, stop };

/// Leaves a run that was asked to stop, once its checkpoint is kept.
struct Interrupted {
  double fraction;  ///< of the run that is done
  bool kept =
      true;  ///< there is a checkpoint; false where several ranks were stopped before one was made
};

/// What a checkpoint remembers of the frames of a trajectory.
struct FrameMark {
  std::uint64_t frames = 0;
  std::uint32_t crc32 = 0;  ///< of all their bytes
};

/// Takes the frames of a trajectory, one after the other.
class Frames {
 public:
  virtual ~Frames() = default;
  virtual void append(const PhaseEnsemble& ensemble) = 0;
  /// Makes sure that all frames so far are kept. @returns their mark.
  virtual FrameMark sync() = 0;
};

/// Keeps a run from being lost, and stops it where that is wished. A study offers its state between
/// two steps; what becomes of it is for the keeper to know. Without one nothing is kept, and a run
/// cannot be stopped but by throwing.
class Keeper {
 public:
  /// Writes the state of a run.
  using Save = std::function<void(const Archive& state)>;

  virtual ~Keeper() = default;

  /// There is a state that the run goes on from; else it begins.
  virtual bool goes_on() const = 0;
  /// Calls `restore` with that state; not at all if the run begins.
  virtual void restore(const std::function<void(const Archive& state)>& restore) const = 0;

  /// A step is done, from which the run can go on: keeps it if it is time, or if that is wished.
  /// @param save writes the state, on the first rank; @param collect brings it there, called by
  /// all. Of several ranks, all have to offer alike. @throws Interrupted if the run is to stop;
  /// IoError if the state cannot be kept.
  virtual void offer(double fraction, const Save& save,
                     const std::function<void()>& collect = {}) = 0;
  /// Keeps the state now, as `offer`. @throws IoError if it cannot be kept.
  virtual void keep(const Save& save, const std::function<void()>& collect = {}) = 0;
  /// The same for the first rank alone, where something failed after the last step: what is
  /// computed shall not be lost with it.
  /// @returns whether a state is kept; never throws.
  virtual bool rescue(const Save& save) noexcept = 0;
  /// Leaves the run from between two steps, with its state kept if the first rank alone can do
  /// that. @throws Interrupted
  [[noreturn]] virtual void leave(double fraction, const Save& save) = 0;

  /// Seconds of computing, those before an interruption included.
  virtual double wall_s() const = 0;

  /// Where the frames of a trajectory go. @param settings with `phase_space->trajectory`; @param
  /// from the mark to go on from, if the run goes on.
  virtual std::unique_ptr<Frames> frames(const Config& settings,
                                         const std::optional<FrameMark>& from) = 0;
};

}  // namespace powerstroke::study
