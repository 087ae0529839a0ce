#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "powerstroke/engine/parallel/ranks.hpp"
#include "powerstroke/engine/state/ladder_view.hpp"

namespace powerstroke {

/// N particles of a homogeneous gas in energy space, as a structure of arrays: 12 bytes per
/// particle. Energies never drift, and quanta are counted exactly, because strokes change the
/// integer level alone. Directions are not stored: no stroke changes them (see `direction.hpp`).
class LadderEnsemble {
 public:
  /// All particles at rest, E = 0.
  /// @param spacing of the ladder, > 0: delta_e of the strokes, or a common divisor of several.
  LadderEnsemble(double spacing, std::size_t particles)
      : spacing_(spacing),
        offset_(particles, 1.0),
        level_(particles, lowest_level),
        whole_(particles) {
    POWERSTROKE_EXPECT(spacing > 0.0);
  }

  /// The share that this rank holds of an ensemble of `whole` particles that is divided among
  /// `ranks`. Random numbers are those of the ids; kernels that look at all particles sum over the
  /// ranks; the ledgers of all ranks together have what was moved.
  LadderEnsemble(double spacing, std::size_t whole, parallel::Ranks ranks)
      : LadderEnsemble(spacing, ranks.share_of(whole), whole, ranks) {}

  std::size_t size() const { return level_.size(); }
  std::size_t first_id() const { return first_id_; }
  std::size_t whole_size() const { return whole_; }  ///< of all ranks
  parallel::Ranks ranks() const { return ranks_; }   ///< that it is divided among
  bool is_divided() const { return ranks_.are_several(); }
  double spacing() const { return spacing_; }

  /// @param energy >= 0, at most highest_level * spacing.
  void set_energy(std::size_t i, double energy) {
    POWERSTROKE_EXPECT(energy >= 0.0 && energy <= highest_level * spacing_);
    const LadderPlace place = ladder_place(energy, spacing_);
    offset_[i] = place.offset;
    level_[i] = place.level;
  }

  std::span<std::int32_t> levels() { return level_; }
  std::span<const double> offsets() const { return offset_; }
  LadderView view() const { return {spacing_, offset_, level_}; }

  /// From now on, kernels add ln(forward rate / reverse rate) of each stroke to the particle's sum:
  /// the path entropy that went to its surroundings, in k_B.
  void record_paths() { path_.assign(size(), 0.0); }
  std::span<double> paths() { return path_; }              ///< empty if not recorded
  std::span<const double> paths() const { return path_; }  ///< empty if not recorded

  static constexpr std::size_t bytes_per_particle = sizeof(double) + sizeof(std::int32_t);

 private:
  LadderEnsemble(double spacing, parallel::Share share, std::size_t whole, parallel::Ranks ranks)
      : LadderEnsemble(spacing, share.last - share.first) {
    first_id_ = share.first;
    whole_ = whole;
    ranks_ = ranks;
  }

  double spacing_;
  std::vector<double> offset_;
  std::vector<std::int32_t> level_;
  std::vector<double> path_;
  std::size_t first_id_ = 0, whole_;
  parallel::Ranks ranks_;
};

}  // namespace powerstroke
