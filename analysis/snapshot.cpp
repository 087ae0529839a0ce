#include "powerstroke/analysis/snapshot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

#include "powerstroke/analysis/logarithm.hpp"
#include "powerstroke/engine/core/clones.hpp"
#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/threshold.hpp"

namespace powerstroke::analysis {
namespace {

/// Particles whose energies and logarithms lie side by side in the first-level cache while they are
/// gathered.
constexpr std::size_t chunk_size = 512;

/// The sum of f over the values in interleaved parts: no addition waits for the one before, and the
/// order is the same whatever the width of the vectors.
template <class Function>
[[gnu::always_inline]] inline double interleaved_sum(const double* values, std::size_t size,
                                                     Function f) {
  std::array<double, 32> part{};
  std::size_t i = 0;
  for (; i + part.size() <= size; i += part.size()) {
    for (std::size_t k = 0; k < part.size(); ++k) part[k] += f(values[i + k]);
  }
  for (; i < size; ++i) part[0] += f(values[i]);
  return std::accumulate(part.begin(), part.end(), 0.0);
}

/// Twice over the values, so that nothing cancels.
[[gnu::always_inline]] inline Moments moments_of(const double* values, std::size_t size) {
  const double mean =
      interleaved_sum(values, size, [](double x) { return x; }) / static_cast<double>(size);
  return {size, mean,
          interleaved_sum(values, size, [mean](double x) { return (x - mean) * (x - mean); })};
}

void add_counts(std::vector<std::uint64_t>& to, const std::vector<std::uint64_t>& from) {
  if (to.size() < from.size()) to.resize(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) to[i] += from[i];
}

/// Counts of small numbers in four tables that take turns: an addition need not wait for one to the
/// same entry that is just under way.
class Tally {
 public:
  /// @param entries at most `largest`.
  explicit Tally(std::size_t entries) : entries_(entries), counts_(tables * entries) {}
  static constexpr std::size_t largest = 1U << 14U;

  void count(const std::int32_t* values, std::size_t size) {
    std::size_t i = 0;
    for (; i + tables <= size; i += tables)
      for (std::size_t t = 0; t < tables; ++t)
        ++counts_[t * entries_ + static_cast<std::size_t>(values[i + t])];
    for (; i < size; ++i) ++counts_[static_cast<std::size_t>(values[i])];
  }
  std::uint64_t operator[](std::size_t entry) const {
    std::uint64_t sum = 0;
    for (std::size_t t = 0; t < tables; ++t) sum += counts_[t * entries_ + entry];
    return sum;
  }

 private:
  static constexpr std::size_t tables = 4;
  std::size_t entries_;
  std::vector<std::uint32_t> counts_;
};

POWERSTROKE_CLONES
std::int32_t largest(const std::int32_t* values, std::size_t size) {
  std::int32_t top = values[0];
  for (std::size_t i = 1; i < size; ++i) top = values[i] > top ? values[i] : top;
  return top;
}

POWERSTROKE_CLONES
void raise(const std::int32_t* from, std::int32_t by, std::size_t size, std::int32_t* to) {
  for (std::size_t i = 0; i < size; ++i) to[i] = from[i] + by;
}

void count_levels(std::span<const std::int32_t> levels, std::vector<std::uint64_t>& counts) {
  const std::int32_t top = largest(levels.data(), levels.size());
  const auto needed = static_cast<std::size_t>(top - lowest_level) + 1;
  if (counts.size() < needed) counts.resize(needed);
  if (needed > Tally::largest) {
    for (const std::int32_t level : levels)
      ++counts[static_cast<std::size_t>(level - lowest_level)];
    return;
  }
  Tally tally(needed);
  std::array<std::int32_t, chunk_size> entry;
  for (std::size_t first = 0; first < levels.size(); first += chunk_size) {
    const std::size_t size = std::min(chunk_size, levels.size() - first);
    raise(levels.data() + first, -lowest_level, size, entry.data());
    tally.count(entry.data(), size);
  }
  for (std::size_t i = 0; i < needed; ++i) counts[i] += tally[i];
}

/// The bin of an energy by one multiplication; the edges are asked only near an edge.
class BinFinder {
 public:
  explicit BinFinder(const BinGrid& grid)
      : grid_(grid), per_energy_(grid.bins / grid.max), doubt_(grid.bins * 0x1p-50) {}

