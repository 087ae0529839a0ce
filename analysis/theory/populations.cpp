#include "powerstroke/analysis/theory/populations.hpp"

#include <algorithm>
#include <array>
#include <boost/math/special_functions/legendre.hpp>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

#include "powerstroke/analysis/theory/gauss_legendre.hpp"
#include "powerstroke/engine/core/ladder.hpp"
#include "powerstroke/engine/core/stop.hpp"

namespace powerstroke::theory {
namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::int32_t level_of(std::size_t index) { return static_cast<std::int32_t>(index) - 1; }

/// sum over nodes and levels of mass * f(node, level index, mass), node by node so that the order
/// is fixed.
template <class Function>
double mean_of(const Populations& populations, Function f) {
  double total = 0.0;
  StopPacer pace;
  for (std::size_t node = 0; node < populations.grid.nodes(); ++node) {
    const auto ladder = populations.ladder(node);
    double sum = 0.0;
    pace(4 * ladder.size());
    for (std::size_t i = 0; i < ladder.size(); ++i)
      if (ladder[i] != 0.0) sum += ladder[i] * f(node, i, ladder[i]);
    total += sum;
  }
  return total;
}

bool has_atoms(const Populations& populations) {
  return populations.grid.nodes() > populations.grid.continuous;
}

double energy_at(const OffsetGrid& grid, std::size_t node, std::size_t index) {
  return ladder_energy(grid.spacing, grid.offset[node], level_of(index));
}

double ln_energy_at(const OffsetGrid& grid, std::size_t node, std::size_t index) {
  const double energy = energy_at(grid, node, index);
  return energy > 0.0 ? std::log(energy) : not_a_number;
}

/// -ln P; 0 where the solver left a rounding below zero, of which the mass is negligible.
double surprisal(const OffsetGrid& grid, std::size_t node, double mass) {
  // Not the logarithm of a quotient, which may leave the range of numbers where next to nothing is.
  return mass > 0.0 ? std::log(grid.width[node]) - std::log(mass) : 0.0;
}

}  // namespace

double total_variation_to_exponential(const Populations& populations, double mean) {
  const OffsetGrid& grid = populations.grid;
  double distance = 0.0, covered = 0.0;
  for (std::size_t node = 0; node < grid.nodes(); ++node) {
    const auto ladder = populations.ladder(node);
    for (std::size_t i = 1; i < ladder.size(); ++i) {
      const double exponential =
          grid.width[node] * std::exp(-energy_at(grid, node, i) / mean) / mean;
      distance += std::abs(ladder[i] - exponential);
      covered += exponential;
    }
    distance += std::abs(ladder[0]);
  }
  return 0.5 * (distance + std::max(0.0, 1.0 - covered));
}

double resolution_error(const Populations& populations) {
  std::map<std::size_t, std::vector<double>>
      tops;  // the two highest polynomials at the nodes of a panel of so many, normalised
  double of_mass = 0.0, of_entropy = 0.0;
  for (const OffsetPanel& panel : populations.grid.panels) {
    if (panel.nodes < 3) continue;  // of no width
    std::vector<double>& top = tops[panel.nodes];
    if (top.empty()) {
      const GaussLegendre rule(static_cast<int>(panel.nodes));
      for (const std::size_t degree : {panel.nodes - 1, panel.nodes - 2})
        for (const double u : rule.nodes())
          top.push_back(std::sqrt(2.0 * static_cast<double>(degree) + 1.0) *
                        boost::math::legendre_p(static_cast<int>(degree),
                                                std::clamp(2.0 * u - 1.0, -1.0, 1.0)));
    }
    for (std::size_t i = 1; i < populations.levels; ++i) {
      std::array<double, 2> mass_top{}, entropy_top{};
      for (std::size_t j = 0; j < panel.nodes; ++j) {
        const std::size_t node = panel.first_node + j;
        const double mass = populations.ladder(node)[i],
                     entropy = mass * surprisal(populations.grid, node, mass);
        for (std::size_t k = 0; k < 2; ++k) {
          mass_top[k] += mass * top[k * panel.nodes + j];
          entropy_top[k] += entropy * top[k * panel.nodes + j];
        }
      }
      of_mass += std::max(std::abs(mass_top[0]), std::abs(mass_top[1]));
      of_entropy += std::max(std::abs(entropy_top[0]), std::abs(entropy_top[1]));
    }
  }
  return std::max(of_mass, of_entropy);
}

double total_mass(const Populations& populations) {
  return mean_of(populations, [](std::size_t, std::size_t, double) { return 1.0; });
}

