#include "powerstroke/analysis/phase_entropy.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"

namespace powerstroke::analysis {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::size_t most_cells = std::size_t{1} << 24;
constexpr std::uint64_t least_per_cell = 10;

void validate(const PhaseAxis& axis, const char* name) {
  const auto refuse = [&](const std::string& what) {
    throw ConfigError("phase grid, " + std::string(name) + ": " + what);
  };
  if (axis.cells < 1 || axis.cells > most_cells)
    refuse("there are " + std::to_string(axis.cells) + " cells; there must be 1 to 2^24 of them");
  if (!(std::isfinite(axis.low) && std::isfinite(axis.high) && axis.low < axis.high))
    refuse("its range is " + std::to_string(axis.low) + " to " + std::to_string(axis.high) +
           "; it must be finite and ascend");
}

/// Sums over the classes of f = -ln(p/reference), and what corrects the mean of f and its error for
/// finite N.
class Sums {
 public:
  explicit Sums(const PhaseHistogram& histogram)
      : total_(static_cast<double>(histogram.particles)) {}

  void add(std::uint64_t count, double reference) {
    if (count == 0) return;
    const double p = static_cast<double>(count) / total_, f = -std::log(p / reference);
    mean_ += p * f;
    square_ += p * f * f;
    occupied_ += 1.0;
    if (count == 1) seen_once_ += 1.0;
  }
  Estimate estimate(double outside) const {
    const double first_order = std::max(0.0, square_ - mean_ * mean_) / total_;
    const double scatter = 0.5 * (occupied_ - 1.0) / (total_ * total_),
                 rare = 0.5 * seen_once_ / total_;
    return {mean_ + 0.5 * (occupied_ - 1.0) / total_,
            std::sqrt(first_order + scatter + rare * rare + outside * outside)};
  }

 private:
  double total_, mean_ = 0.0, square_ = 0.0, occupied_ = 0.0, seen_once_ = 0.0;
};

bool is_too_thin(const PhaseHistogram& histogram) {
  const auto empty =
      static_cast<std::size_t>(std::ranges::count(histogram.cells, std::uint64_t{0}));
  const std::uint64_t occupied = histogram.cells.size() - empty;
  return histogram.particles == 0 || histogram.particles < least_per_cell * occupied;
}

}  // namespace

std::uint32_t PhaseAxis::cell(double value) const {
  const double place = (value - low) / (high - low) * cells;
  return place >= 0.0 && place < cells ? static_cast<std::uint32_t>(place) : cells;
}

std::vector<double> PhaseAxis::edges() const {
  std::vector<double> result(cells + std::size_t{1});
  for (std::uint32_t i = 0; i <= cells; ++i) result[i] = low + (high - low) * i / cells;
  return result;
}

void validate(const PhaseGrid& grid) {
  validate(grid.position, "position");
  validate(grid.momentum, "momentum");
  if (grid.cells() > most_cells)
    throw ConfigError("phase grid: there are " + std::to_string(grid.cells()) +
                      " cells; there may be 2^24 at most");
}

PhaseHistogram& PhaseHistogram::operator+=(const PhaseHistogram& other) {
  if (other.cells.empty()) return *this;
  if (cells.empty()) return *this = other;
  POWERSTROKE_EXPECT(cells.size() == other.cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) cells[i] += other.cells[i];
  outside += other.outside;
  particles += other.particles;
  return *this;
}

PhaseHistogram gather(const PhaseView& particles, const PhaseGrid& grid, int axis) {
  POWERSTROKE_EXPECT(axis >= 0 && axis < particles.dimension);
  PhaseHistogram histogram{grid, std::vector<std::uint64_t>(grid.cells()), 0, particles.size()};
  const auto a = static_cast<std::size_t>(axis);
  for (std::size_t i = 0; i < particles.size(); ++i) {
    const std::uint32_t x = grid.position.cell(particles.position[a][i]),
                        p = grid.momentum.cell(particles.momentum[a][i]);
    if (x < grid.position.cells && p < grid.momentum.cells)
      ++histogram.cells[static_cast<std::size_t>(x) * grid.momentum.cells + p];
    else
      ++histogram.outside;
  }
  return histogram;
}

Estimate entropy(const PhaseHistogram& histogram) {
  if (is_too_thin(histogram) || 1000 * histogram.outside > histogram.particles) return {nan, nan};
  const double area = histogram.grid.cell_area();
  Sums sums(histogram);
  for (const std::uint64_t count : histogram.cells) sums.add(count, area);
  sums.add(histogram.outside, area * static_cast<double>(histogram.cells.size()));
  return sums.estimate(static_cast<double>(histogram.outside) /
                       static_cast<double>(histogram.particles));
}

Estimate divergence(const PhaseHistogram& histogram, const std::vector<double>& probabilities) {
  POWERSTROKE_EXPECT(probabilities.size() == histogram.cells.size());
  if (is_too_thin(histogram)) return {nan, nan};
  Sums sums(histogram);
  for (std::size_t i = 0; i < probabilities.size(); ++i)
    sums.add(histogram.cells[i], probabilities[i]);
  sums.add(histogram.outside,
           std::max(0.0, 1.0 - std::accumulate(probabilities.begin(), probabilities.end(), 0.0)));
  const Estimate minus = sums.estimate(0.0);
  return {-minus.value, minus.error};
}

}  // namespace powerstroke::analysis