  std::uint32_t operator()(double energy) const {
    POWERSTROKE_EXPECT(energy >= 0.0);
    if (energy >= grid_.max) return grid_.bins;
    const double place = energy * per_energy_;
    const auto guess = static_cast<std::uint32_t>(place);
    const double rest = place - guess;
    // Two roundings of the place and two of an edge move it by less than `doubt_`.
    return rest > doubt_ && rest < 1.0 - doubt_
               ? guess
               : corrected(std::min(guess, grid_.bins - 1), energy);
  }

  double per_energy() const { return per_energy_; }
  /// How near an edge a place has to be asked for.
  double doubt() const { return doubt_; }

 private:
  std::uint32_t corrected(std::uint32_t bin, double energy) const {
    while (energy < grid_.edge(bin)) --bin;
    while (energy >= grid_.edge(bin + 1)) ++bin;
    return bin;
  }

  BinGrid grid_;
  double per_energy_, doubt_;
};

/// What a chunk's energies say, side by side.
struct Chunk {
  alignas(64) std::array<double, chunk_size> energy, ln_energy;
  alignas(64) std::array<std::int32_t, chunk_size> bin;
};

POWERSTROKE_CLONES
void set_energies(double spacing, const double* offset, const std::int32_t* level, std::size_t size,
                  Chunk& chunk) {
  for (std::size_t i = 0; i < size; ++i)
    chunk.energy[i] = ladder_energy(spacing, offset[i], level[i]);
}
void set_energies(const LadderView& particles, Chunk& chunk) {
  set_energies(particles.spacing, particles.offset.data(), particles.level.data(), particles.size(),
               chunk);
}
void set_energies(const EnergyView& particles, Chunk& chunk) {
  std::copy_n(particles.energies.begin(), particles.size(), chunk.energy.begin());
}

POWERSTROKE_CLONES
void add_moments(std::size_t size, Chunk& chunk, Moments& energy, Moments& ln_energy) {
  for (std::size_t i = 0; i < size; ++i) chunk.ln_energy[i] = logarithm(chunk.energy[i]);
  energy = moments_of(chunk.energy.data(), size);
  ln_energy = moments_of(chunk.ln_energy.data(), size);
}

/// The bins of a chunk as one multiplication says, for energies below max. @returns whether some
/// lie so near an edge that it has to be asked, or at or above max.
POWERSTROKE_CLONES
bool guess_bins(std::size_t size, double max, double per_energy, double doubt, Chunk& chunk) {
  std::int64_t any = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const double place = (chunk.energy[i] < max ? chunk.energy[i] : max) * per_energy;
    const auto guess = static_cast<std::int32_t>(place);
    const double from_middle = std::abs(place - guess - 0.5);
    any |= from_middle >= 0.5 - doubt ? 1 : 0;
    chunk.bin[i] = guess;
  }
  return any != 0;
}

/// Counts energies in the bins of a grid, chunk by chunk.
class BinCounter {
 public:
  explicit BinCounter(const BinGrid& grid)
      : grid_(grid), find_(grid), tally_(grid.bins < Tally::largest ? grid.bins + 1 : 1) {}

  void add(std::size_t size, Chunk& chunk, Snapshot& snapshot) {
    if (grid_.bins >= Tally::largest) {
      for (std::size_t i = 0; i < size; ++i)
        add_one(find_(chunk.energy[i]), chunk.energy[i], snapshot);
      return;
    }
    if (guess_bins(size, grid_.max, find_.per_energy(), find_.doubt(), chunk))
      for (std::size_t i = 0; i < size; ++i) {
        const double energy = chunk.energy[i];
        chunk.bin[i] = static_cast<std::int32_t>(find_(energy));
        if (energy >= grid_.max) snapshot.overflow_excess += energy - grid_.max;
      }
    tally_.count(chunk.bin.data(), size);
  }
  void finish(Snapshot& snapshot) const {
    if (grid_.bins >= Tally::largest) return;
    for (std::uint32_t bin = 0; bin < grid_.bins; ++bin) snapshot.bins[bin] = tally_[bin];
    snapshot.overflow = tally_[grid_.bins];
  }

