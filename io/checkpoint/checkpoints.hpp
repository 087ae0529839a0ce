#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "powerstroke/io/checkpoint/checkpoint_file.hpp"
#include "powerstroke/io/config/config.hpp"

namespace powerstroke::io {

/// What is asked of a run from outside, between two of its steps.
enum class Wish { go_on, keep, stop };

/// Leaves a run that was asked to stop, once its checkpoint is on the disk.
struct Interrupted {
  double fraction;  ///< of the run that is done
};

/// The checkpoints of a run in the folder that its result will be in: the latest and the one before.
///
/// A checkpoint is written aside, flushed, and renamed; the one before stays until that is done. The folder is locked for as long as
/// this lives, where the file system can, so that no other process writes there. If no checkpoint was written, nothing is left.
/// Of several ranks the first one writes.
class Checkpoints {
 public:
  using Save = std::function<void(const hdf5::Writer& root)>;

  struct Options {
    double every_s = 600.0;                       ///< seconds from one to the next; 0: only where they are asked for
    std::function<Wish()> wish{};                 ///< asked at each step; may be empty
    std::function<void(double fraction)> kept{};  ///< told of each that was asked for; may be empty
  };

  /// Of a run that begins. What an earlier run kept there is forgotten.
  /// @throws IoError if the folder cannot be made or another process works in it.
  Checkpoints(const std::filesystem::path& folder, Config config, Options options);
  /// Of a run that goes on from the latest checkpoint that is whole.
  /// @param remarks gets what is wrong with a later one.
  /// @throws IoError if there is no checkpoint, or none that is whole; ConfigError if one holds no valid config.
  static Checkpoints resume(const std::filesystem::path& folder, Options options, std::vector<std::string>& remarks);

  Checkpoints(Checkpoints&&) noexcept;
  Checkpoints& operator=(Checkpoints&&) = delete;
  ~Checkpoints();

  const Config& config() const { return config_; }
  /// There is a checkpoint that the run goes on from; else it begins.
  bool goes_on() const { return from_.has_value(); }
  /// Calls `restore` with the checkpoint's state; not at all if the run begins.
  void restore(const std::function<void(const hdf5::Reader& state)>& restore) const;

  /// A step is done, from which the run can go on: writes a checkpoint if it is time, or if one was asked for.
  /// @param save writes the state, on the first rank; @param collect brings it there, called by all. Of several ranks, all have to
  /// offer alike; the first one's clock and wishes decide. @throws Interrupted if the run is to stop; IoError if the checkpoint cannot be written.
  void offer(double fraction, const Save& save, const std::function<void()>& collect = {});

  /// Seconds of computing, those before an interruption included.
  double wall_s() const;

  /// Where frames of a trajectory are kept until the run ends.
  std::filesystem::path frame_log() const;

 private:
  class Lock;
  using Clock = std::chrono::steady_clock;
  Checkpoints(std::filesystem::path folder, Options options);
  void write(const Save& save);

  std::filesystem::path folder_;
  Options options_;
  std::unique_ptr<Lock> lock_;
  Config config_;
  std::optional<CheckpointFile> from_;
  bool has_own_ = false;  ///< a checkpoint of this run lies there
  double wall_s_before_ = 0.0;
  Clock::time_point start_, last_;
};

}  // namespace powerstroke::io
