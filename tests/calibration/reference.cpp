#include "calibration/reference.hpp"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/polygamma.hpp>
#include <cmath>
#include <limits>
#include <utility>

#include "powerstroke/analysis/theory/gauss_legendre.hpp"
#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/analysis/theory/populations.hpp"
#include "powerstroke/engine/core/ladder.hpp"
#include "powerstroke/kernels/laws/momentum_entropy.hpp"
#include "powerstroke/study/run/problem.hpp"

namespace calibration {
namespace {

using namespace powerstroke;

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Where a panel is cut: geometrically towards 0, where ln E and E^(d/2-1) change with the offset
/// itself.
std::vector<double> cuts(const theory::OffsetPanel& panel) {
  std::vector<double> ends{panel.high};
  if (panel.low == 0.0) {
    for (int i = 0; i < 8; ++i) ends.push_back(0.4 * ends.back());
    ends.push_back(0.0);
  } else {
    const int pieces = 3;
    const double ratio = panel.high / panel.low;
    for (int i = pieces - 1; i >= 0; --i)
      ends.push_back(ratio > 3.0 ? panel.low * std::pow(ratio, static_cast<double>(i) / pieces)
                                 : panel.low + (panel.high - panel.low) * i / pieces);
    ends.back() = panel.low;
  }
  std::reverse(ends.begin(), ends.end());
  return ends;
}

/// The same start on panels cut into pieces.
theory::Populations finer(const theory::Populations& coarse, const laws::EnergyLaw& law) {
  constexpr double most_doubles = 1.5e6;
  if (coarse.grid.continuous == 0 || static_cast<double>(coarse.mass.size()) * 6.0 > most_doubles)
    return coarse;
  const theory::GaussLegendre rule(24);
  theory::Populations fine;
  theory::OffsetGrid& grid = fine.grid;
  grid.spacing = coarse.grid.spacing;
  for (const theory::OffsetPanel& panel : coarse.grid.panels) {
    const std::vector<double> ends = cuts(panel);
    for (std::size_t i = 0; i + 1 < ends.size(); ++i) {
      const theory::OffsetPanel piece{ends[i], ends[i + 1], ends[i] == 0.0 ? panel.power : 1,
                                      grid.nodes(), rule.size()};
      grid.panels.push_back(piece);
      for (std::size_t j = 0; j < rule.size(); ++j) {
        grid.offset.push_back(piece.offset(rule.nodes()[j]));
        grid.width.push_back(grid.spacing * rule.weights()[j] * piece.slope(rule.nodes()[j]));
      }
    }
  }
  grid.continuous = grid.nodes();
  grid.offset.insert(
      grid.offset.end(),
      coarse.grid.offset.begin() + static_cast<std::ptrdiff_t>(coarse.grid.continuous),
      coarse.grid.offset.end());
  grid.width.resize(grid.nodes(), 0.0);
  fine.levels = coarse.levels;
  fine.mass.assign(grid.nodes() * fine.levels, 0.0);
  double found = 0.0, discrete = 0.0;
  for (std::size_t node = 0; node < grid.continuous; ++node)
    for (std::size_t i = 1; i < fine.levels; ++i)
      found += fine.mass[node * fine.levels + i] =
          grid.width[node] * laws::density(law, ladder_energy(grid.spacing, grid.offset[node],
                                                              static_cast<std::int32_t>(i) - 1));
  std::copy(
      coarse.mass.begin() + static_cast<std::ptrdiff_t>(coarse.grid.continuous * coarse.levels),
      coarse.mass.end(),
      fine.mass.begin() + static_cast<std::ptrdiff_t>(grid.continuous * fine.levels));
  for (std::size_t i = grid.continuous * fine.levels; i < fine.mass.size(); ++i)
    discrete += fine.mass[i];
  for (std::size_t i = 0; i < grid.continuous * fine.levels; ++i)
    fine.mass[i] *= (1.0 - discrete) / found;
  return fine;
}

/// Moments of f(E, density of the continuous part) over the populations.
template <class Function>
Observable moments(const theory::Populations& now, Function f) {
  const auto each = [&](auto&& body) {
    for (std::size_t node = 0; node < now.grid.nodes(); ++node)
      for (std::size_t i = 0; i < now.levels; ++i) {
        const double mass = now.mass[node * now.levels + i];
        if (mass <= 0.0) continue;
        const double energy = ladder_energy(now.grid.spacing, now.grid.offset[node],
                                            static_cast<std::int32_t>(i) - 1);
        body(mass, f(std::max(energy, 0.0),
                     node < now.grid.continuous ? mass / now.grid.width[node] : none));
      }
  };
  Observable all{0.0, 0.0, 0.0, 0.0};
  double total = 0.0;
  each([&](double mass, double x) {
    total += mass;
    all.mean += mass * x;
  });
  all.mean /= total;
  each([&](double mass, double x) {
    const double d = x - all.mean, square = d * d;
    all.variance += mass * square / total;
    all.skewness += mass * square * d / total;
    all.kurtosis += mass * square * square / total;
  });
  if (all.variance > 0.0) {
    all.skewness /= std::pow(all.variance, 1.5);
    all.kurtosis /= all.variance * all.variance;
  } else {
    all.skewness = 0.0;
    all.kurtosis = 3.0;
  }
  return all;
}

Expected look(const study::Config& config, const theory::MasterEquation& equation) {
  const theory::Populations& now = equation.populations();
  Expected seen;
  seen.t = equation.time();
  const double delta_e = config.strokes->delta_e();
  const auto stride = static_cast<std::size_t>(study::first_stride(config));
  seen.of[mean_energy] = moments(now, [](double energy, double) { return energy; });
  seen.of[phi] = moments(
      now, [&](double energy, double) { return energy > delta_e * (1.0 + 1e-12) ? 1.0 : 0.0; });
  seen.of[mean_ln_E] = moments(now, [](double energy, double) { return std::log(energy); });
  seen.of[S_E] = moments(now, [](double, double density) { return -std::log(density); });
  // The program's own sums: to compare two grids by the same functional.
  seen.of[mean_energy].mean = theory::mean_energy(now);
  seen.of[phi].mean = theory::phi(now, stride);
  seen.of[mean_ln_E].mean = theory::mean_ln_energy(now);
  seen.of[S_E].mean = theory::energy_entropy(now);
  const laws::MomentumEntropy shift =
      laws::momentum_entropy(config.ensemble.dimension, config.ensemble.mass);
  const double c = shift.ln_energy_factor;
  seen.of[S_1] = moments(now, [&](double energy, double density) {
    return -std::log(density) + (c == 0.0 ? 0.0 : c * std::log(energy));
  });
  seen.of[S_1].mean =
      seen.of[S_E].mean + shift.constant + (c == 0.0 ? 0.0 : c * seen.of[mean_ln_E].mean);
  seen.of[S_E_spacing] = seen.of[S_E];
  for (std::size_t k = 0; k < equation.law().transitions.size(); ++k) {
    seen.uptakes.push_back(equation.uptakes(k));
    seen.releases.push_back(equation.releases(k));
    if (laws::is<laws::Bath>(equation.law().balance)) seen.excited.push_back(equation.excited(k));
  }
  seen.strokes = equation.strokes();
  return seen;
}

}  // namespace

std::vector<Expected> solve_finely(const study::Config& config) {
  constexpr double tolerance = 1e-12;
  const theory::Populations start = study::start_populations(config);
  theory::MasterEquation equation(finer(start, config.ensemble.energy), config.strokes->law,
                                  tolerance);
  std::vector<Expected> path;
  for (const double t : config.snapshots) {
    equation.advance(t);
    path.push_back(look(config, equation));
  }
  return path;
}

std::vector<Expected> in_equilibrium(const study::Config& config, double temperature) {
  const double shape = 0.5 * config.ensemble.dimension;
  Expected seen;
  seen.of.fill({none, none, none, none});
  seen.of[mean_energy] = {shape * temperature, shape * temperature * temperature,
                          2.0 / std::sqrt(shape), 3.0 + 6.0 / shape};
  const double digamma = boost::math::polygamma(0, shape),
               trigamma = boost::math::polygamma(1, shape);
  seen.of[mean_ln_E] = {digamma + std::log(temperature), trigamma,
                        boost::math::polygamma(2, shape) / std::pow(trigamma, 1.5),
                        3.0 + boost::math::polygamma(3, shape) / (trigamma * trigamma)};
  // -ln P(E) = E/T - (shape - 1) ln E + a constant, no more skew than the worse of the two.
  const double entropy =
      shape + std::log(temperature) + boost::math::lgamma(shape) + (1.0 - shape) * digamma;
  const double skew =
      std::max(seen.of[mean_energy].skewness, std::abs(seen.of[mean_ln_E].skewness));
  seen.of[S_E] = {entropy, none, skew, none};
  seen.of[S_E_spacing] = seen.of[S_E];
  const laws::MomentumEntropy shift =
      laws::momentum_entropy(config.ensemble.dimension, config.ensemble.mass);
  seen.of[S_1] = {entropy + shift.constant + shift.ln_energy_factor * seen.of[mean_ln_E].mean, none,
                  skew, none};
  if (config.strokes) {
    const double p = boost::math::gamma_q(shape, config.strokes->delta_e() / temperature);
    const double variance = p * (1.0 - p);
    seen.of[phi] = {p, variance, (1.0 - 2.0 * p) / std::sqrt(variance),
                    3.0 + (1.0 - 6.0 * variance) / variance};
  }
  std::vector<Expected> path(config.snapshots.size(), seen);
  for (std::size_t k = 0; k < path.size(); ++k) path[k].t = config.snapshots[k];
  return path;
}

}  // namespace calibration
