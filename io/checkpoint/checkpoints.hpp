#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "powerstroke/engine/parallel/ranks.hpp"
#include "powerstroke/io/checkpoint/checkpoint_file.hpp"
#include "powerstroke/io/files/folder_lock.hpp"
#include "powerstroke/study/checkpoint/keeper.hpp"

namespace powerstroke::io {

/// The checkpoints of a run in the folder that its result will be in: the latest and the one
/// before.
///
/// A checkpoint is written aside, flushed, and renamed; the one before stays until that is done,
/// and so does what an earlier run kept there: before the first checkpoint of this run nothing in
/// the folder changes, but for a frame log of its own. The folder is locked for as long as this
/// lives, where the file system can, so that no other process writes there. If no checkpoint was
/// written, nothing is left. Of several ranks the first one writes.
class Checkpoints : public study::Keeper {
 public:
  struct Options {
    double every_s = 600.0;  ///< seconds from one to the next; 0: only where they are asked for
    std::function<study::Wish()> wish{};          ///< asked at each step; may be empty
    std::function<void(double fraction)> kept{};  ///< told of each that was asked for; may be empty
    parallel::Ranks ranks{};  ///< of the run: each has its `Checkpoints`, made alike
  };

  using Lock = std::shared_ptr<FolderLock>;

  /// Of a run that begins. What an earlier run kept there is forgotten with the first checkpoint.
  /// @param lock of the folder; nullptr: it is taken here. @throws IoError if the folder cannot be
  /// made or another process works in it.
  Checkpoints(const std::filesystem::path& folder, study::Config config, Options options,
              Lock lock = nullptr);
  /// Of a run that goes on from the latest checkpoint that is whole.
  /// @param remarks gets what is wrong with a later one. @param lock as above.
  /// @throws IoError if there is no checkpoint, or none that is whole; ConfigError if one holds no
  /// valid config. Nothing has changed then.
  static Checkpoints resume(const std::filesystem::path& folder, Options options,
                            std::vector<std::string>& remarks, Lock lock = nullptr);

  /// From now on all is kept in another folder, on the first rank; the one that the run comes from
  /// stays as it is.
  /// @param lock of that folder. @throws IoError if the frames so far cannot be copied there.
  void move_to(const std::filesystem::path& folder, Lock lock);

  Checkpoints(Checkpoints&&) noexcept;
  Checkpoints& operator=(Checkpoints&&) = delete;
  ~Checkpoints() override;

  const study::Config& config() const { return config_; }
  /// There is a checkpoint that the run goes on from; else it begins.
  bool goes_on() const override { return from_.has_value(); }
  /// Calls `restore` with the checkpoint's state; not at all if the run begins.
  void restore(const std::function<void(const study::Archive& state)>& restore) const override;

  /// A step is done, from which the run can go on: writes a checkpoint if it is time, or if one was
  /// asked for.
  /// @param save writes the state, on the first rank; @param collect brings it there, called by
  /// all. Of several ranks, all have to offer alike; the first one's clock and wishes decide.
  /// @throws Interrupted if the run is to stop; IoError if the checkpoint cannot be written.
  void offer(double fraction, const Save& save, const std::function<void()>& collect = {}) override;

  /// Writes a checkpoint now, as `offer`. @throws IoError if it cannot be written.
  void keep(const Save& save, const std::function<void()>& collect = {}) override;
  /// The same for the first rank alone, where something failed after the last step: what is
  /// computed shall not be lost with it.
  /// @returns whether a checkpoint is there; never throws.
  bool rescue(const Save& save) noexcept override;
  /// Leaves the run from between two steps, with a checkpoint if one can be made by the first rank
  /// alone. @throws Interrupted
  [[noreturn]] void leave(double fraction, const Save& save) override;

  /// A checkpoint of this run lies in its folder.
  bool has_own() const { return has_own_; }
  /// The folder, without symbolic links and dots.
  const std::filesystem::path& folder() const { return folder_; }
  const Lock& lock() const { return lock_; }

  /// Seconds of computing, those before an interruption included.
  double wall_s() const override;

  /// Where frames of a trajectory are kept until the run ends.
  std::filesystem::path frame_log();
  /// Into that log. @throws IoError also if the frames up to the mark are not what they were.
  std::unique_ptr<study::Frames> frames(const study::Config& settings,
                                        const std::optional<study::FrameMark>& from) override;

 private:
  using Clock = std::chrono::steady_clock;
  Checkpoints(std::filesystem::path folder, Options options, Lock lock);
  void forget_others();
  void write(const Save& save);

  std::filesystem::path folder_;
  Options options_;
  Lock lock_, lock_of_source_;
  study::Config config_;
  std::optional<CheckpointFile> from_;
  bool has_own_ = false;         ///< a checkpoint of this run lies there
  bool latest_is_good_ = false;  ///< and so becomes the one before
  bool holds_others_ = true;     ///< what an earlier run kept may lie there
  bool frames_begun_ = false;    ///< in a log that goes again if nothing can go on from it
  std::string frames_;           ///< name of the frame log
  double wall_s_before_ = 0.0;
  Clock::time_point start_, last_;
};

}  // namespace powerstroke::io
