#include "powerstroke/kernels/over_levels.hpp"

#include <cmath>

#include "powerstroke/engine/state/direction.hpp"

namespace powerstroke {

namespace {

/// Below this share of delta_e a particle is at rest: its direction is lost in rounding, and rescaling it could overflow.
constexpr double rest = 1e-200;

/// A momentum that strokes have put on a whole multiple of delta_e, as from rest, has an energy a few roundings beside it.
constexpr double roundings_of_a_momentum = 16.0;

LadderPlace place_of(double energy, double delta_e) {
  return ladder_place(energy < rest * delta_e ? 0.0 : energy, delta_e, roundings_of_a_momentum);
}

}  // namespace

MomentumBlock::MomentumBlock(const MomentumView& momenta, const PassKey& key, std::size_t first, std::size_t last)
    : momenta_(momenta), key_(key), first_(first), size_(last - first) {
  for (std::size_t i = 0; i < size_; ++i) {
    const LadderPlace place = place_of(momenta.energy(first + i), key.delta_e);
    offset_[i] = place.offset;
    old_level_[i] = level_[i] = place.level;
  }
}

void MomentumBlock::write_back() const {
  const int dimension = momenta_.dimension();
  for (std::size_t i = 0; i < size_; ++i) {
    if (level_[i] == old_level_[i]) continue;
    const std::size_t particle = first_ + i;
    const double old_energy = momenta_.energy(particle);
    const double energy = ladder_energy(key_.delta_e, offset_[i], level_[i]);
    if (old_level_[i] != lowest_level) {
      const double scale = std::sqrt(energy / old_energy);
      for (int axis = 0; axis < dimension; ++axis) momenta_.component(particle, axis) *= scale;
    } else {
      const Vector direction =
          isotropic_direction(key_.seed, momenta_.first_id() + particle, key_.step, Purpose::direction_at_rest, dimension);
      const double magnitude = momentum_magnitude(energy, momenta_.mass());
      for (int axis = 0; axis < dimension; ++axis)
        momenta_.component(particle, axis) = magnitude * direction[static_cast<std::size_t>(axis)];
    }
  }
}

}  // namespace powerstroke
