#include "powerstroke/kernels/sampling/uniformized_step.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "powerstroke/engine/core/clones.hpp"
#include "powerstroke/engine/core/ladder.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/engine/random/stream_batch.hpp"

namespace powerstroke {
namespace {

constexpr std::size_t particles_a_word = 2;
constexpr std::size_t lane_count = particles_a_word * StreamBatch::lanes;
constexpr std::uint32_t draws_a_block = 4;
/// With fewer particles left than this, each goes on alone.
constexpr std::uint32_t few_lanes = 16;
/// A level from which no step leads below the first: above it particles are alike.
constexpr std::int32_t high_level = 16384;
static_assert(high_level > 3 * PoissonTable::largest_mean);

using Draws = std::array<std::uint16_t, lane_count>;

/// Draws of all lanes: halves of a word, the lower one for the even particle.
Draws halves(const StreamBatch::Words& words) {
  Draws draws;
  if constexpr (std::endian::native == std::endian::little) {
    static_assert(sizeof draws == sizeof words);
    std::memcpy(draws.data(), words.data(), sizeof draws);
  } else {
    for (std::size_t i = 0; i < words.size(); ++i) {
      draws[2 * i] = static_cast<std::uint16_t>(words[i]);
      draws[2 * i + 1] = static_cast<std::uint16_t>(words[i] >> 16);
    }
  }
  return draws;
}

std::uint16_t half(std::uint32_t word, std::uint64_t particle) {
  return static_cast<std::uint16_t>(particle % 2 == 0 ? word : word >> 16);
}

/// 48 more bits where the leading 16 tie.
std::uint64_t more_bits(std::uint64_t seed, std::uint64_t particle, std::uint64_t step,
                        std::uint64_t block) {
  Stream ties(seed, particle, step, Purpose::ties);
  ties.seek(block);
  return ties() >> 16;
}

constexpr std::uint16_t leading(std::uint64_t bits) {
  return static_cast<std::uint16_t>(bits >> 48);
}

}  // namespace

/// Particles side by side.
struct UniformizedStep::Lanes {
  template <class T>
  using Of = std::array<T, lane_count>;

  std::size_t first, last;  ///< lanes in use; particles of others are not ours
  alignas(64) Of<std::int16_t> level;
  alignas(64) Of<std::uint16_t> count;  ///< candidates in all
  alignas(64) Of<std::uint16_t> uptakes;
  alignas(64) Of<std::uint16_t> releases;

