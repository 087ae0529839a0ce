#include "powerstroke/kernels/sampling/shaped_step.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "powerstroke/engine/core/clones.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/engine/random/stream_batch.hpp"

namespace powerstroke {
namespace {

constexpr std::size_t lane_count = StreamBatch::lanes;
constexpr std::uint32_t words_a_block = 4, words_for_count = 2;
/// With fewer particles left than this, each goes on alone.
constexpr std::uint32_t few_lanes = 3;
constexpr int word_bits = 32, pass_bits = word_bits - ShapedStep::channel_bits;

/// What became of a candidate, beside its row times four.
enum Outcome : std::uint32_t { blocked = 0, declined = 2, passed = 3 };

/// Particles side by side on a ladder: arrays of their own, so that all loops have the full length.
struct LadderLanes {
  double spacing;
  alignas(64) std::array<double, lane_count> offset;
  alignas(64) std::array<std::int32_t, lane_count> level;

  explicit LadderLanes(const LadderPlaces& all) : spacing(all.spacing) {}
  void load(const LadderPlaces& all, std::size_t start, std::size_t used) {
    offset.fill(1.0);
    level.fill(0);
    std::copy_n(all.offset.begin() + static_cast<std::ptrdiff_t>(start), used, offset.begin());
    std::copy_n(all.level.begin() + static_cast<std::ptrdiff_t>(start), used, level.begin());
  }
  void store(const LadderPlaces& all, std::size_t start, std::size_t used) const {
    std::copy_n(level.begin(), used, all.level.begin() + static_cast<std::ptrdiff_t>(start));
  }
  LadderPlaces places(std::span<double> path) { return {spacing, offset, level, path}; }

  double energy(std::size_t i) const { return ladder_energy(spacing, offset[i], level[i]); }
  std::uint32_t can(std::size_t i, const ShapedStep::Moves& moves, std::uint32_t row) const {
    return level[i] + moves.levels[row] >= 0;
  }
  void move(std::size_t i, const ShapedStep::Moves& moves, std::uint32_t row, std::uint32_t pass) {
    level[i] += moves.levels[row] * static_cast<std::int32_t>(pass);
  }
};

/// The same with an energy each.
struct EnergyLanes {
  alignas(64) std::array<double, lane_count> energies;

  explicit EnergyLanes(const EnergyPlaces&) {}
  void load(const EnergyPlaces& all, std::size_t start, std::size_t used) {
    energies.fill(0.0);
    std::copy_n(all.energies.begin() + static_cast<std::ptrdiff_t>(start), used, energies.begin());
  }
  void store(const EnergyPlaces& all, std::size_t start, std::size_t used) const {
    std::copy_n(energies.begin(), used, all.energies.begin() + static_cast<std::ptrdiff_t>(start));
  }
  EnergyPlaces places(std::span<double> path) { return {energies, path}; }

