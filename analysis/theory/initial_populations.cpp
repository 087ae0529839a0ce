#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <utility>

#include "powerstroke/analysis/theory/gauss_legendre.hpp"
#include "powerstroke/analysis/theory/populations.hpp"
#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/ladder.hpp"
#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/kernels/laws/energy_table.hpp"

namespace powerstroke::theory {
namespace {

[[noreturn]] void refuse_size(const OffsetGrid& grid, double levels) {
  throw NumericsError("the initial law of energy needs " + std::to_string(grid.nodes()) +
                      " offsets on more than " + std::to_string(levels) + " levels of spacing " +
                      std::to_string(grid.spacing) +
                      "; allowed: 2^25 numbers in all, with a larger delta_e or lower energies");
}

constexpr double nearest_breakpoints = 1e-9;
constexpr int power_at_zero = 8;

/// Cuts (0, 1] into panels on which the law, folded to the ladder, is resolved, and puts the nodes
/// there.
class GridBuilder {
 public:
  GridBuilder(const laws::EnergyLaw& law, double spacing, const Resolution& resolution,
              std::int32_t top)
      : law_(law),
        table_(law),
        atoms_(laws::atoms(law)),
        resolution_(resolution),
        most_nodes_(resolution.nodes_per_panel),
        top_(top) {
    POWERSTROKE_EXPECT(most_nodes_ >= 2);
    grid_.spacing = spacing;
  }

  OffsetGrid build() && {
    const std::vector<double> ends = panel_ends();
    const int share = resolution_.usual_nodes / static_cast<int>(ends.size());
    // What the rates make of the density is not seen in the law of the start, by which panels are
    // refined below.
    const int least = resolution_.cuts.empty() ? 2 : 16;
    const int nodes = std::clamp(share, std::min(least, most_nodes_), most_nodes_);
    for (std::size_t i = 0; i + 1 < ends.size(); ++i)
      resolve(ends[i], ends[i + 1], i == 0 ? most_nodes_ : nodes);
    grid_.continuous = grid_.nodes();
    return std::move(grid_);
  }

 private:
  /// 0, the breakpoints modulo the spacing, 1.
  std::vector<double> panel_ends() const {
    std::vector<double> found;
    for (const double energy : laws::breakpoints(law_))
      found.push_back(ladder_place(energy, grid_.spacing).offset);
    for (const double energy : resolution_.cuts)
      found.push_back(ladder_place(energy, grid_.spacing).offset);
    std::ranges::sort(found);
    std::vector<double> ends{0.0};
    for (const double offset : found)
      if (offset - ends.back() > nearest_breakpoints && 1.0 - offset > nearest_breakpoints)
        ends.push_back(offset);
    ends.push_back(1.0);
    return ends;
  }

  void resolve(double low, double high, int nodes) {
    const OffsetPanel panel{low, high, low == 0.0 ? power_at_zero : 1, grid_.nodes(),
                            static_cast<std::size_t>(nodes)};
    const GaussLegendre& rule = this->rule(nodes);
    if (high - low < 2.0 * nearest_breakpoints || is_resolved(panel, rule)) return add(panel, rule);
    if (nodes < most_nodes_) return resolve(low, high, std::min(2 * nodes, most_nodes_));
    // Near 0 the scale of ln E is the offset itself.
    const double middle =
        low > 0.0 && high > 10.0 * low ? std::sqrt(low * high) : std::midpoint(low, high);
    resolve(low, middle, nodes);
    resolve(middle, high, nodes);
  }

  bool is_resolved(const OffsetPanel& panel, const GaussLegendre& rule) {
    if (!(log_error(panel, rule) < resolution_.precision)) return false;
    const ProbabilityError error = probability_error(panel, rule);
    return error.value < std::max(resolution_.precision, error.rounding);
  }

  /// Error of int ln(offset); in the panel at 0 it is the power that takes care of it.
  static double log_error(const OffsetPanel& panel, const GaussLegendre& rule) {
    if (panel.low == 0.0) return 0.0;
    const auto integral = [](double x) { return x * std::log(x) - x; };
    double sum = integral(panel.low) - integral(panel.high);
    for (std::size_t j = 0; j < rule.size(); ++j)
      sum += rule.weights()[j] * panel.slope(rule.nodes()[j]) *
             std::log(panel.offset(rule.nodes()[j]));
    return std::abs(sum);
  }