double mean_energy(const Populations& populations) {
  return mean_of(populations, [&](std::size_t node, std::size_t i, double) {
    return energy_at(populations.grid, node, i);
  });
}

double mean_level(const Populations& populations) {
  return mean_of(populations, [](std::size_t, std::size_t i, double) {
    return static_cast<double>(level_of(i));
  });
}

double phi(const Populations& populations, std::size_t stride) {
  // Roundings of the solver may leave a sum of nothing below 0.
  return std::max(0.0, mean_of(populations, [=](std::size_t, std::size_t i, double) {
                    return i > stride ? 1.0 : 0.0;
                  }));
}

double mean_ln_energy(const Populations& populations) {
  return mean_of(populations, [&](std::size_t node, std::size_t i, double) {
    return ln_energy_at(populations.grid, node, i);
  });
}

double energy_entropy(const Populations& populations) {
  if (has_atoms(populations)) return not_a_number;
  return mean_of(populations, [&](std::size_t node, std::size_t, double mass) {
    return surprisal(populations.grid, node, mass);
  });
}

std::vector<double> level_probabilities(const Populations& populations) {
  std::vector<double> sums(populations.levels, 0.0);
  for (std::size_t node = 0; node < populations.grid.nodes(); ++node) {
    const auto ladder = populations.ladder(node);
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += ladder[i];
  }
  return sums;
}

Influence influence(const Populations& populations, std::size_t stride) {
  const std::size_t levels = populations.levels, places = populations.mass.size();
  const std::vector<double> none(places, 0.0);
  Influence found{none, none, none, none};
  for (std::size_t place = 0; place < places; ++place) {
    const double mass = populations.mass[place];
    if (!(mass > 0.0)) continue;
    const std::size_t node = place / levels, i = place % levels;
    found.energy[place] = energy_at(populations.grid, node, i);
    found.phi[place] = i > stride ? 1.0 : 0.0;
    found.ln_energy[place] = ln_energy_at(populations.grid, node, i);
    found.entropy[place] =
        has_atoms(populations) ? not_a_number : surprisal(populations.grid, node, mass);
  }
  return found;
}

Influence level_influence(const Populations& populations, std::size_t stride) {
  const std::size_t levels = populations.levels;
  const std::vector<double> probability = level_probabilities(populations), none(levels, 0.0);
  const Influence of_place = influence(populations, stride);
  Influence mean{none, none, none, none};
  for (std::size_t place = 0; place < populations.mass.size(); ++place) {
    const std::size_t i = place % levels;
    const double mass = populations.mass[place];
    if (!(mass > 0.0 && probability[i] > 0.0)) continue;
    const double share = mass / probability[i];
    mean.energy[i] += share * of_place.energy[place];
    mean.ln_energy[i] += share * of_place.ln_energy[place];
    mean.entropy[i] += share * of_place.entropy[place];
  }
  for (std::size_t i = 0; i < levels; ++i)
    mean.phi[i] = i > stride && probability[i] > 0.0 ? 1.0 : 0.0;
  return mean;
}

ObservableVariances observable_variances(const Populations& populations, std::size_t stride) {
  const OffsetGrid& grid = populations.grid;
  // Deviations from the mean, so that nothing cancels.
  const double energy = mean_energy(populations), ln_energy = mean_ln_energy(populations),
               above = phi(populations, stride);
  const auto square = [](double x) { return x * x; };
  return {mean_of(populations, [&](std::size_t node, std::size_t i,
                                   double) { return square(energy_at(grid, node, i) - energy); }),
          above * std::max(0.0, 1.0 - above),
          mean_of(populations, [&](std::size_t node, std::size_t i, double) {
            return square(ln_energy_at(grid, node, i) - ln_energy);
          })};
}

EntropyVariances entropy_variances(const Populations& populations) {
  const double entropy = energy_entropy(populations), ln_energy = mean_ln_energy(populations);
  if (std::isnan(entropy)) return {not_a_number, not_a_number};
  const OffsetGrid& grid = populations.grid;
  const auto deviation = [&](std::size_t node, double mass) {
    return surprisal(grid, node, mass) - entropy;
  };
  return {mean_of(populations, [&](std::size_t node, std::size_t,
                                   double mass) { return std::pow(deviation(node, mass), 2); }),
          mean_of(populations, [&](std::size_t node, std::size_t i, double mass) {
            return deviation(node, mass) * (ln_energy_at(grid, node, i) - ln_energy);
          })};
}

}  // namespace powerstroke::theory
