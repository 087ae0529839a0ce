#include "powerstroke/analysis/theory/bin_integrator.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <sstream>
#include <string>

#include "powerstroke/analysis/theory/gauss_legendre.hpp"
#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/ladder.hpp"
#include "powerstroke/engine/core/stop.hpp"

namespace powerstroke::theory {
namespace {

/// How far below zero the polynomial through the nodes may take a bin.
constexpr double largest_dip = 1e-9;

/// The panel with low < offset <= high.
std::size_t panel_at(std::span<const OffsetPanel> panels, double offset) {
  const auto found = std::ranges::lower_bound(panels, offset, std::less<>{}, &OffsetPanel::high);
  return static_cast<std::size_t>(found - panels.begin());
}

double without_dip(double probability, std::size_t bin, std::span<const double> edges) {
  if (!(probability > -largest_dip)) {
    std::ostringstream message;
    message << "histogram: bin " << bin << ", ";
    if (bin + 1 < edges.size())
      message << "from E = " << edges[bin] << " to " << edges[bin + 1];
    else
      message << "above E = " << edges[bin];
    message << ", gets the probability " << probability << " from the equation; allowed: above "
            << -largest_dip
            << ". The offsets do not resolve the density: a start with wider parts "
               "(ensemble.energy) or fewer jumps is";
    throw NumericsError(message.str());
  }
  return std::max(probability, 0.0);
}

}  // namespace

BinIntegrator::BinIntegrator(const OffsetGrid& grid, std::span<const double> edges)
    : edges_(edges.begin(), edges.end()), panels_(grid.panels) {
  POWERSTROKE_EXPECT(edges_.size() >= 2 && edges_.front() == 0.0 &&
                     std::ranges::is_sorted(edges_, std::less_equal<>{}));
  if (panels_.empty()) return;
  std::map<std::size_t, GaussLegendre> rules;
  StopPacer pace;
  for (std::size_t i = 1; i < edges_.size(); ++i) {
    const LadderPlace place = ladder_place(edges_[i], grid.spacing);
    const std::size_t at = panel_at(panels_, place.offset);
    const OffsetPanel& panel = panels_[at];
    const GaussLegendre& rule =
        rules.try_emplace(panel.nodes, static_cast<int>(panel.nodes)).first->second;
    pace(panel.nodes * panel.nodes);
    cuts_.push_back({static_cast<std::size_t>(place.level + 1), at, weights_.size(),
                     static_cast<std::uint32_t>(i)});
    const std::vector<double> below = rule.lagrange_integral(panel.u(place.offset));
    for (std::size_t j = 0; j < panel.nodes; ++j) weights_.push_back(below[j] / rule.weights()[j]);
  }
}

std::uint32_t BinIntegrator::bin_of(double energy) const {
  return static_cast<std::uint32_t>(std::ranges::upper_bound(edges_, energy) - edges_.begin() - 1);
}

void BinIntegrator::gather_panels(const Populations& populations, std::size_t level_index,
                                  std::span<double> row) const {
  auto cut = std::ranges::lower_bound(cuts_, level_index, std::less<>{}, &Cut::level_index);
  std::uint32_t bin = cut == cuts_.begin() ? 0 : std::prev(cut)->bin_above;
  const auto mass = [&](std::size_t node) {
    return populations.mass[node * populations.levels + level_index];
  };
  for (std::size_t at = 0; at < panels_.size(); ++at) {
    const OffsetPanel& panel = panels_[at];
    double below = 0.0, all = 0.0;
    for (; cut != cuts_.end() && cut->level_index == level_index && cut->panel == at; ++cut) {
      double to_here = 0.0;
      for (std::size_t j = 0; j < panel.nodes; ++j)
        to_here += weights_[cut->first_weight + j] * mass(panel.first_node + j);
      row[bin] += to_here - below;
      below = to_here;
      bin = cut->bin_above;
    }
    for (std::size_t j = 0; j < panel.nodes; ++j) all += mass(panel.first_node + j);
    row[bin] += all - below;
  }
}

void BinIntegrator::gather(const Populations& populations, std::size_t level_index,
                           std::span<double> row) const {
  const OffsetGrid& grid = populations.grid;
  if (level_index > 0) gather_panels(populations, level_index, row);
  for (std::size_t node = grid.continuous; node < grid.nodes(); ++node) {
    const double energy =
        ladder_energy(grid.spacing, grid.offset[node], static_cast<std::int32_t>(level_index) - 1);
    const double mass = populations.ladder(node)[level_index];
    // An atom that was never at rest has no energy on level -1.
    if (mass != 0.0) row[bin_of(energy)] += mass;
  }
}

std::vector<double> BinIntegrator::sums(const Populations& of_either_sign) const {
  std::vector<double> row(bins() + 1, 0.0);
  StopPacer pace;
  for (std::size_t i = 0; i < of_either_sign.levels; ++i) {
    pace(of_either_sign.grid.nodes());
    gather(of_either_sign, i, row);
  }
  return row;
}

std::vector<double> BinIntegrator::operator()(const Populations& populations) const {
  std::vector<double> row = sums(populations);
  row.pop_back();
  for (std::size_t bin = 0; bin < row.size(); ++bin) row[bin] = without_dip(row[bin], bin, edges_);
  return row;
}

std::vector<BinLevel> BinIntegrator::by_level(const Populations& populations) const {
  std::vector<BinLevel> found;
  std::vector<double> row(bins() + 1);
  StopPacer pace;
  for (std::size_t i = 0; i < populations.levels; ++i) {
    pace(row.size() + populations.grid.nodes());
    std::ranges::fill(row, 0.0);
    gather(populations, i, row);
    for (std::uint32_t bin = 0; bin < row.size(); ++bin)
      if (const double probability = without_dip(row[bin], bin, edges_); probability > 0.0)
        found.push_back({bin, static_cast<std::uint32_t>(i), probability});
  }
  return found;
}

std::vector<double> bin_probabilities(const Populations& populations,
                                      std::span<const double> edges) {
  return BinIntegrator(populations.grid, edges)(populations);
}

std::vector<BinLevel> bin_level_probabilities(const Populations& populations,
                                              std::span<const double> edges) {
  return BinIntegrator(populations.grid, edges).by_level(populations);
}

double density(const Populations& populations, double energy) {
  const OffsetGrid& grid = populations.grid;
  const LadderPlace place = ladder_place(energy, grid.spacing);
  const auto index = static_cast<std::size_t>(place.level + 1);
  if (grid.panels.empty() || index == 0 || index >= populations.levels) return 0.0;
  const OffsetPanel& panel = grid.panels[panel_at(grid.panels, place.offset)];
  const std::vector<double> lagrange =
      GaussLegendre(static_cast<int>(panel.nodes)).lagrange(panel.u(place.offset));
  // At offset 0 a density may go as its inverse square root: the polynomial is for what is left
  // when that is divided out.
  const auto scale = [&](double offset) { return panel.power > 1 ? std::sqrt(offset) : 1.0; };
  double sum = 0.0;
  for (std::size_t j = 0; j < panel.nodes; ++j) {
    const std::size_t node = panel.first_node + j;
    sum +=
        lagrange[j] * scale(grid.offset[node]) * populations.ladder(node)[index] / grid.width[node];
  }
  return sum / scale(place.offset);
}

}  // namespace powerstroke::theory