  struct ProbabilityError {
    double value = 0.0;
    double rounding = 0.0;  ///< that no finer panel would mend: of numbers up to 1, and of the
                            ///< energy a density is taken at
  };

  /// Error of the probabilities of the panel's halves in u, summed over the levels.
  ProbabilityError probability_error(const OffsetPanel& panel, const GaussLegendre& rule) {
    const std::vector<double> half = rule.lagrange_integral(0.5);
    const std::vector<double>&low = below(panel.low), &middle = below(panel.offset(0.5)),
          &high = below(panel.high);
    ProbabilityError error;
    StopPacer pace;
    for (std::int32_t level = 0; level <= top_; ++level) {
      pace(16 * rule.size());  // densities
      double first = 0.0, both = 0.0, densest = 0.0;
      for (std::size_t j = 0; j < rule.size(); ++j) {
        const double u = rule.nodes()[j];
        const double density = density_at(panel.offset(u), level);
        const double per_u = density * grid_.spacing * panel.slope(u);
        densest = std::max(densest, density);
        first += half[j] * per_u;
        both += rule.weights()[j] * per_u;
      }
      const auto k = static_cast<std::size_t>(level);
      error.value += std::abs(first - (middle[k] - low[k])) + std::abs(both - (high[k] - low[k]));
      error.rounding += 8.0 * std::numeric_limits<double>::epsilon() *
                        (1.0 + densest * ladder_energy(grid_.spacing, panel.high, level));
    }
    return error;
  }

  double density_at(double offset, std::int32_t level) const {
    return table_.density(ladder_energy(grid_.spacing, offset, level));
  }

  /// The continuous probability below an offset, level by level. The finer rules and the next panel
  /// ask for the same again.
  const std::vector<double>& below(double offset) {
    const auto [entry, is_new] = below_.try_emplace(offset);
    if (!is_new) return entry->second;
    StopPacer pace;
    for (std::int32_t level = 0; level <= top_; ++level) {
      pace(16);
      entry->second.push_back(continuous_cumulative(offset, level));
    }
    return entry->second;
  }

  double continuous_cumulative(double offset, std::int32_t level) const {
    const double energy = ladder_energy(grid_.spacing, offset, level);
    double sum = table_.cumulative(energy);
    for (const auto& [atom, probability] : atoms_)
      if (atom <= energy) sum -= probability;
    return sum;
  }

  void add(const OffsetPanel& panel, const GaussLegendre& rule) {
    grid_.panels.push_back(panel);
    for (std::size_t j = 0; j < rule.size(); ++j) {
      grid_.offset.push_back(panel.offset(rule.nodes()[j]));
      grid_.width.push_back(grid_.spacing * rule.weights()[j] * panel.slope(rule.nodes()[j]));
    }
    below_.erase(below_.begin(), below_.lower_bound(panel.high));
    if (static_cast<double>(grid_.nodes()) * top_ > most_grid_points)
      refuse_size(grid_, static_cast<double>(top_));
  }

  const GaussLegendre& rule(int nodes) { return rules_.try_emplace(nodes, nodes).first->second; }