  void stroke(std::size_t lane, bool uptake) {
    if (uptake) {
      ++level[lane];
      ++uptakes[lane];
    } else if (can_release(level[lane])) {
      --level[lane];
      ++releases[lane];
    }
  }
};

namespace {

/// How many thresholds each draw is above. @returns whether a draw ties with one.
POWERSTROKE_CLONES
bool count_thresholds(const Draws& draw, const std::uint16_t* leading, std::size_t how_many,
                      Draws& count) {
  std::uint16_t ties = 0;
  count.fill(0);
  for (std::size_t k = 0; k < how_many; ++k) {
    const std::uint16_t threshold = leading[k];
    for (std::size_t i = 0; i < lane_count; ++i) {
      count[i] = static_cast<std::uint16_t>(count[i] + (draw[i] > threshold ? 1 : 0));
      ties = static_cast<std::uint16_t>(ties | (draw[i] == threshold ? 1 : 0));
    }
  }
  return ties != 0;
}

POWERSTROKE_CLONES
void take_levels(const std::int32_t* levels, std::size_t size, std::int16_t* lanes) {
  for (std::size_t i = 0; i < size; ++i)
    lanes[i] = static_cast<std::int16_t>(levels[i] < high_level ? levels[i] : high_level);
}

POWERSTROKE_CLONES
void give_levels(const std::uint16_t* uptakes, const std::uint16_t* releases, std::size_t size,
                 std::int32_t* levels) {
  for (std::size_t i = 0; i < size; ++i) levels[i] += uptakes[i] - releases[i];
}

POWERSTROKE_CLONES
std::uint32_t sum(const Draws& numbers) {
  std::uint32_t total = 0;
  for (const std::uint16_t number : numbers) total += number;
  return total;
}

POWERSTROKE_CLONES
bool any_above(const Draws& numbers, std::uint32_t limit) {
  std::uint32_t above = 0;
  for (const std::uint16_t number : numbers) above |= static_cast<std::uint32_t>(number > limit);
  return above != 0;
}

/// Candidate number `candidate` of each particle that has so many: an uptake if its draw is below
/// the threshold, else an attempt to release, which needs E > dE. Nothing is done, and false
/// returned, if a draw ties with the threshold.
POWERSTROKE_CLONES
bool try_candidate(const Draws& draw, std::uint16_t candidate, std::uint16_t threshold,
                   const Draws& count, std::array<std::int16_t, lane_count>& level, Draws& uptakes,
                   Draws& releases) {
  std::uint16_t ties = 0;
  for (std::size_t i = 0; i < lane_count; ++i)
    ties =
        static_cast<std::uint16_t>(ties | (draw[i] == threshold && candidate < count[i] ? 1 : 0));
  if (ties != 0) return false;
  for (std::size_t i = 0; i < lane_count; ++i) {
    const bool active = candidate < count[i], below = draw[i] < threshold;
    const std::int16_t uptake = active && below ? 1 : 0,
                       release = active && !below && can_release(level[i]) ? 1 : 0;
    level[i] = static_cast<std::int16_t>(level[i] + uptake - release);
    uptakes[i] = static_cast<std::uint16_t>(uptakes[i] + uptake);
    releases[i] = static_cast<std::uint16_t>(releases[i] + release);
  }
  return true;
}

}  // namespace

UniformizedStep::UniformizedStep(double rate_up, double rate_down, double dt)
    : candidates_((rate_up + rate_down) * dt),
      uptake_below_(0),
      all_uptakes_(rate_up > 0.0 && rate_down == 0.0) {
  if ((rate_up + rate_down) * dt <= few_expected) {
    for (const std::uint64_t threshold : candidates_.thresholds()) {
      leading_.push_back(leading(threshold));
      if (leading_.back() == leading(~std::uint64_t{0})) break;  // a draw above it there is none
    }
  }
  if (rate_up == 0.0 || all_uptakes_) return;
  const double share = rate_up / (rate_up + rate_down);
  all_uptakes_ = share == 1.0;  // rate_down is lost in rounding
  if (!all_uptakes_) uptake_below_ = static_cast<std::uint64_t>(share * 0x1p64);
}

/// By the one draw for K.
std::uint32_t UniformizedStep::count(std::uint16_t draw, const Key& key) const {
  return candidates_((std::uint64_t{draw} << 48) | more_bits(key.seed, key.particle, key.step, 0));
}

bool UniformizedStep::is_uptake(std::uint16_t draw, std::uint32_t candidate, const Key& key) const {
  if (all_uptakes_) return true;
  if (draw != leading(uptake_below_)) return draw < leading(uptake_below_);
  return more_bits(key.seed, key.particle, key.step, candidate + 1) <
         (uptake_below_ & 0xffff'ffff'ffffU);
}

void UniformizedStep::draw_counts(const StreamBatch& random, const Key& first, Lanes& lanes) const {
  const Draws draw = halves(random.word[0]);
  const auto key = [&](std::size_t lane) {
    return Key{first.seed, first.particle + lane, first.step};
  };
  if (expects_few()) {
    if (count_thresholds(draw, leading_.data(), leading_.size(), lanes.count))
      for (std::size_t i = lanes.first; i < lanes.last; ++i)
        if (std::find(leading_.begin(), leading_.end(), draw[i]) != leading_.end())
          lanes.count[i] = static_cast<std::uint16_t>(count(draw[i], key(i)));
  } else {
    const Draws second = halves(random.word[1]), third = halves(random.word[2]),
                fourth = halves(random.word[3]);
    for (std::size_t i = 0; i < lane_count; ++i)
      lanes.count[i] = static_cast<std::uint16_t>(
          candidates_((std::uint64_t{draw[i]} << 48) | (std::uint64_t{second[i]} << 32) |
                      (std::uint64_t{third[i]} << 16) | fourth[i]));
  }
  std::fill(lanes.count.begin(), lanes.count.begin() + static_cast<std::ptrdiff_t>(lanes.first),
            std::uint16_t{0});
  std::fill(lanes.count.begin() + static_cast<std::ptrdiff_t>(lanes.last), lanes.count.end(),
            std::uint16_t{0});
}

/// Side by side, while many have candidates left. @returns how many each had, at most.
std::uint32_t UniformizedStep::make_strokes(std::uint32_t draws_before, const Key& first,
                                            StreamBatch& random, Lanes& lanes) const {
  const std::uint16_t threshold =
      all_uptakes_ ? leading(~std::uint64_t{0}) : leading(uptake_below_);
  for (std::uint32_t done = 0, draw = draws_before;;) {
    if (draw >= draws_a_block && draw % draws_a_block == 0)
      random.fill(first.seed, first.particle / particles_a_word, first.step, Purpose::strokes,
                  draw / draws_a_block);
    do {
      const Draws draws = halves(random.word[draw % draws_a_block]);
      if (!try_candidate(draws, static_cast<std::uint16_t>(done), threshold, lanes.count,
                         lanes.level, lanes.uptakes, lanes.releases))
        for (std::size_t i = lanes.first; i < lanes.last; ++i)
          if (done < lanes.count[i])
            lanes.stroke(i,
                         is_uptake(draws[i], done, {first.seed, first.particle + i, first.step}));
      ++done;
    } while (++draw % draws_a_block != 0);
    const auto left = std::count_if(lanes.count.begin(), lanes.count.end(),
                                    [&](std::uint16_t n) { return n > done; });
    if (left < few_lanes) return done;
  }
}

/// The candidates from number `done` on, the first of a block, of one particle alone.
void UniformizedStep::finish(std::uint32_t done, std::size_t lane, const Key& key,
                             Lanes& lanes) const {
  Stream stream(key.seed, key.particle / particles_a_word, key.step, Purpose::strokes);
  const std::uint32_t draws_for_count = expects_few() ? 1 : draws_a_block;
  stream.seek((done + draws_for_count) / draws_a_block);
  Stream::Block words{};
  for (std::uint32_t candidate = done, at = draws_a_block; candidate < lanes.count[lane];
       ++candidate, ++at) {
    if (at == draws_a_block) {
      words = stream.next_block();
      at = 0;
    }
    lanes.stroke(lane, is_uptake(half(words[at], key.particle), candidate, key));
  }
}

StrokeCounts UniformizedStep::operator()(std::span<std::int32_t> levels, std::uint64_t seed,
                                         std::uint64_t first, std::uint64_t step) const {
  StrokeCounts ledger;
  if (levels.empty()) return ledger;
  Stream::check(first + levels.size() - 1, step);
  StreamBatch random;
  Lanes lanes;
  for (std::size_t start = 0; start < levels.size();) {
    const Key key{seed, (first + start) / particles_a_word * particles_a_word,
                  step};  // of the first lane
    lanes.first = static_cast<std::size_t>(first + start - key.particle);
    lanes.last = std::min(lane_count, lanes.first + levels.size() - start);
    const std::span<std::int32_t> ours = levels.subspan(start, lanes.last - lanes.first);
    lanes.level.fill(0);
    lanes.uptakes.fill(0);
    lanes.releases.fill(0);
    take_levels(ours.data(), ours.size(), lanes.level.data() + lanes.first);

    random.fill(seed, key.particle / particles_a_word, step, Purpose::strokes, 0);
    draw_counts(random, key, lanes);
    const std::uint32_t done = make_strokes(expects_few() ? 1 : draws_a_block, key, random, lanes);
    if (any_above(lanes.count, done))
      for (std::size_t i = lanes.first; i < lanes.last; ++i)
        if (lanes.count[i] > done) finish(done, i, {seed, key.particle + i, step}, lanes);
    give_levels(lanes.uptakes.data() + lanes.first, lanes.releases.data() + lanes.first,
                ours.size(), ours.data());
    const std::uint32_t uptakes = sum(lanes.uptakes), releases = sum(lanes.releases);
    ledger.book_uptakes(0, uptakes);
    ledger.book_releases(0, releases);
    ledger.blocked += sum(lanes.count) - uptakes - releases;
    start += ours.size();
  }
  return ledger;
}

}  // namespace powerstroke
