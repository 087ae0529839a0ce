#pragma once

#include <Random123/philox.h>

#include <array>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include "powerstroke/engine/random/purpose.hpp"

namespace powerstroke {

/// A stream of random numbers that is a pure function of (seed, particle, step, purpose, block):
/// nothing is stored, shared or saved, so threads, ranks and restarts agree bit for bit.
///
///     Stream stream(seed, particle, step, Purpose::strokes);
///     std::uint64_t word = stream();   // a uniform random bit generator for Boost.Random's
///     distributions
///
/// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11), from
/// Random123. The seed is the key; the 128-bit counter holds block (40 bits), particle (40), step
/// (40) and purpose (8). A distribution that keeps a spare value must be built anew for each
/// stream.
class Stream {
 public:
  using result_type = std::uint64_t;
  using Block = std::array<std::uint32_t, 4>;

  static constexpr std::uint64_t field_limit = std::uint64_t{1} << 40;
  /// The step of the counter's upper 64 bits from a particle to the next.
  static constexpr std::uint64_t next_particle = std::uint64_t{1} << 24;

  /// @throws std::length_error if particle or step do not fit their 40 bits.
  Stream(std::uint64_t seed, std::uint64_t particle, std::uint64_t step, Purpose purpose)
      : key_{key(seed)}, particle_(particle), step_(step), purpose_(purpose) {
    check(particle, step);
  }

  /// @throws std::length_error if particle or step do not fit their 40 bits.
  static void check(std::uint64_t particle, std::uint64_t step) {
    if (particle >= field_limit || step >= field_limit)
      throw std::length_error("random stream: particle or step over 2^40");
  }

  static r123::Philox4x32::key_type key(std::uint64_t seed) {
    return {{static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
  }
  static r123::Philox4x32::ctr_type counter(std::uint64_t particle, std::uint64_t step,
                                            Purpose purpose, std::uint64_t block) {
    const std::uint64_t low = (step << 48) | (static_cast<std::uint64_t>(purpose) << 40) | block;
    const std::uint64_t high = (particle * next_particle) | (step >> 16);
    return {{static_cast<std::uint32_t>(low), static_cast<std::uint32_t>(low >> 32),
             static_cast<std::uint32_t>(high), static_cast<std::uint32_t>(high >> 32)}};
  }

  static constexpr result_type min() { return 0; }
  static constexpr result_type max() { return std::numeric_limits<result_type>::max(); }

  /// The next 64 random bits; half a block of the generator.
  result_type operator()() {
    if (half_ == 0) current_ = next_block();
    const auto at = 2U * half_;
    half_ ^= 1U;
    return (static_cast<std::uint64_t>(current_[at + 1]) << 32) | current_[at];
  }

  /// Goes on with this block; what is left of the present one is dropped.
  void seek(std::uint64_t block) {
    block_ = block;
    half_ = 0;
  }

  /// Four fresh 32-bit words. Mixing this with `operator()` skips the half block that the latter
  /// still held, no more.
  /// @throws std::length_error after 2^40 blocks.
  Block next_block() {
    if (block_ >= field_limit) throw std::length_error("random stream: block over 2^40");
    const auto words = r123::Philox4x32{}(counter(particle_, step_, purpose_, block_++), key_);
    return {words[0], words[1], words[2], words[3]};
  }

 private:
  r123::Philox4x32::key_type key_;
  std::uint64_t particle_, step_, block_ = 0;
  Purpose purpose_;
  Block current_{};
  unsigned half_ = 0;
};

/// 64 random bits to [0, 1), 53 of them used.
constexpr double unit_interval_closed_open(std::uint64_t bits) {
  return static_cast<double>(bits >> 11) * 0x1p-53;
}

/// 64 random bits to (0, 1]: the one to take before a logarithm.
constexpr double unit_interval_open_closed(std::uint64_t bits) {
  return (static_cast<double>(bits >> 11) + 1.0) * 0x1p-53;
}

}  // namespace powerstroke
