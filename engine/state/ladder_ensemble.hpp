#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke {

/// A place on the energy ladder: E = delta_e * (offset + level), offset in (0, 1], level = -1, 0, 1, ...
///
/// The offset is taken from the half-open interval that is closed above, so that the strict condition E > delta_e of a
/// release is the integer comparison level >= 1, exact also for energies that are whole multiples of delta_e
/// (E = delta_e is offset 1, level 0: blocked). Only E = 0 has level -1: it can take up energy and never comes back.
struct LadderPlace {
  double offset;
  std::int32_t level;
};

/// The place of an energy >= 0 (units of delta_e); energy / delta_e must stay below 2^31.
inline LadderPlace ladder_place(double energy, double delta_e) {
  POWERSTROKE_EXPECT(energy >= 0.0 && delta_e > 0.0);
  const double steps = energy / delta_e;
  const double level = std::ceil(steps) - 1.0;
  return {steps - level, static_cast<std::int32_t>(level)};
}

/// A release needs E > delta_e, strictly.
constexpr bool can_release(std::int32_t level) { return level >= 1; }

/// What estimators read: a snapshot that owns nothing.
struct LadderView {
  double delta_e;
  std::span<const double> offset;
  std::span<const std::int32_t> level;

  std::size_t size() const { return level.size(); }
  double energy(std::size_t i) const { return delta_e * (offset[i] + level[i]); }
};

/// N particles of a homogeneous gas in energy space, as a structure of arrays: 12 bytes a particle. Energies never drift,
/// and quanta are counted exactly, because strokes change the integer level alone. Directions are not stored: no stroke
/// changes them (see `direction.hpp`).
class LadderEnsemble {
 public:
  LadderEnsemble(double delta_e, std::size_t particles) : delta_e_(delta_e), offset_(particles), level_(particles) {}

  std::size_t size() const { return level_.size(); }
  double delta_e() const { return delta_e_; }

  void set_energy(std::size_t i, double energy) {
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