  const laws::EnergyLaw& law_;
  const laws::EnergyTable table_;
  const std::vector<std::pair<double, double>> atoms_;
  const Resolution& resolution_;
  int most_nodes_;
  std::int32_t top_;
  std::map<int, GaussLegendre> rules_;
  std::map<double, std::vector<double>> below_;  ///< from the panel on that is looked at
  OffsetGrid grid_;
};

/// The highest level that is needed, and one above it, so that what the law has there can be told
/// from nothing.
std::int32_t top_level(const laws::EnergyLaw& law, double spacing, double tail) {
  double highest = laws::upper_energy(law, tail);
  if (const auto atoms = laws::atoms(law); !atoms.empty())
    highest = std::max(highest, atoms.back().first);
  if (!(highest / spacing < most_grid_points))
    throw NumericsError("energies up to " + std::to_string(highest) +
                        " need more than 2^25 levels of spacing " + std::to_string(spacing));
  return ladder_place(highest, spacing).level + 1;
}

/// Fills the quadrature nodes so that they sum to `probability`.
void fill_continuous(Populations& populations, const laws::EnergyLaw& law, double probability,
                     double precision) {
  const OffsetGrid& grid = populations.grid;
  const laws::EnergyTable table(law);
  StopPacer pace;
  for (std::size_t node = 0; node < grid.continuous; ++node) {
    pace(16 * populations.levels);
    for (std::size_t i = 1; i < populations.levels; ++i)
      populations.mass[node * populations.levels + i] =
          grid.width[node] * table.density(ladder_energy(grid.spacing, grid.offset[node],
                                                         static_cast<std::int32_t>(i) - 1));
  }
  const double found = total_mass(populations);
  if (!(found > 0.0 && std::abs(found - probability) < std::max(1e-6, 100.0 * precision)))
    throw NumericsError("the law's density adds up to " + std::to_string(found) +
                        " on the ladder of spacing " + std::to_string(grid.spacing) +
                        " instead of " + std::to_string(probability) +
                        ": it is too sharp to be resolved; allowed: parts as wide as 1e-6 of the "
                        "spacing, or the distribution "
                        "\"delta\" for sharper ones");
  for (double& mass : populations.mass) mass *= probability / found;
}

}  // namespace

Populations initial_populations(const laws::EnergyLaw& law, double spacing,
                                const Resolution& resolution) {
  POWERSTROKE_EXPECT(spacing > 0.0 && resolution.tail > 0.0);
  const auto atoms = laws::atoms(law);
  const double discrete = std::accumulate(atoms.begin(), atoms.end(), 0.0,
                                          [](double sum, const auto& a) { return sum + a.second; });
  const bool has_density = 1.0 - discrete > 1e-14;
  const std::int32_t top = top_level(law, spacing, resolution.tail);

  Populations populations;
  if (has_density) populations.grid = GridBuilder(law, spacing, resolution, top).build();
  OffsetGrid& grid = populations.grid;
  grid.spacing = spacing;
  std::map<double, std::size_t> node_of;
  for (const auto& [energy, probability] : atoms)
    if (node_of.try_emplace(ladder_place(energy, spacing).offset, grid.continuous + node_of.size())
            .second)
      grid.offset.push_back(ladder_place(energy, spacing).offset);
  grid.width.resize(grid.nodes(), 0.0);

  populations.levels = static_cast<std::size_t>(top) + 2;
  if (static_cast<double>(grid.nodes()) * static_cast<double>(populations.levels) >
      most_grid_points)
    refuse_size(grid, static_cast<double>(populations.levels));
  populations.mass.resize(grid.nodes() * populations.levels, 0.0);
  if (has_density) fill_continuous(populations, law, 1.0 - discrete, resolution.precision);
  for (const auto& [energy, probability] : atoms) {
    const LadderPlace place = ladder_place(energy, spacing);
    populations.mass[node_of.at(place.offset) * populations.levels +
                     static_cast<std::size_t>(place.level + 1)] += probability;
  }
  return populations;
}

Populations geometric_populations(const Populations& start, double ratio, double tail) {
  POWERSTROKE_EXPECT(ratio >= 0.0 && ratio < 1.0 && tail > 0.0 && tail < 1.0);
  const double occupied =
      ratio > 0.0 ? std::max(1.0, std::ceil(std::log(tail) / std::log(ratio))) : 1.0;
  if (occupied * static_cast<double>(start.grid.nodes()) > most_grid_points)
    throw NumericsError("the geometric ladder of ratio " + std::to_string(ratio) +
                        " needs more than 2^25 grid points");
  Populations result{start.grid, static_cast<std::size_t>(occupied) + 1, {}};
  result.mass.resize(result.grid.nodes() * result.levels, 0.0);
  const double kept = 1.0 - std::pow(ratio, occupied);
  for (std::size_t node = 0; node < result.grid.nodes(); ++node) {
    const auto ladder = start.ladder(node);
    double mass = std::accumulate(ladder.begin(), ladder.end(), 0.0) * (1.0 - ratio) / kept;
    for (std::size_t i = 1; i < result.levels; ++i, mass *= ratio)
      result.mass[node * result.levels + i] = mass;
  }
  return result;
}

}  // namespace powerstroke::theory
