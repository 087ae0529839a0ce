#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "powerstroke/engine/state/phase_ensemble.hpp"
#include "powerstroke/kernels/laws/box.hpp"
#include "powerstroke/study/result/result.hpp"
#include "powerstroke/study/settings/units.hpp"

namespace powerstroke::io {

/// What stays the same from frame to frame of a trajectory.
struct H5mdLayout {
  int dimension = 3;             ///< 1, 2 or 3
  std::vector<Species> species;  ///< of the ensemble
  laws::Box box;
  std::size_t most_particles =
      std::size_t(-1);         ///< at most so many are written, evenly spaced over the ensemble
  study::Units units;          ///< of the run
  std::string author = "N/A";  ///< H5MD wants one
  std::string title;
  study::Provenance provenance;
};

/// The ids of `particles` out of 0 ... total - 1, evenly spaced (floor(j total / particles)): a
/// species gets its share, to one particle. All of them if `particles` >= total.
std::vector<std::uint64_t> evenly_spaced(std::size_t total, std::size_t particles);

/// How many of the layout's particles are written.
std::size_t particles_written(const H5mdLayout& layout);

/// What a frame of the file holds, in its units: [particle][component], components beyond the
/// dimension 0.
struct H5mdFrame {
  std::vector<double> position, velocity;
};
/// @param ensemble of the layout's dimension and species.
H5mdFrame frame_of(const H5mdLayout& layout, const PhaseEnsemble& ensemble);

/// Streams positions and velocities frame by frame into a file in the H5MD format, version 1.1 (P.
/// de Buyl, P. H. Colberg, F. Hoefling, Comput. Phys. Commun. 185 (2014) 1546), in the group
/// `/particles/trajectory`; docs/formats.md lists what is in it. One frame is held in memory.
/// Vectors have three components whatever d is, those beyond it 0, because MDAnalysis reads no
/// others. A run with units is written in nm, ps and u, a reduced one in its own, without names.
///
/// Every failure is an IoError with the path. A file whose writer was destroyed without `close` is
/// unfinished, and its owner's to remove.
class H5mdWriter {
 public:
  H5mdWriter(const std::filesystem::path& path, const H5mdLayout& layout);
  H5mdWriter(H5mdWriter&&) noexcept;
  H5mdWriter& operator=(H5mdWriter&&) noexcept;
  ~H5mdWriter();

  /// Adds a frame. @param step, time of the run, greater than those of the frame before.
  void append(std::uint64_t step, double time, const H5mdFrame& frame);
  void append(std::uint64_t step, double time, const PhaseEnsemble& ensemble) {
    append(step, time, frame_of(layout_, ensemble));
  }

  /// Ends the file and waits until the disk has it; no more frames after that.
  void close();

 private:
  struct File;
  std::filesystem::path path_;
  H5mdLayout layout_;
  std::unique_ptr<File> file_;
};

}  // namespace powerstroke::io
