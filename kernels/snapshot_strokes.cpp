#include "powerstroke/kernels/snapshot_strokes.hpp"

#include <algorithm>
#include <array>

#include "powerstroke/engine/core/clones.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/parallel/ranks.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/engine/random/stream_batch.hpp"
#include "powerstroke/engine/random/thresholds.hpp"
#include "powerstroke/kernels/laws/ladder_transition.hpp"
#include "powerstroke/kernels/sampling/stroke_checks.hpp"

namespace powerstroke {
namespace {

constexpr std::size_t particles_a_block = 4, lane_count = particles_a_block * StreamBatch::lanes;
constexpr int guide_bits = 10;
constexpr std::size_t guide_size = std::size_t{1} << guide_bits;
constexpr std::uint32_t undecided = ~std::uint32_t{0};

using Lanes = std::array<std::uint32_t, lane_count>;

/// The words of a batch in the order of the particles.
POWERSTROKE_CLONES
void interleave(const StreamBatch& random, Lanes& word) {
  for (std::size_t i = 0; i < StreamBatch::lanes; ++i)
    for (std::size_t w = 0; w < particles_a_block; ++w)
      word[particles_a_block * i + w] = random.word[w][i];
}

/// What the guide says of each particle. @returns whether some are undecided.
POWERSTROKE_CLONES
bool look_up(const std::uint32_t* guide, const Lanes& word, const std::int32_t* level,
             Lanes& next) {
  std::uint32_t any = 0;
  POWERSTROKE_INDEPENDENT
  for (std::size_t i = 0; i < lane_count; ++i) {
    const auto row = static_cast<std::uint32_t>(level[i] - lowest_level);
    next[i] = guide[row * guide_size + (word[i] >> (32 - guide_bits))];
    any |= static_cast<std::uint32_t>(next[i] == undecided);
  }
  return any != 0;
}

POWERSTROKE_CLONES
std::int32_t highest(const std::int32_t* levels, std::size_t size) {
  std::int32_t top = lowest_level;
  for (std::size_t i = 0; i < size; ++i) top = levels[i] > top ? levels[i] : top;
  return top;
}

struct Highest {
  std::int32_t level = lowest_level;
  Highest& operator+=(const Highest& other) {
    level = std::max(level, other.level);
    return *this;
  }
};

}  // namespace

SnapshotStrokes::SnapshotStrokes(const laws::Transition& transition, std::uint64_t seed)
    : transition_(transition), seed_(seed), events_(transition, seed) {}

void SnapshotStrokes::make_table(double dt, std::size_t highest_start) {
  const std::size_t starts = highest_start + 2;
  const std::size_t top = laws::highest_level_met(transition_.rate_up, transition_.rate_down, dt,
                                                  highest_start, largest_table);
  table_ = {dt, starts, top + 2, {}, {}};
  if (top >= largest_table) return;  // no table
  const std::vector<double> law =
      laws::ladder_transition(transition_.rate_up, transition_.rate_down, dt, top);
  table_.below.reserve(starts * table_.levels);
  table_.guide.assign(starts * guide_size, undecided);
  for (std::size_t row = 0; row < starts; ++row) {
    const std::vector<std::uint64_t> thresholds =
        cumulative_thresholds({law.data() + row * table_.levels, table_.levels});
    table_.below.insert(table_.below.end(), thresholds.begin(), thresholds.end());
    table_.below.resize((row + 1) * table_.levels, ~std::uint64_t{0});
    for (std::uint64_t cell = 0; cell < guide_size; ++cell) {
      constexpr int shift = 64 - guide_bits;
      const std::uint32_t low = entry(row, cell << shift),
                          high = entry(row, (cell << shift) | ((std::uint64_t{1} << shift) - 1));
      if (low == high) table_.guide[row * guide_size + cell] = low;
    }
  }
}

/// The first level + 1 whose cumulative probability lies above the bits.
std::uint32_t SnapshotStrokes::entry(std::size_t row, std::uint64_t bits) const {
  const auto begin = table_.below.begin() + static_cast<std::ptrdiff_t>(row * table_.levels);
  const auto end = begin + static_cast<std::ptrdiff_t>(table_.levels) - 1;
  return static_cast<std::uint32_t>(std::upper_bound(begin, end, bits) - begin);
}

StrokeCounts SnapshotStrokes::draw(std::span<std::int32_t> levels, std::size_t first,
                                   std::uint64_t step) const {
  StrokeCounts ledger;
  StreamBatch random;
  alignas(64) Lanes word, next;
  alignas(64) std::array<std::int32_t, lane_count> now;
  for (std::size_t start = 0; start < levels.size(); start += lane_count) {
    const std::size_t used = std::min(lane_count, levels.size() - start);
    now.fill(0);
    std::copy_n(levels.begin() + static_cast<std::ptrdiff_t>(start), used, now.begin());
    random.fill(seed_, (first + start) / particles_a_block, step, Purpose::snapshots, 0);
    interleave(random, word);
    if (look_up(table_.guide.data(), word, now.data(), next))
      for (std::size_t i = 0; i < used; ++i) {
        if (next[i] != undecided) continue;
        const auto row = static_cast<std::size_t>(now[i] - lowest_level);
        const std::uint64_t leading = std::uint64_t{word[i]} << 32;
        next[i] = entry(row, leading);
        if (next[i] == entry(row, leading | 0xffffffffU)) continue;
        Stream more(seed_, first + start + i, step, Purpose::ties);
        next[i] = entry(row, leading | (more() >> 32));
      }
    for (std::size_t i = 0; i < used; ++i) {
      const std::int32_t level = static_cast<std::int32_t>(next[i]) + lowest_level;
      ledger.net[0] += level - now[i];
      levels[start + i] = level;
    }
  }
  return ledger;
}

void SnapshotStrokes::advance(LadderEnsemble& ensemble, double t, double dt, StepClock& clock,
                              Ledger& ledger) {
  laws::StrokeLaw law;
  law.transitions = {transition_};
  check_amount(law, dt);
  if (hops(law, ensemble.spacing()).front().stride != 1)
    throw NumericsError("snapshots: the ensemble's ladder has the spacing " +
                        std::to_string(ensemble.spacing()) + "; it must be delta_e, " +
                        std::to_string(transition_.delta_e));
  const std::span<std::int32_t> levels = ensemble.levels();
  // Of all ranks; in steps, so that not every new highest level asks for a new table.
  const Highest ours =
      parallel::sum_over_blocks<Highest>(levels.size(), [&](std::size_t first, std::size_t last) {
        return Highest{highest(levels.data() + first, last - first)};
      });
  const std::int64_t top = ensemble.ranks().largest(ours.level);
  constexpr std::size_t rounded_to = 16;
  const std::size_t highest_start =
      (static_cast<std::size_t>(std::max(std::int64_t{0}, top)) / rounded_to + 1) * rounded_to;
  if (table_.dt != dt || table_.starts != highest_start + 2) make_table(dt, highest_start);
  if (table_.guide.empty()) {
    Ledger counted;
    events_.advance(ensemble, t, dt, clock, counted);
    ledger.net[0] += counted.net[0];
    ledger.steps += counted.steps;
    return;
  }
  const std::uint64_t step = clock.tick();
  ledger += parallel::sum_over_blocks<StrokeCounts>(
      levels.size(), [&](std::size_t first, std::size_t last) {
        return draw(levels.subspan(first, last - first), ensemble.first_id() + first, step);
      });
  ++ledger.steps;
}

}  // namespace powerstroke