 private:
  void add_one(std::uint32_t bin, double energy, Snapshot& snapshot) const {
    if (bin < grid_.bins) {
      ++snapshot.bins[bin];
    } else {
      ++snapshot.overflow;
      snapshot.overflow_excess += energy - grid_.max;
    }
  }

  BinGrid grid_;
  BinFinder find_;
  Tally tally_;
};

/// The pass over a block, except for what only its kind of view knows.
template <class View>
Snapshot gather_energies(const View& particles, const BinGrid& grid) {
  POWERSTROKE_EXPECT(grid.max > 0.0 && grid.bins > 0);
  Snapshot snapshot;
  snapshot.particles = particles.size();
  snapshot.bins.resize(grid.bins);
  Chunk chunk;
  BinCounter counter(grid);
  for (std::size_t first = 0; first < particles.size(); first += chunk_size) {
    const std::size_t size = std::min(chunk_size, particles.size() - first);
    set_energies(particles.part(first, first + size), chunk);
    Moments energy, ln_energy;
    add_moments(size, chunk, energy, ln_energy);
    snapshot.energy += energy;
    snapshot.ln_energy += ln_energy;
    counter.add(size, chunk, snapshot);
  }
  counter.finish(snapshot);
  return snapshot;
}

void without_logarithm(Snapshot& snapshot) {
  snapshot.ln_energy.mean = snapshot.ln_energy.squares = std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

std::vector<double> BinGrid::edges() const {
  std::vector<double> result(static_cast<std::size_t>(bins) + 1);
  for (std::uint32_t i = 0; i <= bins; ++i) result[i] = edge(i);
  return result;
}

std::uint32_t BinGrid::bin(double energy) const { return BinFinder(*this)(energy); }

Moments& Moments::operator+=(const Moments& other) {
  if (other.count == 0) return *this;
  if (count == 0) return *this = other;
  const auto here = static_cast<double>(count), there = static_cast<double>(other.count),
             all = here + there;
  const double distance = other.mean - mean;
  mean += distance * (there / all);
  squares += other.squares + distance * distance * (here * there / all);
  count += other.count;
  return *this;
}

POWERSTROKE_CLONES
Moments moments(std::span<const double> values) {
  return values.empty() ? Moments{} : moments_of(values.data(), values.size());
}

double Moments::variance() const {
  return count < 2 ? std::numeric_limits<double>::quiet_NaN()
                   : squares / static_cast<double>(count - 1);
}

Snapshot& Snapshot::operator+=(const Snapshot& other) {
  particles += other.particles;
  add_counts(bins, other.bins);
  add_counts(levels, other.levels);
  overflow += other.overflow;
  above += other.above;
  overflow_excess += other.overflow_excess;
  energy += other.energy;
  ln_energy += other.ln_energy;
  return *this;
}

Snapshot gather(const LadderView& particles, const BinGrid& grid, std::int32_t stride) {
  Snapshot snapshot = gather_energies(particles, grid);
  if (particles.size() > 0) count_levels(particles.level, snapshot.levels);
  for (std::size_t i = static_cast<std::size_t>(stride - lowest_level); i < snapshot.levels.size();
       ++i)
    snapshot.above += snapshot.levels[i];
  if (!snapshot.levels.empty() && snapshot.levels.front() > 0) without_logarithm(snapshot);
  return snapshot;
}

Snapshot gather(const EnergyView& particles, const BinGrid& grid, double delta_e) {
  Snapshot snapshot = gather_energies(particles, grid);
  bool at_rest = false;
  for (const double energy : particles.energies) {
    snapshot.above += lies_above(energy, delta_e) ? 1U : 0U;
    at_rest |= energy == 0.0;
  }
  if (at_rest) without_logarithm(snapshot);
  return snapshot;
}

}  // namespace powerstroke::analysis
