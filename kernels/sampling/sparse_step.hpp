#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "powerstroke/engine/random/poisson_table.hpp"
#include "powerstroke/engine/state/momentum_view.hpp"
#include "powerstroke/kernels/counts/stroke_counts.hpp"
#include "powerstroke/kernels/sampling/candidates.hpp"
#include "powerstroke/kernels/sampling/places.hpp"

namespace powerstroke {

/// Strokes of momenta over a step in which few particles make one, as between the short steps of
/// molecular dynamics: the cost goes with the candidates, not with the particles. Exact in time, as
/// `ShapedStep`.
///
/// Candidates of particles at one total rate Lambda are one Poisson process: each block of 4096
/// particles, by their ids, has K ~ Poisson(4096 Lambda dt) of them, each of a particle drawn
/// uniformly; those of one particle are tried in the order in which they are drawn. Random words of
/// a block (Purpose::sparse_strokes, as the particle of the block's number): 64 bits for K, 64 a
/// candidate, of which the leading 12 say whose it is and the others what it is, as in
/// `Candidates`. Candidates of particles that a view leaves out are left to other views: how
/// momenta are divided among views changes nothing.
class SparseStep {
 public:
  /// Ids a block: block b has those from b * block on.
  static constexpr std::uint64_t block = 4096;
  /// Candidates a particle and step, at most; with more, particles go side by side at less cost
  /// each.
  static constexpr double most_candidates = 0.25;

  /// @param spacing of the ladder; 0: none.
  SparseStep(AnyCandidates candidates, double spacing, double dt);

  /// @throws NumericsError, naming the particle, if it has a candidate and an energy that is not
  /// finite or 2^30 delta_e or more.
  void operator()(const MomentumView& momenta, std::uint64_t seed, std::uint64_t step,
                  StrokeCounts& ledger) const;

  /// Of momenta that lie anywhere, as atoms that move between processes: `find(id)` gives a view
  /// whose one particle has that id, or nothing where it is not ours or there is none. All
  /// candidates of the blocks are drawn, whosever they are; blocks without a particle of ours may
  /// be left out, so that the cost does not go with the highest id.
  using Find = std::function<std::optional<MomentumView>(std::uint64_t id)>;
  void operator()(std::span<const std::uint64_t> blocks, const Find& find, std::uint64_t seed,
                  std::uint64_t step, StrokeCounts& ledger) const;

 private:
  template <class Try>
  void for_each_candidate(std::uint64_t number, std::uint64_t seed, std::uint64_t step,
                          Try&& attempt) const;
  template <class Form>
  void attempt(const Form& form, std::uint64_t bits, const MomentumView& momenta,
               std::size_t particle, const PassKey& key, StrokeCounts& ledger) const;

  AnyCandidates candidates_;
  PoissonTable how_many_;
  double spacing_, highest_;
};

}  // namespace powerstroke
