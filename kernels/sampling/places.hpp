#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "powerstroke/engine/core/ladder.hpp"
#include "powerstroke/engine/core/threshold.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/parallel/ranks.hpp"
#include "powerstroke/engine/state/energy_ensemble.hpp"
#include "powerstroke/engine/state/ladder_ensemble.hpp"
#include "powerstroke/engine/state/momentum_view.hpp"
#include "powerstroke/kernels/sampling/hops.hpp"

/// Where particles are and how a stroke moves them, whatever an ensemble stores: what lets a stroke
/// kernel be written once for a ladder, for plain energies and for momenta that another code owns.
namespace powerstroke {

/// Particles side by side on a ladder.
struct LadderPlaces {
  double spacing;
  std::span<const double> offset;
  std::span<std::int32_t> level;
  std::span<double> path = {};  ///< see `LadderEnsemble::record_paths`; empty if not recorded

  std::size_t size() const { return level.size(); }
  double energy(std::size_t i) const { return ladder_energy(spacing, offset[i], level[i]); }
  bool can_release(std::size_t i, const Hop& hop) const { return level[i] >= hop.stride; }
  void uptake(std::size_t i, const Hop& hop) const { level[i] += hop.stride; }
  void release(std::size_t i, const Hop& hop) const { level[i] -= hop.stride; }
};

/// Particles side by side with an energy each.
struct EnergyPlaces {
  std::span<double> energies;
  std::span<double> path = {};

  std::size_t size() const { return energies.size(); }
  double energy(std::size_t i) const { return energies[i]; }
  bool can_release(std::size_t i, const Hop& hop) const {
    return lies_above(energies[i], hop.delta_e);
  }
  void uptake(std::size_t i, const Hop& hop) const { energies[i] += hop.delta_e; }
  void release(std::size_t i, const Hop& hop) const { energies[i] -= hop.delta_e; }
};

/// Which of a particle's random numbers a pass may need, and the ladder of momenta (0: none).
struct PassKey {
  double spacing;
  std::uint64_t seed, step;
};

/// Gives a particle another energy: |p| is rescaled, the direction stays; from rest it gets an
/// isotropic one (Purpose::direction_at_rest). @param old_energy that it has.
void rescale(const MomentumView& momenta, const PassKey& key, std::size_t particle,
             double old_energy, double energy);

/// Momenta in place, one at a time: for strokes that go back and forth among all particles. A
/// stroke rescales |p|, the direction stays. A particle that takes up energy at rest has none: it
/// gets an isotropic one (Purpose::direction_at_rest).
class MomentumPlaces {
 public:
  MomentumPlaces(const MomentumView& momenta, const PassKey& key) : momenta_(momenta), key_(key) {}
  std::size_t size() const { return momenta_.size(); }
  double energy(std::size_t i) const;
  bool can_release(std::size_t i, const Hop& hop) const;
  void uptake(std::size_t i, const Hop& hop) const { move(i, hop, 1); }
  void release(std::size_t i, const Hop& hop) const { move(i, hop, -1); }

 private:
  void move(std::size_t i, const Hop& hop, int sign) const;

  const MomentumView& momenta_;
  PassKey key_;
};

/// One particle of them, whose energy is read once: for strokes here and there.
class MomentumPlace {
 public:
  MomentumPlace(const MomentumView& momenta, const PassKey& key, std::size_t particle);
  double energy(std::size_t) const { return energy_; }
  bool can_release(std::size_t, const Hop& hop) const {
    return key_.spacing > 0.0 ? steps_ > hop.stride : lies_above(energy_, hop.delta_e);
  }
  void uptake(std::size_t, const Hop& hop) const { move(energy_ + hop.delta_e); }
  void release(std::size_t, const Hop& hop) const { move(energy_ - hop.delta_e); }

 private:
  void move(double energy) const;

