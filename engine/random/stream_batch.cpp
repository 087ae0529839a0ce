#include "powerstroke/engine/random/stream_batch.hpp"

#include "powerstroke/engine/core/clones.hpp"
#include "powerstroke/engine/random/stream.hpp"

namespace powerstroke {
namespace {

/// The two halves of a counter, or what they change by from lane to lane.
struct Counter {
  std::uint64_t low, high;
};

/// Philox4x32-10 of a fixed key: Random123's words, but each 32-bit number lies in 64 bits of its
/// own, so that a product of two is one vector instruction. Twice as fast.
POWERSTROKE_CLONES
void fill_words(std::array<StreamBatch::Words, 4>& word, std::uint64_t key, const Counter& start,
                const Counter& stride) {
  constexpr std::uint64_t multiplier_0 = PHILOX_M4x32_0, multiplier_1 = PHILOX_M4x32_1,
                          lower_half = 0xffffffffU;
  const Counter first = start, step = stride;
  for (std::size_t lane = 0; lane < StreamBatch::lanes; ++lane) {
    const std::uint64_t low = first.low + step.low * lane, high = first.high + step.high * lane;
    std::uint64_t x0 = low & lower_half, x1 = low >> 32, x2 = high & lower_half, x3 = high >> 32;
    auto key_0 = static_cast<std::uint32_t>(key), key_1 = static_cast<std::uint32_t>(key >> 32);
    for (int round = 0; round < 10; ++round) {
      const std::uint64_t product_0 = multiplier_0 * (x0 & lower_half),
                          product_1 = multiplier_1 * (x2 & lower_half);
      x0 = (product_1 >> 32) ^ x1 ^ key_0;  // what lies above 32 bits is never read
      x2 = (product_0 >> 32) ^ x3 ^ key_1;
      x1 = product_1;
      x3 = product_0;
      key_0 += PHILOX_W32_0;
      key_1 += PHILOX_W32_1;
    }
    word[0][lane] = static_cast<std::uint32_t>(x0);
    word[1][lane] = static_cast<std::uint32_t>(x1);
    word[2][lane] = static_cast<std::uint32_t>(x2);
    word[3][lane] = static_cast<std::uint32_t>(x3);
  }
}

Counter counter(std::uint64_t particle, std::uint64_t step, Purpose purpose, std::uint64_t block) {
  const auto words = Stream::counter(particle, step, purpose, block);
  const auto both = [&](std::size_t i) {
    return (static_cast<std::uint64_t>(words[i + 1]) << 32) | words[i];
  };
  return {both(0), both(2)};
}

void check_block(std::uint64_t block) {
  if (block >= Stream::field_limit) throw std::length_error("random stream: block over 2^40");
}

}  // namespace

void StreamBatch::fill(std::uint64_t seed, std::uint64_t first, std::uint64_t step, Purpose purpose,
                       std::uint64_t block) {
  Stream::check(first + lanes - 1, step);
  check_block(block);
  fill_words(word, seed, counter(first, step, purpose, block), {0, Stream::next_particle});
}

void StreamBatch::fill_blocks(std::uint64_t seed, std::uint64_t particle, std::uint64_t step,
                              Purpose purpose, std::uint64_t first_block) {
  Stream::check(particle, step);
  check_block(first_block + lanes - 1);
  fill_words(word, seed, counter(particle, step, purpose, first_block), {1, 0});
}

}  // namespace powerstroke
