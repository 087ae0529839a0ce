#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "powerstroke/engine/state/ladder_view.hpp"

namespace powerstroke {

/// N particles of a homogeneous gas in energy space, as a structure of arrays: 12 bytes a particle. Energies never drift,
/// and quanta are counted exactly, because strokes change the integer level alone. Directions are not stored: no stroke
/// changes them (see `direction.hpp`).
class LadderEnsemble {
 public:
  /// All particles at rest, E = 0. @param delta_e > 0.
  LadderEnsemble(double delta_e, std::size_t particles)
      : delta_e_(delta_e), offset_(particles, 1.0), level_(particles, lowest_level) {
    POWERSTROKE_EXPECT(delta_e > 0.0);
  }

  std::size_t size() const { return level_.size(); }
  double delta_e() const { return delta_e_; }

  /// @param energy >= 0, at most highest_level * delta_e.
  void set_energy(std::size_t i, double energy) {
    POWERSTROKE_EXPECT(energy >= 0.0 && energy <= highest_level * delta_e_);
    const LadderPlace place = ladder_place(energy, delta_e_);
    offset_[i] = place.offset;
    level_[i] = place.level;
  }

  std::span<std::int32_t> levels() { return level_; }
  LadderView view() const { return {delta_e_, offset_, level_}; }

  static constexpr std::size_t bytes_per_particle = sizeof(double) + sizeof(std::int32_t);

 private:
  double delta_e_;
  std::vector<double> offset_;
  std::vector<std::int32_t> level_;
};

}  // namespace powerstroke