  const MomentumView& momenta_;
  const PassKey& key_;
  std::size_t particle_;
  double found_, energy_;  ///< as the momentum has it, and on the ladder
  double steps_ = 0.0;     ///< in spacings
};

/// All particles of an ensemble at once.
inline LadderPlaces all_places(LadderEnsemble& ensemble, const PassKey&) {
  return {ensemble.spacing(), ensemble.offsets(), ensemble.levels(), ensemble.paths()};
}
inline EnergyPlaces all_places(EnergyEnsemble& ensemble, const PassKey&) {
  return {ensemble.energies(), ensemble.paths()};
}
inline MomentumPlaces all_places(const MomentumView& momenta, const PassKey& key) {
  return {momenta, key};
}

/// Momenta of one block as places, and back. A thread has one at a time.
class MomentumBlock {
 public:
  MomentumBlock(const MomentumView& momenta, const PassKey& key, std::size_t first,
                std::size_t last);
  LadderPlaces on_ladder() { return {key_.spacing, {room_.offset, size_}, {room_.level, size_}}; }
  EnergyPlaces in_energy() { return {{room_.energy, size_}}; }
  void write_back() const;

 private:
  /// The thread's: 128 kB, too much for a stack that somebody made small.
  struct Room {
    double offset[parallel::block_size], energy[parallel::block_size],
        old_energy[parallel::block_size];
    std::int32_t old_level[parallel::block_size], level[parallel::block_size];
  };
  static Room& room();

  const MomentumView& momenta_;
  PassKey key_;
  std::size_t first_, size_;
  Room& room_;
};

/// Sums over blocks here, or, of an ensemble that is divided among ranks and where all is asked
/// for, over those of all ranks.
enum class Over { here, all };

template <class Value, Over over, class Ensemble, class Body>
Value sum_blocks([[maybe_unused]] const Ensemble& ensemble, std::size_t particles, Body&& body) {
  if constexpr (over == Over::all)
    return ensemble.ranks().template sum_over_blocks<Value>(particles, body);
  else
    return parallel::sum_over_blocks<Value>(particles, body);
}

/// Sums body(places, first) over the blocks of the first `particles` particles, in their order;
/// places[i] belongs to the particle whose random numbers are those of id first + i.
template <class Value, Over over = Over::here, class Body>
Value over_places(LadderEnsemble& ensemble, const PassKey&, std::size_t particles, Body&& body) {
  const auto part = [](auto values, std::size_t first, std::size_t size) {
    return values.empty() ? values : values.subspan(first, size);
  };
  const LadderPlaces all = all_places(ensemble, {});
  return sum_blocks<Value, over>(ensemble, particles, [&](std::size_t first, std::size_t last) {
    const std::size_t size = last - first;
    return body(LadderPlaces{all.spacing, all.offset.subspan(first, size),
                             all.level.subspan(first, size), part(all.path, first, size)},
                ensemble.first_id() + first);
  });
}

template <class Value, Over over = Over::here, class Body>
Value over_places(EnergyEnsemble& ensemble, const PassKey&, std::size_t particles, Body&& body) {
  const EnergyPlaces all = all_places(ensemble, {});
  return sum_blocks<Value, over>(ensemble, particles, [&](std::size_t first, std::size_t last) {
    const std::size_t size = last - first;
    return body(EnergyPlaces{all.energies.subspan(first, size),
                             all.path.empty() ? all.path : all.path.subspan(first, size)},
                ensemble.first_id() + first);
  });
}

template <class Value, Over over = Over::here, class Body>
Value over_places(const MomentumView& momenta, const PassKey& key, std::size_t particles,
                  Body&& body) {
  return parallel::sum_over_blocks<Value>(particles, [&](std::size_t first, std::size_t last) {
    MomentumBlock block(momenta, key, first, last);
    const std::size_t id = momenta.first_id() + first;
    const Value value =
        key.spacing > 0.0 ? body(block.on_ladder(), id) : body(block.in_energy(), id);
    block.write_back();
    return value;
  });
}

/// The same for a body that needs no more than the levels: body(levels, first), all particles.
template <class Value, class Ensemble, class Body>
Value over_levels(Ensemble& ensemble, const PassKey& key, Body&& body) {
  return over_places<Value>(ensemble, key, ensemble.size(),
                            [&](const auto& places, std::size_t first) {
                              if constexpr (requires { places.level; })
                                return body(places.level, first);
                              else
                                return Value{};  // of momenta without a ladder, which no caller has
                            });
}

}  // namespace powerstroke
