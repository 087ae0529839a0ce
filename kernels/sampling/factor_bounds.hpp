#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "powerstroke/kernels/laws/stroke_law.hpp"

namespace powerstroke {

/// Between which values the factors of a rates law lie, cell by cell of the energy: a row for the
/// uptakes and one for the releases of each transition. A candidate with a uniform number below the
/// one or above the other is decided without evaluating the law.
///
/// Cells are as wide as 1/64 of the power of two below them, 2^(-cell_bits) of the energy, so that
/// a handful of bits of the energy says which cell it is in; the first and the last reach to 0 and
/// to infinity.
class FactorBounds {
 public:
  explicit FactorBounds(const laws::StrokeLaw& law);

  static constexpr int cell_bits = 6;

  std::size_t cells() const { return cells_; }
  /// [row][cell], the row of transition k being 2k for uptakes and 2k + 1 for releases, and another
  /// one that decides nothing. In units of 2^-16 of the law's bound: a whole number a with a / 2^16
  /// <= u < (a + 1) / 2^16 lies below the factor if a is below the lower half of the word, and
  /// above it if a is above the upper half.
  const std::uint32_t* words() const { return words_.data(); }
  std::size_t undecided() const { return words_.size() / cells_ - 1; }

  /// @param energy >= 0.
  std::int32_t cell(double energy) const {
    const auto leading =
        static_cast<std::int32_t>(std::bit_cast<std::int64_t>(energy) >> (52 - cell_bits));
    const std::int32_t cell = leading - first_, last = static_cast<std::int32_t>(cells_) - 1;
    return cell < 0 ? 0 : cell > last ? last : cell;
  }
  /// Where a cell begins; 0 for the first, infinity for the one after the last.
  double edge(std::size_t cell) const;

 private:
  std::int32_t first_;
  std::size_t cells_;
  std::vector<std::uint32_t> words_;
};

}  // namespace powerstroke
