#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "powerstroke/analysis/estimators.hpp"
#include "powerstroke/engine/state/phase_view.hpp"

/// Entropy in the phase space of one axis, from cells in (x, p). Motion in a potential keeps the
/// fine-grained entropy, (1)-(3); what a histogram shows is the entropy of the density averaged
/// over its cells, which is larger, and rises when the motion draws out filaments that are thinner
/// than they are. So the cells are part of the result.
namespace powerstroke::analysis {

/// Equal cells on [low, high).
struct PhaseAxis {
  double low, high;
  std::uint32_t cells;

  double width() const { return (high - low) / cells; }
  /// The cell of a value; `cells` for what is outside.
  std::uint32_t cell(double value) const;
  std::vector<double> edges() const;  ///< cells + 1 of them
};

/// The coarse graining.
struct PhaseGrid {
  PhaseAxis position, momentum;

  std::size_t cells() const { return static_cast<std::size_t>(position.cells) * momentum.cells; }
  double cell_area() const { return position.width() * momentum.width(); }
};

/// @throws ConfigError naming the axis: fewer than one cell, more than 2^24 cells in all, a range
/// that is empty or not finite.
void validate(const PhaseGrid& grid);

/// Counts of particles, merged by +=. A default one is empty and merges with any.
struct PhaseHistogram {
  PhaseGrid grid{};
  std::vector<std::uint64_t> cells;  ///< [position * momentum.cells + momentum]
  std::uint64_t outside = 0;         ///< of the grid: with them, counts sum to `particles`
  std::uint64_t particles = 0;

  PhaseHistogram& operator+=(const PhaseHistogram& other);
};

/// The pass over a block. @param axis of the positions and momenta: in d > 1 the cells are those of
/// its marginal.
PhaseHistogram gather(const PhaseView& particles, const PhaseGrid& grid, int axis = 0);

/// S = -sum p ln(p / (dx dp)) over the cells, in k_B, corrected for its bias from finite N (G. A.
/// Miller, W. G. Madow: + (occupied - 1)/2N): the entropy of the density averaged over each cell.
/// The width of the cells is not extrapolated away.
///
/// The squared error is the delta method's, (sum p ln^2 p - (sum p ln p)^2)/N, plus (occupied -
/// 1)/2N^2, the scatter of the correction, plus (K_1/2N)^2: where K_1 cells hold one particle,
/// about as many hold none by chance, and the correction misses them. Particles outside are one
/// more class with the area of the grid, and their share is added to the error. NaN if it is more
/// than one in a thousand, and if there are fewer than ten particles for each occupied cell: the
/// grid does not fit the ensemble.
Estimate entropy(const PhaseHistogram& histogram);

/// D(P||Q) = sum p ln(p/q) of the cells against probabilities of them, with the same correction, -
/// (occupied - 1)/2N, and errors alike. What is outside is one class with the probability that is
/// left. Infinite if something lies where q = 0.
Estimate divergence(const PhaseHistogram& histogram, const std::vector<double>& probabilities);

}  // namespace powerstroke::analysis
