#include "powerstroke/kernels/sampling/places.hpp"

#include <cmath>
#include <limits>
#include <memory>

#include "powerstroke/engine/state/direction.hpp"

namespace powerstroke {

namespace {

/// Below this share of delta_e a particle is at rest: its direction is lost in rounding, and
/// rescaling it could overflow.
constexpr double rest = 1e-200;

/// A momentum that strokes have put on a whole multiple of delta_e, as from rest, has an energy a
/// few roundings beside it.
constexpr double roundings_of_a_momentum = 16.0;

LadderPlace place_of(double energy, double spacing) {
  return ladder_place(energy < rest * spacing ? 0.0 : energy, spacing, roundings_of_a_momentum);
}

}  // namespace

void rescale(const MomentumView& momenta, const PassKey& key, std::size_t particle,
             double old_energy, double energy) {
  const int dimension = momenta.dimension();
  if (old_energy > rest * energy) {
    const double scale = std::sqrt(energy / old_energy);
    for (int axis = 0; axis < dimension; ++axis) momenta.component(particle, axis) *= scale;
    return;
  }
  const Vector direction = isotropic_direction(key.seed, momenta.first_id() + particle, key.step,
                                               Purpose::direction_at_rest, dimension);
  const double magnitude = momentum_magnitude(energy, momenta.mass());
  for (int axis = 0; axis < dimension; ++axis)
    momenta.component(particle, axis) = magnitude * direction[static_cast<std::size_t>(axis)];
}

double MomentumPlaces::energy(std::size_t i) const {
  const double energy = momenta_.energy(i);
  if (key_.spacing == 0.0) return energy;
  const LadderPlace place = place_of(energy, key_.spacing);
  return ladder_energy(key_.spacing, place.offset, place.level);
}

bool MomentumPlaces::can_release(std::size_t i, const Hop& hop) const {
  const double energy = momenta_.energy(i);
  return key_.spacing > 0.0 ? place_of(energy, key_.spacing).level >= hop.stride
                            : lies_above(energy, hop.delta_e);
}

void MomentumPlaces::move(std::size_t i, const Hop& hop, int sign) const {
  const double old_energy = momenta_.energy(i);
  double energy = old_energy + sign * hop.delta_e;
  if (key_.spacing > 0.0) {
    const LadderPlace place = place_of(old_energy, key_.spacing);
    energy = ladder_energy(key_.spacing, place.offset, place.level + sign * hop.stride);
  }
  rescale(momenta_, key_, i, old_energy, energy);
}

MomentumPlace::MomentumPlace(const MomentumView& momenta, const PassKey& key, std::size_t particle)
    : momenta_(momenta),
      key_(key),
      particle_(particle),
      found_(momenta.energy(particle)),
      energy_(found_) {
  if (key.spacing == 0.0) return;
  // As `place_of`: next to a whole multiple of the spacing is on it.
  steps_ = found_ / key.spacing;
  if (!(steps_ < highest_level)) return;  // an error that the kernel raises
  const auto whole = static_cast<double>(static_cast<std::int64_t>(steps_ + 0.5));
  if (std::abs(steps_ - whole) >
      roundings_of_a_momentum * std::numeric_limits<double>::epsilon() * whole)
    return;
  steps_ = whole;
  energy_ = whole * key.spacing;
}

void MomentumPlace::move(double energy) const {
  rescale(momenta_, key_, particle_, found_, energy);
}

MomentumBlock::Room& MomentumBlock::room() {
  thread_local const std::unique_ptr<Room> room = std::make_unique_for_overwrite<Room>();
  return *room;
}

MomentumBlock::MomentumBlock(const MomentumView& momenta, const PassKey& key, std::size_t first,
                             std::size_t last)
    : momenta_(momenta), key_(key), first_(first), size_(last - first), room_(room()) {
  for (std::size_t i = 0; i < size_; ++i) {
    room_.old_energy[i] = room_.energy[i] = momenta_.energy(first + i);
    if (key.spacing == 0.0) continue;
    const LadderPlace place = place_of(room_.energy[i], key.spacing);
    room_.offset[i] = place.offset;
    room_.old_level[i] = room_.level[i] = place.level;
  }
}

void MomentumBlock::write_back() const {
  for (std::size_t i = 0; i < size_; ++i) {
    if (key_.spacing > 0.0) {
      if (room_.level[i] != room_.old_level[i])
        rescale(momenta_, key_, first_ + i, room_.old_energy[i],
                ladder_energy(key_.spacing, room_.offset[i], room_.level[i]));
    } else if (room_.energy[i] != room_.old_energy[i]) {
      rescale(momenta_, key_, first_ + i, room_.old_energy[i], room_.energy[i]);
    }
  }
}

}  // namespace powerstroke