  double energy(std::size_t i) const { return energies[i]; }
  std::uint32_t can(std::size_t i, const ShapedStep::Moves& moves, std::uint32_t row) const {
    return energies[i] > -moves.energy[row];
  }
  void move(std::size_t i, const ShapedStep::Moves& moves, std::uint32_t row, std::uint32_t pass) {
    energies[i] += moves.energy[row] * pass;
  }
};

/// Tables that all particles share.
struct Tables {
  const std::uint32_t* row_of;
  const std::uint32_t* bounds;
  std::uint32_t cells, idle;  ///< idle: the outcome of what is no candidate, or is not decided
  const ShapedStep::Moves& moves;
};

struct Pending {
  alignas(64) std::array<std::uint32_t, lane_count> count;  ///< candidates in all
  alignas(64) std::array<std::int32_t, lane_count> cell;    ///< of the energy
  alignas(64) std::array<std::uint32_t, lane_count> outcome;
  alignas(64) std::array<std::uint32_t, lane_count> undecided;
};

/// The candidate of one particle. Bounds are compared with the leading 16 of the 20 bits.
template <class Lanes>
[[gnu::always_inline]] inline void decide(std::uint32_t word, std::uint32_t is_there, std::size_t i,
                                          const Tables& tables, Lanes& lanes, Pending& pending) {
  const std::uint32_t row = tables.row_of[word >> pass_bits];
  const std::uint32_t bounds =
      tables.bounds[row * tables.cells + static_cast<std::uint32_t>(pending.cell[i])];
  const std::uint32_t share = (word >> (pass_bits - 16)) & 0xffffU;
  // Zeros and ones instead of branches.
  const std::uint32_t can = is_there & lanes.can(i, tables.moves, row);
  const std::uint32_t pass = can & static_cast<std::uint32_t>(share < (bounds & 0xffffU));
  const std::uint32_t undecided =
      can & (pass ^ 1U) & static_cast<std::uint32_t>(share <= (bounds >> 16));
  lanes.move(i, tables.moves, row, pass);
  const std::uint32_t decided = is_there & (undecided ^ 1U);
  pending.outcome[i] = decided * (4U * row + 2U * can + pass) + (decided ^ 1U) * tables.idle;
  pending.undecided[i] = undecided;
}

template <class Lanes>
[[gnu::always_inline]] inline std::uint32_t decide_all(const StreamBatch::Words& word,
                                                       std::uint32_t candidate,
                                                       const FactorBounds& bounds,
                                                       const Tables& tables, Lanes& lanes,
                                                       Pending& pending) {
  for (std::size_t i = 0; i < lane_count; ++i) pending.cell[i] = bounds.cell(lanes.energy(i));
  std::uint32_t any = 0;
  POWERSTROKE_INDEPENDENT
  for (std::size_t i = 0; i < lane_count; ++i) {
    decide(word[i], static_cast<std::uint32_t>(candidate < pending.count[i]), i, tables, lanes,
           pending);
    any |= pending.undecided[i];
  }
  return any;
}

POWERSTROKE_CLONES
std::uint32_t decide_lanes(const StreamBatch::Words& word, std::uint32_t candidate,
                           const FactorBounds& bounds, const Tables& tables, LadderLanes& lanes,
                           Pending& pending) {
  return decide_all(word, candidate, bounds, tables, lanes, pending);
}
POWERSTROKE_CLONES
std::uint32_t decide_lanes(const StreamBatch::Words& word, std::uint32_t candidate,
                           const FactorBounds& bounds, const Tables& tables, EnergyLanes& lanes,
                           Pending& pending) {
  return decide_all(word, candidate, bounds, tables, lanes, pending);
}

/// Whose random numbers: of one particle in one step.
struct Key {
  std::uint64_t seed, particle, step;
};

/// By all bits of the word and more, and by the law itself.
template <class C, class Places>
void attempt(const C& candidates, std::span<const std::uint64_t> below, std::uint32_t word,
             std::uint32_t candidate, const Key& key, const Places& places, std::size_t i,
             StrokeCounts& ledger) {
  Stream more(key.seed, key.particle, key.step, Purpose::ties);
  more.seek(candidate);
  const std::uint64_t which =
      (static_cast<std::uint64_t>(word >> pass_bits) << (64 - ShapedStep::channel_bits)) |
      (more() >> ShapedStep::channel_bits);
  const std::uint64_t share =
      (static_cast<std::uint64_t>(word) << (64 - pass_bits)) | (more() >> pass_bits);
  std::size_t at = 0;
  while (at + 1 < below.size() && which >= below[at]) ++at;
  const auto& channel = candidates.channels()[at];
  candidates.attempt(channel, unit_interval_closed_open(share) * (channel.rate * channel.bound),
                     places, i, ledger);
}

/// Candidates of particles side by side, while many have some left. @returns how many each had, at
/// most.
template <class Lanes, class Attempt>
std::uint32_t decide_side_by_side(const Key& first, const FactorBounds& bounds,
                                  const Tables& tables, StreamBatch& random, Lanes& lanes,
                                  Pending& pending, std::span<std::uint64_t> tally,
                                  Attempt&& attempt_exactly) {
  for (std::uint32_t done = 0, word = words_for_count;; ++word, ++done) {
    if (word % words_a_block == 0) {
      const auto left = std::count_if(pending.count.begin(), pending.count.end(),
                                      [&](std::uint32_t n) { return n > done; });
      if (left < few_lanes) return done;
      random.fill(first.seed, first.particle, first.step, Purpose::shaped_strokes,
                  word / words_a_block);
    }
    const StreamBatch::Words& words = random.word[word % words_a_block];
    if (decide_lanes(words, done, bounds, tables, lanes, pending) != 0)
      for (std::size_t i = 0; i < lane_count; ++i)
        if (pending.undecided[i] != 0) attempt_exactly(words[i], done, i);
    for (const std::uint32_t outcome : pending.outcome) ++tally[outcome];
  }
}

/// The candidates from number `done` on of one particle alone.
template <class Attempt>
void finish(std::uint32_t done, std::uint32_t count, const Key& key, Attempt&& attempt_exactly) {
  if (count <= done) return;
  Stream stream(key.seed, key.particle, key.step, Purpose::shaped_strokes);
  stream.seek((done + words_for_count) / words_a_block);
  Stream::Block words = stream.next_block();
  for (std::uint32_t candidate = done, at = (done + words_for_count) % words_a_block;
       candidate < count; ++candidate, ++at) {
    if (at == words_a_block) {
      words = stream.next_block();
      at = 0;
    }
    attempt_exactly(words[at], candidate);
  }
}

void book(std::span<const std::uint64_t> tally, StrokeCounts& ledger) {
  for (std::size_t row = 0; 4 * row + 3 < tally.size(); ++row) {
    const bool up = row % 2 == 0;
    const std::uint64_t made = tally[4 * row + passed];
    (up ? ledger.declined_uptakes : ledger.declined_releases) += tally[4 * row + declined];
    ledger.blocked += tally[4 * row + blocked];
    if (made > 0) up ? ledger.book_uptakes(row / 2, made) : ledger.book_releases(row / 2, made);
  }
}

}  // namespace

ShapedStep::ShapedStep(AnyCandidates candidates, std::shared_ptr<const FactorBounds> bounds,
                       double dt)
    : candidates_(std::move(candidates)),
      bounds_(std::move(bounds)),
      how_many_(candidate_rate(candidates_) * dt) {
  moves_.levels.fill(1);
  moves_.energy.fill(1.0);  // an undecided one is not blocked
  const auto undecided = static_cast<std::uint32_t>(bounds_->undecided());
  row_of_.assign(std::size_t{1} << channel_bits, undecided);
  std::visit(
      [&](const auto& form) {
        std::uint64_t from = 0;
        for (const auto& channel : form.channels()) {
          const auto row =
              static_cast<std::uint32_t>(2 * channel.hop.transition + (channel.up ? 0 : 1));
          moves_.levels[row] = channel.up ? channel.hop.stride : -channel.hop.stride;
          moves_.energy[row] = channel.up ? channel.hop.delta_e : -channel.hop.delta_e;
          const bool last = &channel == &form.channels().back();
          const double share = channel.below / form.total();
          const std::uint64_t below =
              last || share >= 1.0 ? ~std::uint64_t{0} : static_cast<std::uint64_t>(share * 0x1p64);
          constexpr int shift = 64 - channel_bits;
          // Values of the leading bits whose whole interval is the channel's.
          const std::uint64_t first =
              (from >> shift) + (from % (std::uint64_t{1} << shift) != 0 ? 1 : 0);
          const std::uint64_t end = last ? row_of_.size() : below >> shift;
          for (std::uint64_t value = first; value < end; ++value) row_of_[value] = row;
          below_.push_back(from = below);
        }
      },
      candidates_);
}

template <class Lanes, class Places>
StrokeCounts ShapedStep::move(const Places& places, std::uint64_t seed, std::uint64_t first,
                              std::uint64_t step) const {
  StrokeCounts ledger;
  const Tables tables{row_of_.data(), bounds_->words(),
                      static_cast<std::uint32_t>(bounds_->cells()),
                      static_cast<std::uint32_t>(4 * bounds_->undecided()), moves_};
  std::vector<std::uint64_t> tally(tables.idle + 1);
  StreamBatch random;
  Pending pending;
  Lanes lanes(places);
  for (std::size_t start = 0; start < places.size(); start += lane_count) {
    const std::size_t used = std::min(lane_count, places.size() - start);
    const bool on_paths =
        !places.path.empty();  // these want each stroke's rates: the law is evaluated for all
    lanes.load(places, start, used);
    const auto here = lanes.places(on_paths ? places.path.subspan(start, used) : places.path);
    const auto key = [&](std::size_t i) { return Key{seed, first + start + i, step}; };
    const auto attempt_exactly = [&](std::uint32_t word, std::uint32_t candidate, std::size_t i) {
      std::visit(
          [&](const auto& c) { attempt(c, below_, word, candidate, key(i), here, i, ledger); },
          candidates_);
    };
    random.fill(seed, first + start, step, Purpose::shaped_strokes, 0);
    pending.count.fill(0);
    for (std::size_t i = 0; i < used; ++i)
      pending.count[i] =
          how_many_((static_cast<std::uint64_t>(random.word[1][i]) << 32) | random.word[0][i]);
    const std::uint32_t done = on_paths
                                   ? 0
                                   : decide_side_by_side(key(0), *bounds_, tables, random, lanes,
                                                         pending, tally, attempt_exactly);
    for (std::size_t i = 0; i < used; ++i)
      finish(done, pending.count[i], key(i), [&](std::uint32_t word, std::uint32_t candidate) {
        attempt_exactly(word, candidate, i);
      });
    lanes.store(places, start, used);
  }
  book(std::span<const std::uint64_t>(tally).first(tables.idle), ledger);
  return ledger;
}

StrokeCounts ShapedStep::operator()(const LadderPlaces& places, std::uint64_t seed,
                                    std::uint64_t first, std::uint64_t step) const {
  return move<LadderLanes>(places, seed, first, step);
}
StrokeCounts ShapedStep::operator()(const EnergyPlaces& places, std::uint64_t seed,
                                    std::uint64_t first, std::uint64_t step) const {
  return move<EnergyLanes>(places, seed, first, step);
}

}  // namespace powerstroke
