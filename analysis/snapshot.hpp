#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "powerstroke/engine/state/energy_view.hpp"
#include "powerstroke/engine/state/ladder_view.hpp"

/// What one pass over the particles gathers at a snapshot: mergeable values, counts as integers,
/// from which every estimator below is computed. The caller cuts the ensemble into fixed blocks and
/// adds the parts in their order, so that the same bits come out for any number of threads.
namespace powerstroke::analysis {

/// Equal bins on [0, max). A bin holds its lower edge; which bin an energy is in is decided by
/// comparing with `edge`.
struct BinGrid {
  double max;
  std::uint32_t bins;

  double edge(std::uint32_t i) const { return i == bins ? max : max * i / bins; }
  std::vector<double> edges() const;  ///< bins + 1 of them
  /// The bin of an energy >= 0; `bins` at or above max.
  std::uint32_t bin(double energy) const;
};

/// Count, mean and sum of squared deviations; merged by the pairwise formula (T. F. Chan, G. H.
/// Golub, R. J. LeVeque, 1979).
struct Moments {
  std::uint64_t count = 0;
  double mean = 0.0, squares = 0.0;

  Moments& operator+=(const Moments& other);
  double variance() const;  ///< unbiased; NaN below two
};

/// Of some numbers; twice over them, so that nothing cancels.
Moments moments(std::span<const double> values);
/// The same of f of each of them.
template <class Function>
Moments moments_of(std::span<const double> values, Function f) {
  double sum = 0.0, squares = 0.0;
  for (const double value : values) sum += f(value);
  const double mean = sum / static_cast<double>(values.size());
  for (const double value : values) squares += (f(value) - mean) * (f(value) - mean);
  return {values.size(), mean, squares};
}

struct Snapshot {
  std::uint64_t particles = 0;
  std::vector<std::uint64_t> bins;  ///< counts, [bin]
  std::uint64_t overflow = 0;       ///< E >= max
  double overflow_excess = 0.0;     ///< sum of E - max over them
  std::vector<std::uint64_t>
      levels;                 ///< counts, [level + 1], as long as needed; empty without a ladder
  std::uint64_t above = 0;    ///< with E > delta_e of one transition
  Moments energy, ln_energy;  ///< ln_energy is NaN once a particle is at rest

  Snapshot& operator+=(const Snapshot& other);
};

/// The pass over a block. @param stride of the transition whose delta_e `above` counts, in levels.
Snapshot gather(const LadderView& particles, const BinGrid& grid, std::int32_t stride = 1);
/// The same without a ladder. @param delta_e that `above` counts.
Snapshot gather(const EnergyView& particles, const BinGrid& grid, double delta_e);

}  // namespace powerstroke::analysis
