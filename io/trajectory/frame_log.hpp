#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "powerstroke/engine/state/phase_ensemble.hpp"
#include "powerstroke/io/trajectory/h5md.hpp"
#include "powerstroke/study/checkpoint/keeper.hpp"
#include "powerstroke/study/result/result.hpp"

namespace powerstroke::io {

/// Frames of a trajectory as raw numbers, one after the other, while its run goes on: unlike a file
/// of HDF5, one that a killed run leaves is good as far as it goes, and can be cut to the frames
/// that a checkpoint knows of. `write_trajectory` makes the trajectory of it. Every failure is an
/// IoError with the path.
class FrameLog : public study::Frames {
 public:
  using Mark = study::FrameMark;

  /// A new one; a file that is there is replaced.
  FrameLog(const std::filesystem::path& path, const H5mdLayout& layout);
  /// Goes on from a mark, and forgets what comes after it. @throws IoError also if the frames up to
  /// it are not what they were.
  FrameLog(const std::filesystem::path& path, const H5mdLayout& layout, const Mark& mark);
  FrameLog(FrameLog&&) noexcept;
  FrameLog& operator=(FrameLog&&) noexcept;
  ~FrameLog() override;

  void append(const PhaseEnsemble& ensemble) override;
  /// Waits until the disk has all frames. @returns their mark.
  Mark sync() override;

 private:
  struct File;
  std::unique_ptr<File> file_;
};

/// The layout of a run's trajectory. @param config with `phase_space->trajectory`.
H5mdLayout trajectory_layout(const study::Config& config, const study::Provenance& provenance);

/// Makes an H5MD file of the frames of a run, frame k at the time k * every.
/// @throws IoError with the path and the reason.
void write_trajectory(const study::RunResult& result, const std::filesystem::path& frames,
                      const std::filesystem::path& h5md);

}  // namespace powerstroke::io
