#include "powerstroke/analysis/snapshot.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <span>

#include "powerstroke/analysis/logarithm.hpp"
#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke::analysis {
namespace {

/// Particles whose energies and logarithms lie side by side in the first-level cache while they are gathered.
constexpr std::size_t chunk_size = 512;

/// The sum of f over the values in eight interleaved parts: no addition waits for the one before, and the order is fixed.
template <class Function>
double interleaved_sum(std::span<const double> values, Function f) {
  std::array<double, 8> part{};
  std::size_t i = 0;
  for (; i + part.size() <= values.size(); i += part.size()) {
    for (std::size_t k = 0; k < part.size(); ++k) part[k] += f(values[i + k]);
  }
  for (; i < values.size(); ++i) part[0] += f(values[i]);
  return std::accumulate(part.begin(), part.end(), 0.0);
}

/// Twice over the values, so that nothing cancels.
Moments moments(std::span<const double> values) {
  const double mean = interleaved_sum(values, [](double x) { return x; }) / static_cast<double>(values.size());
  return {values.size(), mean, interleaved_sum(values, [mean](double x) { return (x - mean) * (x - mean); })};
}

void add_counts(std::vector<std::uint64_t>& to, const std::vector<std::uint64_t>& from) {
  if (to.size() < from.size()) to.resize(from.size());
  for (std::size_t i = 0; i < from.size(); ++i) to[i] += from[i];
}

void count_levels(std::span<const std::int32_t> levels, std::vector<std::uint64_t>& counts) {
  const std::int32_t top = *std::max_element(levels.begin(), levels.end());
  const auto needed = static_cast<std::size_t>(top - lowest_level) + 1;
  if (counts.size() < needed) counts.resize(needed);
  for (const std::int32_t level : levels) ++counts[static_cast<std::size_t>(level - lowest_level)];
}

/// The bin of an energy by one multiplication; the edges are asked only near an edge.
class BinFinder {
 public:
  explicit BinFinder(const BinGrid& grid) : grid_(grid), per_energy_(grid.bins / grid.max), doubt_(grid.bins * 0x1p-50) {}

  std::uint32_t operator()(double energy) const {
    POWERSTROKE_EXPECT(energy >= 0.0);
    if (energy >= grid_.max) return grid_.bins;
    const double place = energy * per_energy_;
    const auto guess = static_cast<std::uint32_t>(place);
    const double rest = place - guess;
    // Two roundings of the place and two of an edge move it by less than `doubt_`.
    return rest > doubt_ && rest < 1.0 - doubt_ ? guess : corrected(std::min(guess, grid_.bins - 1), energy);
  }

 private:
  std::uint32_t corrected(std::uint32_t bin, double energy) const {
    while (energy < grid_.edge(bin)) --bin;
    while (energy >= grid_.edge(bin + 1)) ++bin;
    return bin;
  }

  BinGrid grid_;
  double per_energy_, doubt_;
};

void count_bins(std::span<const double> energies, const BinGrid& grid, Snapshot& snapshot) {
  const BinFinder bin_of(grid);
  for (const double energy : energies) {
    const std::uint32_t bin = bin_of(energy);
    if (bin < grid.bins) {
      ++snapshot.bins[bin];
    } else {
      ++snapshot.overflow;
      snapshot.overflow_excess += energy - grid.max;
    }
  }
}

template <class View>
void add_chunk(const View& particles, const BinGrid& grid, Snapshot& snapshot) {
  const std::size_t size = particles.size();
  std::array<double, chunk_size> energy, ln_energy;
  for (std::size_t i = 0; i < size; ++i) energy[i] = particles.energy(i);
  for (std::size_t i = 0; i < size; ++i) ln_energy[i] = logarithm(energy[i]);
  snapshot.energy += moments({energy.data(), size});
  snapshot.ln_energy += moments({ln_energy.data(), size});
  count_bins({energy.data(), size}, grid, snapshot);
}

/// The pass over a block, except for what only its kind of view knows.
template <class View>
Snapshot gather_energies(const View& particles, const BinGrid& grid) {
  POWERSTROKE_EXPECT(grid.max > 0.0 && grid.bins > 0);
  Snapshot snapshot;
  snapshot.particles = particles.size();
  snapshot.bins.resize(grid.bins);
  for (std::size_t first = 0; first < particles.size(); first += chunk_size)
    add_chunk(particles.part(first, std::min(first + chunk_size, particles.size())), grid, snapshot);
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
  const auto here = static_cast<double>(count), there = static_cast<double>(other.count), all = here + there;
  const double distance = other.mean - mean;
  mean += distance * (there / all);
  squares += other.squares + distance * distance * (here * there / all);
  count += other.count;
  return *this;
}

double Moments::variance() const {
  return count < 2 ? std::numeric_limits<double>::quiet_NaN() : squares / static_cast<double>(count - 1);
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
  for (std::size_t i = static_cast<std::size_t>(stride - lowest_level); i < snapshot.levels.size(); ++i)
    snapshot.above += snapshot.levels[i];
  if (!snapshot.levels.empty() && snapshot.levels.front() > 0) without_logarithm(snapshot);
  return snapshot;
}

Snapshot gather(const EnergyView& particles, const BinGrid& grid, double delta_e) {
  Snapshot snapshot = gather_energies(particles, grid);
  bool at_rest = false;
  for (const double energy : particles.energies) {
    snapshot.above += energy > delta_e ? 1U : 0U;
    at_rest |= energy == 0.0;
  }
  if (at_rest) without_logarithm(snapshot);
  return snapshot;
}

}  // namespace powerstroke::analysis
