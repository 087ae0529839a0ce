#include "powerstroke/analysis/theory/information.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <numeric>
#include <span>

#include "powerstroke/analysis/theory/gauss_legendre.hpp"
#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke::theory {
namespace {

/// A starting level with less probability is left out: it could tell 1e-16 ln 1e16 nats.
constexpr double negligible = 1e-16;

/// -x ln x; 0 where a rounding left next to nothing below 0.
double surprise(double x) { return x > 0.0 ? -x * std::log(x) : 0.0; }

double entropy_of(std::span<const double> probability) {
  return std::transform_reduce(probability.begin(), probability.end(), 0.0, std::plus<>{},
                               surprise);
}

/// The share of each node of a panel that lies in a cell, as polynomials share it.
std::vector<double> shares(const OffsetPanel& panel, const GaussLegendre& rule, double low,
                           double high) {
  const std::vector<double> above = rule.lagrange_integral(panel.u(low));
  std::vector<double> share = rule.lagrange_integral(panel.u(high));
  for (std::size_t j = 0; j < share.size(); ++j)
    share[j] = (share[j] - above[j]) / rule.weights()[j];
  return share;
}

void add_node(const Populations& populations, std::size_t node, double share,
              std::span<double> cell) {
  const auto ladder = populations.ladder(node);
  for (std::size_t i = 0; i < ladder.size(); ++i) cell[i] += share * ladder[i];
}

/// Those of one level, as a law of its own.
Populations on_level(const Populations& start, std::size_t level_index, double mass) {
  Populations result = start;
  std::ranges::fill(result.mass, 0.0);
  for (std::size_t at = level_index; at < start.mass.size(); at += start.levels)
    result.mass[at] = start.mass[at] / mass;
  return result;
}

}  // namespace

std::vector<double> cell_probabilities(const Populations& populations, std::uint32_t cells) {
  POWERSTROKE_EXPECT(cells >= 1);
  const OffsetGrid& grid = populations.grid;
  std::vector<double> result(cells * populations.levels, 0.0);
  const auto cell = [&](std::size_t c) {
    return std::span(result).subspan(c * populations.levels, populations.levels);
  };
  std::map<std::size_t, GaussLegendre> rules;
  for (const OffsetPanel& panel : grid.panels) {
    const GaussLegendre& rule =
        rules.try_emplace(panel.nodes, static_cast<int>(panel.nodes)).first->second;
    for (std::uint32_t c = 0; c < cells; ++c) {
      const double low = static_cast<double>(c) / cells, high = static_cast<double>(c + 1) / cells;
      if (high <= panel.low || low >= panel.high) continue;
      const std::vector<double> share = shares(panel, rule, low, high);
      for (std::size_t j = 0; j < panel.nodes; ++j)
        add_node(populations, panel.first_node + j, share[j], cell(c));
    }
  }
  for (std::size_t node = grid.continuous; node < grid.nodes(); ++node) {
    const auto c = static_cast<std::uint32_t>(std::ceil(grid.offset[node] * cells)) - 1;
    add_node(populations, node, 1.0, cell(std::min(c, cells - 1)));
  }
  return result;
}

InformationEquation::InformationEquation(const Populations& start, const laws::StrokeLaw& law,
                                         std::uint32_t cells, double tolerance)
    : cells_(cells) {
  POWERSTROKE_EXPECT(laws::has_given_rates(law.balance));
  const std::vector<double> level = level_probabilities(start),
                            joint = cell_probabilities(start, cells);
  for (std::size_t i = 0; i < level.size(); ++i) {
    if (level[i] < negligible) continue;
    std::vector<double> probability(cells);
    for (std::size_t c = 0; c < cells; ++c) probability[c] = joint[c * start.levels + i];
    starts_.push_back({std::move(probability),
                       MasterEquation(on_level(start, i, level[i]), law, tolerance), level[i]});
  }
}

void InformationEquation::advance(double t) {
  for (Start& start : starts_) start.equation.advance(t);
}

Information InformationEquation::information() const {
  std::vector<std::vector<double>> now(cells_);  // [cell][level + 1]
  std::vector<double> carried(cells_, 0.0);
  double start_entropy = 0.0, joint_entropy = 0.0;
  for (const Start& start : starts_) {
    const std::size_t levels = start.equation.populations().levels;
    const std::vector<double> joint = cell_probabilities(start.equation.populations(), cells_);
    start_entropy += entropy_of(start.probability);
    for (std::size_t c = 0; c < cells_; ++c) {
      carried[c] += start.probability[c];
      if (now[c].size() < levels) now[c].resize(levels, 0.0);
      for (std::size_t i = 0; i < levels; ++i) {
        const double probability = start.mass * joint[c * levels + i];
        now[c][i] += probability;
        joint_entropy += surprise(probability);
      }
    }
  }
  double entropy = 0.0;
  for (const std::vector<double>& levels : now) entropy += entropy_of(levels);
  return {start_entropy + entropy - joint_entropy, start_entropy, entropy, entropy_of(carried)};
}

}  // namespace powerstroke::theory
