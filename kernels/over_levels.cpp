#include "powerstroke/kernels/over_levels.hpp"

#include <cmath>

#include "powerstroke/engine/state/direction.hpp"

namespace powerstroke {

MomentumBlock::MomentumBlock(const MomentumView& momenta, const PassKey& key, std::size_t first, std::size_t last)
    : momenta_(momenta), key_(key), first_(first), size_(last - first) {
  for (std::size_t i = 0; i < size_; ++i) {
    const LadderPlace place = ladder_place(momenta.energy(first + i), key.delta_e);
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
    if (old_energy > 0.0) {
      const double scale = std::sqrt(energy / old_energy);
      for (int axis = 0; axis < dimension; ++axis) momenta_.component(particle, axis) *= scale;
    } else {
      const Vector direction = isotropic_direction(key_.seed, particle, key_.step, Purpose::direction_at_rest, dimension);
      const double magnitude = momentum_magnitude(energy, momenta_.mass());
      for (int axis = 0; axis < dimension; ++axis)
        momenta_.component(particle, axis) = magnitude * direction[static_cast<std::size_t>(axis)];
    }
  }
}

}  // namespace powerstroke
