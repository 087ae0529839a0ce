#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "powerstroke/analysis/theory/populations.hpp"

namespace powerstroke::theory {

/// ln of the density of populations at any place of the ladder, for one evaluation a particle: some
/// 0.1 us. A constant object may be used by any number of threads.
///
/// In each panel and level a Chebyshev series, the polynomial through the nodes: of the density's
/// logarithm where that converges, which is then as exact at the foot of a density over many orders
/// of magnitude as at its peak, else of the density itself, as `density` has it. Next to offset 0,
/// where a density may go as the offset's root or its inverse, that power is divided out first.
/// Good to 3e-9 where the populations are; to 1e-8 at offsets below 1e-3, which hold next to
/// nothing.
class LogDensity {
 public:
  explicit LogDensity(const Populations& populations);

  /// ln of the density per energy; of the probability where the offset is that of an atom;
  /// -infinity where there is neither, and above the top of the grid.
  double operator()(double offset, std::int32_t level) const;

 private:
  enum class Kind { nothing, of_density, of_logarithm };
  /// density = f(u) offset^power; the series is f or ln f.
  struct Series {
    Kind kind = Kind::nothing;
    double power = 0.0;
    std::vector<double> coefficient = {};

    double end() const;
  };
  struct Place {
    Kind kind;
    double power;
    std::size_t first;  ///< into coefficient_
  };
  class Fit;

  std::vector<OffsetPanel> panels_;
  std::size_t levels_;
  std::vector<Place> places_;  ///< [panel * levels + level + 1]
  std::vector<double> coefficient_;
  std::vector<std::pair<double, std::size_t>>
      atoms_;                         ///< (offset, where its ladder begins), ascending
  std::vector<double> atom_ladders_;  ///< ln probability
};

}  // namespace powerstroke::theory
