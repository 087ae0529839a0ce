#pragma once

#include <cstdint>
#include <span>

#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/state/ladder_ensemble.hpp"
#include "powerstroke/engine/state/momentum_view.hpp"

/// The ladder's levels of an ensemble, block by block, whatever the ensemble stores: what lets a stroke kernel be written
/// once for particles in energy space and for momenta that another code owns.
namespace powerstroke {

/// Which of a particle's random numbers a pass may need.
struct PassKey {
  double delta_e;
  std::uint64_t seed, step;
};

/// Sums body(levels, first) over the blocks, in their order; levels[i] may be changed and belongs to the particle whose
/// random numbers are those of id first + i.
template <class Value, class Body>
Value over_levels(LadderEnsemble& ensemble, const PassKey&, Body&& body) {
  const auto levels = ensemble.levels();
  return parallel::sum_over_blocks<Value>(
      levels.size(), [&](std::size_t first, std::size_t last) { return body(levels.subspan(first, last - first), first); });
}

/// Momenta as places on the ladder of one block, and back: a stroke rescales |p|, the direction stays. A particle that takes
/// up energy at rest has none: it gets an isotropic one (Purpose::direction_at_rest).
class MomentumBlock {
 public:
  MomentumBlock(const MomentumView& momenta, const PassKey& key, std::size_t first, std::size_t last);
  std::span<std::int32_t> levels() { return {level_, size_}; }
  void write_back() const;

 private:
  const MomentumView& momenta_;
  PassKey key_;
  std::size_t first_, size_;
  double offset_[parallel::block_size];
  std::int32_t old_level_[parallel::block_size], level_[parallel::block_size];
};

template <class Value, class Body>
Value over_levels(const MomentumView& momenta, const PassKey& key, Body&& body) {
  return parallel::sum_over_blocks<Value>(momenta.size(), [&](std::size_t first, std::size_t last) {
    MomentumBlock block(momenta, key, first, last);
    const Value value = body(block.levels(), momenta.first_id() + first);
    block.write_back();
    return value;
  });
}

}  // namespace powerstroke
