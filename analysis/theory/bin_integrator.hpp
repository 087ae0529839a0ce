#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "powerstroke/analysis/theory/populations.hpp"

namespace powerstroke::theory {

/// Probabilities of fixed bins [edges[i], edges[i+1]) for any populations on one grid of offsets.
///
/// In each panel and level the probability below an edge is the integral of the polynomial through
/// the nodes: a weighted sum of their masses, whose weights depend on the edge alone and are
/// computed once. The polynomial may dip below zero by its error (about 1e-12) where there is next
/// to nothing: a negative bin probability above -1e-9 is returned as 0.
class BinIntegrator {
 public:
  /// @param edges ascending, the first 0.
  BinIntegrator(const OffsetGrid& grid, std::span<const double> edges);

  std::size_t bins() const { return edges_.size() - 1; }

  /// Prob(edges[i] <= E < edges[i+1]), [bin]. What lies above the last edge is 1 minus their sum.
  /// @throws NumericsError if a bin has less than -1e-9.
  std::vector<double> operator()(const Populations& populations) const;

  /// The same sums for anything that lies on the grid, of either sign, and what lies above the last
  /// edge, [bin].
  std::vector<double> sums(const Populations& of_either_sign) const;

  /// Prob(E in a bin and on a level), where not 0; `bin` = bins(): above the last edge. Ascending
  /// in the level, then the bin; none twice.
  std::vector<BinLevel> by_level(const Populations& populations) const;

 private:
  /// An edge inside a panel, at one level: weights_[first_weight + j] * mass of the panel's node j
  /// is what lies below it.
  struct Cut {
    std::size_t level_index, panel, first_weight;
    std::uint32_t bin_above;
  };

  /// Adds the bins' probabilities on one level to row; its last entry, [bins()], is for what lies
  /// above them.
  void gather(const Populations& populations, std::size_t level_index, std::span<double> row) const;
  void gather_panels(const Populations& populations, std::size_t level_index,
                     std::span<double> row) const;
  std::uint32_t bin_of(double energy) const;

  std::vector<double> edges_;
  std::vector<OffsetPanel> panels_;
  std::vector<Cut> cuts_;  ///< ascending in energy
  std::vector<double> weights_;
};

}  // namespace powerstroke::theory
