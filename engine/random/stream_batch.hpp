#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "powerstroke/engine/random/purpose.hpp"

namespace powerstroke {

/// Blocks of random words side by side: what `Stream` gives one after another, for loops that a
/// compiler turns into vector code.
struct StreamBatch {
  static constexpr std::size_t lanes = 64;
  using Words = std::array<std::uint32_t, lanes>;

  alignas(64) std::array<Words, 4> word;

  /// Fills word[w][lane] with word w of block number `block` of Stream(seed, first + lane, step,
  /// purpose).
  /// @throws std::length_error if a particle, the step or the block do not fit their 40 bits.
  void fill(std::uint64_t seed, std::uint64_t first, std::uint64_t step, Purpose purpose,
            std::uint64_t block);
  /// Fills word[w][lane] with word w of block number first_block + lane of Stream(seed, particle,
  /// step, purpose).
  void fill_blocks(std::uint64_t seed, std::uint64_t particle, std::uint64_t step, Purpose purpose,
                   std::uint64_t first_block);
};

}  // namespace powerstroke
