#include "powerstroke/study/run/shared_scatter.hpp"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string>

#include "powerstroke/analysis/snapshot.hpp"
#include "powerstroke/analysis/theory/ladder_transitions.hpp"
#include "powerstroke/analysis/theory/thinned.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/study/run/problem.hpp"

namespace powerstroke::study {
namespace {

/// levels^2 * w- t that the dense covariance may take, and operations of the low-rank one: some
/// thirty seconds each.
constexpr double affordable_dense = 1e8, affordable_operations = 3e10;

bool is_shaped(const Config& config) {
  return !std::holds_alternative<laws::Constant>(config.strokes->law.rates);
}

/// The start on few offsets: scatter is wanted to a few parts in a thousand.
theory::Populations coarse_start(const Config& config) {
  theory::Resolution resolution;
  resolution.nodes_per_panel = 4;
  resolution.usual_nodes = 16;
  resolution.tail = 1e-9;
  resolution.precision = 1e-3;
  return theory::initial_populations(config.ensemble.energy, config.strokes->spacing, resolution);
}

bool dense_is_affordable(const Config& config, const theory::Populations& start) {
  constexpr double most_levels = 1024.0;
  const laws::StrokeLaw& law = config.strokes->law;
  const double levels = static_cast<double>(start.levels),
               transitions = static_cast<double>(law.transitions.size());
  // Each transition adds diagonals to the covariance's equation.
  const double rate = theory::fastest_rate(law) * (1.0 + 2.0 * transitions) / 3.0;
  // Of independent particles two rows a transition are followed, not a matrix.
  const double rows = given_rates(config) ? 2.0 * transitions : levels;
  return levels <= most_levels &&
         rows * levels * std::max(1.0, rate * config.snapshots.back()) < affordable_dense;
}

std::variant<theory::MeanFieldNoise, theory::LowRankNoise> noise_of(
    const Config& config, const theory::Populations& start) {
  const laws::StrokeLaw& law = config.strokes->law;
  if (!is_shaped(config) && dense_is_affordable(config, start)) {
    std::vector<std::int32_t> strides;
    for (const std::size_t stride : theory::strides(law, start.grid.spacing))
      strides.push_back(static_cast<std::int32_t>(stride));
    return theory::MeanFieldNoise(theory::level_probabilities(start), law, strides);
  }
  // At constant rates no offset behaves unlike another.
  theory::Populations coarse = is_shaped(config) ? coarse_start(config) : theory::thinned(start, 1);
  if (!(theory::LowRankNoise::operations(coarse, law, config.snapshots.back()) <
        affordable_operations))
    throw NumericsError(
        "the scatter that shared rates add is too costly to follow over so many levels and so long "
        "a time");
  return theory::LowRankNoise(std::move(coarse), law);
}

}  // namespace

SharedScatter::SharedScatter(const Config& config, const theory::Populations& start)
    : noise_(noise_of(config, start)),
      by_place_(is_shaped(config)),
      start_levels_(theory::thinned(start, 1)),
      law_(config.strokes->law) {
  if (by_place_)
    coarse_bins_.emplace(narrow().populations().grid,
                         analysis::BinGrid{config.histogram.max, config.histogram.bins}.edges());
}

void SharedScatter::advance(double t) {
  try {
    std::visit([&](auto& noise) { noise.advance(t); }, noise_);
  } catch (const NumericsError&) {
    if (dense() == nullptr) throw;
    noise_ = theory::LowRankNoise(start_levels_, law_);  // more levels than a dense covariance has
    if (is_sketch_) sketch();
    std::get<theory::LowRankNoise>(noise_).advance(t);
  }
  if (dense() == nullptr && !is_sketch_) weights_ = narrow().weights();
}

theory::Influence SharedScatter::influence(const theory::Populations& now,
                                           std::size_t stride) const {
  return by_place_ ? theory::influence(narrow().populations(), stride)
                   : theory::level_influence(now, stride);
}

double SharedScatter::excess_covariance(std::span<const double> x,
                                        std::span<const double> y) const {
  return std::visit([&](const auto& noise) { return noise.excess_covariance(x, y); }, noise_);
}

double SharedScatter::variance_of_uptakes(std::size_t k) const {
  return std::visit([&](const auto& noise) { return noise.variance_of_uptakes(k); }, noise_);
}

double SharedScatter::variance_of_releases(std::size_t k) const {
  return std::visit([&](const auto& noise) { return noise.variance_of_releases(k); }, noise_);
}

double SharedScatter::covariance_of_excited(std::size_t k, std::size_t l) const {
  return std::visit([&](const auto& noise) { return noise.covariance_of_excited(k, l); }, noise_);
}

analysis::SharedNoise SharedScatter::of_bins(const theory::BinIntegrator& bins,
                                             const theory::Populations& now) const {
  analysis::SharedNoise shared;
  if (const theory::MeanFieldNoise* const all = dense()) {
    shared.mode.assign(all->levels().begin(), all->levels().end());
    shared.excess = all->excess();
    for (const theory::BinLevel& part : bins.by_level(now))
      if (part.level_index < all->size())
        shared.joint.push_back({part.bin, part.level_index, part.probability});
    return shared;
  }
  // Each direction is a mode: what it adds to the bins, with weight 1.
  shared.mode.assign(narrow().rank(), 1.0);
  shared.excess = weights_;
  const std::vector<theory::BinLevel> parts =
      by_place_ ? std::vector<theory::BinLevel>{} : bins.by_level(now);
  const std::vector<double> probability = theory::level_probabilities(now);
  for (std::uint32_t j = 0; j < narrow().rank(); ++j) {
    std::vector<double> row(bins.bins() + 1, 0.0);
    if (by_place_) {
      row = coarse_bins_->sums(narrow().direction(j));
    } else {
      const std::vector<double> of_level = on_levels(j);
      for (const theory::BinLevel& part : parts)
        if (part.level_index < of_level.size())
          row[part.bin] +=
              part.probability / probability[part.level_index] * of_level[part.level_index];
    }
    for (std::uint32_t bin = 0; bin < row.size(); ++bin)
      if (row[bin] != 0.0) shared.joint.push_back({bin, j, row[bin]});
  }
  return shared;
}

analysis::SharedNoise SharedScatter::of_levels() const {
  analysis::SharedNoise shared;
  if (const theory::MeanFieldNoise* const all = dense()) {
    shared.mode.assign(all->levels().begin(), all->levels().end());
    shared.excess = all->excess();
    for (std::uint32_t i = 0; i < all->size(); ++i)
      shared.joint.push_back({i, i, all->levels()[i]});
    return shared;
  }
  shared.mode.assign(narrow().rank(), 1.0);
  shared.excess = weights_;
  for (std::uint32_t j = 0; j < narrow().rank(); ++j) {
    const std::vector<double> of_level = on_levels(j);
    for (std::uint32_t i = 0; i < of_level.size(); ++i) shared.joint.push_back({i, j, of_level[i]});
  }
  return shared;
}

std::vector<double> SharedScatter::levels() const {
  if (const theory::MeanFieldNoise* const all = dense())
    return {all->levels().begin(), all->levels().end()};
  return theory::level_probabilities(narrow().populations());
}

std::vector<double> SharedScatter::excess_above() const {
  StopPacer pace;
  if (const theory::MeanFieldNoise* const all = dense()) {
    // X summed over all levels from i and from j on, i and j downwards: its diagonal belongs to the
    // fraction above i.
    const std::size_t size = all->size();
    std::vector<double> above(size + 1, 0.0), row(size + 1), found(size);
    for (std::size_t i = size; i-- > 0;) {
      pace(2 * size);
      row[size] = 0.0;
      for (std::size_t j = size; j-- > 0;) row[j] = row[j + 1] + all->excess()[i * size + j];
      for (std::size_t j = 0; j < size; ++j) above[j] += row[j];
      found[i] = above[i];
    }
    return found;
  }
  const std::size_t rank = narrow().rank();
  std::vector<std::vector<double>> above;  // of each direction
  for (std::size_t j = 0; j < rank; ++j) {
    above.push_back(on_levels(j));
    for (std::size_t i = above.back().size() - 1; i-- > 0;) above.back()[i] += above.back()[i + 1];
  }
  std::vector<double> found(narrow().populations().levels, 0.0);
  for (std::size_t i = 0; i < found.size(); ++i) {
    pace(rank * rank);
    for (std::size_t j = 0; j < rank; ++j)
      for (std::size_t k = 0; k < rank; ++k)
        found[i] += above[j][i] * weights_[j * rank + k] * above[k][i];
  }
  return found;
}

double SharedScatter::time() const {
  return std::visit([](const auto& noise) { return noise.time(); }, noise_);
}

double SharedScatter::operations() const {
  return std::visit([](const auto& noise) { return noise.operations(); }, noise_);
}

void SharedScatter::sketch() {
  is_sketch_ = true;
  std::visit([](auto& noise) { noise.sketch(); }, noise_);
}

double SharedScatter::bytes() const {
  constexpr double number = 8.0;
  if (const theory::MeanFieldNoise* const all = dense()) {
    // Runge, Kutta and Fehlberg's 13 stages and the state; a test has the covariance, its factor
    // and its image.
    const auto rows = static_cast<double>(all->rows()),
               columns = static_cast<double>(all->coordinates());
    return number * (14.0 * rows * columns + 3.0 * std::min(rows, columns) * columns);
  }
  // Columns before and after a reduction, and the product between; a step goes column by column.
  constexpr double most_columns = 80.0;  // that are gathered between two reductions, about
  return number * (3.0 * most_columns * static_cast<double>(narrow().populations().mass.size()) +
                   6.0 * most_columns * most_columns);
}

}  // namespace powerstroke::study
