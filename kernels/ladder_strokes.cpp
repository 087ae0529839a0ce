#include "powerstroke/kernels/ladder_strokes.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "powerstroke/engine/core/clones.hpp"
#include "powerstroke/engine/core/ladder.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/engine/random/stream_batch.hpp"

namespace powerstroke {
namespace {

constexpr std::size_t lanes = StreamBatch::lanes;
constexpr std::uint32_t words_a_block = 4;
constexpr std::uint32_t words_for_count = 2;  // of the first block
/// Up to this many thresholds it is quicker to compare with all of them, many particles at once, than to look each count up.
constexpr std::size_t few_thresholds = 48;
/// With fewer particles left than this, each goes on alone.
constexpr std::uint32_t few_lanes = 8;

/// Particles side by side.
struct Lanes {
  alignas(64) std::array<std::int32_t, lanes> level;
  alignas(64) std::array<std::uint32_t, lanes> count;  ///< candidates in all
  alignas(64) std::array<std::uint32_t, lanes> uptakes;
  alignas(64) std::array<std::uint32_t, lanes> releases;
};

POWERSTROKE_CLONES
void draw_counts(const StreamBatch& random, const std::uint64_t* thresholds, std::size_t how_many, Lanes& particles) {
  alignas(64) std::array<std::uint64_t, lanes> bits, count{};
  for (std::size_t i = 0; i < lanes; ++i)
    bits[i] = (static_cast<std::uint64_t>(random.word[1][i]) << 32) | random.word[0][i];
  for (std::size_t k = 0; k < how_many; ++k) {
    const std::uint64_t threshold = thresholds[k];
    for (std::size_t i = 0; i < lanes; ++i) count[i] += bits[i] >= threshold ? 1U : 0U;
  }
  for (std::size_t i = 0; i < lanes; ++i) particles.count[i] = static_cast<std::uint32_t>(count[i]);
}

/// Candidate number `candidate` of each particle that has so many: an uptake if its word is below the threshold, else an
/// attempt to release, which needs E > dE. Nothing is done, and false returned, if a word ties with the threshold.
POWERSTROKE_CLONES
bool try_candidate(const StreamBatch::Words& word, std::uint32_t candidate, std::uint32_t threshold, Lanes& particles) {
  std::uint32_t ties = 0;
  for (std::size_t i = 0; i < lanes; ++i) ties |= word[i] == threshold && candidate < particles.count[i] ? 1U : 0U;
  if (ties != 0) return false;
  for (std::size_t i = 0; i < lanes; ++i) {
    const std::uint32_t active = candidate < particles.count[i] ? 1U : 0U;
    const std::uint32_t uptake = (word[i] < threshold ? 1U : 0U) & active;
    const std::uint32_t release = (active ^ uptake) & (can_release(particles.level[i]) ? 1U : 0U);
    particles.level[i] += static_cast<std::int32_t>(uptake) - static_cast<std::int32_t>(release);
    particles.uptakes[i] += uptake;
    particles.releases[i] += release;
  }
  return true;
}

}  // namespace

bool UniformizedStep::is_uptake(std::uint32_t word, std::uint32_t candidate, const Key& key) const {
  if (all_uptakes_) return true;
  const auto threshold = static_cast<std::uint32_t>(uptake_below_ >> 32);
  if (word != threshold) return word < threshold;
  Stream ties(key.seed, key.particle, key.step, Purpose::ties);
  ties.seek(candidate);
  return ties.next_block()[0] < static_cast<std::uint32_t>(uptake_below_);
}

/// One candidate of one particle.
void UniformizedStep::try_one(std::uint32_t word, std::uint32_t candidate, const Key& key, std::int32_t& level,
                              Ledger& ledger) const {
  if (is_uptake(word, candidate, key)) {
    ++level;
    ++ledger.uptakes;
  } else if (can_release(level)) {
    --level;
    ++ledger.releases;
  } else {
    ++ledger.blocked;
  }
}

/// The candidates from number `done` on, the first of a block, of one particle alone.
void UniformizedStep::finish(std::uint32_t done, std::uint32_t count, const Key& key, std::int32_t& level,
                             Ledger& ledger) const {
  Stream stream(key.seed, key.particle, key.step, Purpose::strokes);
  stream.seek((done + words_for_count) / words_a_block);
  Stream::Block words{};
  for (std::uint32_t candidate = done, at = words_a_block; candidate < count; ++candidate, ++at) {
    if (at == words_a_block) {
      words = stream.next_block();
      at = 0;
    }
    try_one(words[at], candidate, key, level, ledger);
  }
}

UniformizedStep::UniformizedStep(double rate_up, double rate_down, double dt)
    : candidates_((rate_up + rate_down) * dt), uptake_below_(0), all_uptakes_(rate_up > 0.0 && rate_down == 0.0) {
  if (rate_up == 0.0 || all_uptakes_) return;
  const double share = rate_up / (rate_up + rate_down);
  all_uptakes_ = share == 1.0;  // rate_down is lost in rounding
  if (!all_uptakes_) uptake_below_ = static_cast<std::uint64_t>(share * 0x1p64);
}

Ledger UniformizedStep::operator()(std::span<std::int32_t> levels, std::uint64_t seed, std::uint64_t first,
                                   std::uint64_t step) const {
  Ledger ledger;
  StreamBatch random;
  Lanes particles;
  const auto thresholds = candidates_.thresholds();
  const auto threshold = static_cast<std::uint32_t>(uptake_below_ >> 32);
  for (std::size_t start = 0; start < levels.size(); start += lanes) {
    const std::size_t used = std::min(lanes, levels.size() - start);
    const auto key = [&](std::size_t i) { return Key{seed, first + start + i, step}; };
    std::copy_n(levels.begin() + static_cast<std::ptrdiff_t>(start), used, particles.level.begin());
    std::fill(particles.level.begin() + static_cast<std::ptrdiff_t>(used), particles.level.end(), 0);
    particles.uptakes.fill(0);
    particles.releases.fill(0);

    random.fill(seed, first + start, step, Purpose::strokes, 0);
    if (thresholds.size() <= few_thresholds) {
      draw_counts(random, thresholds.data(), thresholds.size(), particles);
    } else {
      for (std::size_t i = 0; i < used; ++i)
        particles.count[i] = candidates_((static_cast<std::uint64_t>(random.word[1][i]) << 32) | random.word[0][i]);
    }
    std::fill(particles.count.begin() + static_cast<std::ptrdiff_t>(used), particles.count.end(), 0);

    std::uint32_t done = 0;
    for (std::uint32_t block = 0;; ++block) {
      if (block > 0) random.fill(seed, first + start, step, Purpose::strokes, block);
      for (std::uint32_t word = block == 0 ? words_for_count : 0; word < words_a_block; ++word, ++done) {
        if (!all_uptakes_ && try_candidate(random.word[word], done, threshold, particles)) continue;
        for (std::size_t i = 0; i < used; ++i) {
          if (done >= particles.count[i]) continue;
          Ledger one;
          try_one(random.word[word][i], done, key(i), particles.level[i], one);
          particles.uptakes[i] += static_cast<std::uint32_t>(one.uptakes);
          particles.releases[i] += static_cast<std::uint32_t>(one.releases);
        }
      }
      const auto left =
          std::count_if(particles.count.begin(), particles.count.end(), [&](std::uint32_t n) { return n > done; });
      if (left < few_lanes) break;
    }
    for (std::size_t i = 0; i < used; ++i) {
      const std::uint32_t tried = std::min(particles.count[i], done);
      ledger.uptakes += particles.uptakes[i];
      ledger.releases += particles.releases[i];
      ledger.blocked += tried - particles.uptakes[i] - particles.releases[i];
      if (particles.count[i] > done) finish(done, particles.count[i], key(i), particles.level[i], ledger);
    }
    std::copy_n(particles.level.begin(), used, levels.begin() + static_cast<std::ptrdiff_t>(start));
  }
  ledger.net[0] = ledger.net_quanta();
  return ledger;
}

}  // namespace powerstroke
