#include "powerstroke/kernels/laws/energy_law.hpp"

#include <algorithm>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <iterator>
#include <limits>
#include <map>
#include <numeric>

#include "powerstroke/engine/core/contract.hpp"

namespace powerstroke::laws {
namespace {

namespace math = boost::math;
using Atoms = std::vector<std::pair<double, double>>;
using Energies = std::vector<double>;

double sum(const std::vector<double>& weights) { return std::accumulate(weights.begin(), weights.end(), 0.0); }

/// Ends of panels for exp(-E/scale): 24 Gauss nodes on each interpolate it to 1e-12 of its peak, also in the square root of
/// E.
Energies exponential_scale(double scale) { return {0.0, 8.0 * scale, 40.0 * scale}; }

/// Prob(E >= 0) of the normal law before it is truncated.
double kept(const NormalEnergy& law) { return math::cdf(math::complement(math::normal(law.mean, law.sigma), 0.0)); }

/// Density of the untruncated law at 0 over what is kept: sigma times it is the inverse Mills ratio.
double edge_density(const NormalEnergy& law) { return math::pdf(math::normal(law.mean, law.sigma), 0.0) / kept(law); }

/// Which bin of [edges[i], edges[i+1]) holds an energy inside the edges.
std::size_t bin_of(const HistogramEnergy& law, double energy) {
  return static_cast<std::size_t>(std::ranges::upper_bound(law.edges, energy) - law.edges.begin()) - 1;
}

double density_of(const DeltaEnergy&, double) { return 0.0; }

double density_of(const UniformEnergy& law, double energy) {
  return energy >= law.low && energy < law.high ? 1.0 / (law.high - law.low) : 0.0;
}

double density_of(const NormalEnergy& law, double energy) {
  return math::pdf(math::normal(law.mean, law.sigma), energy) / kept(law);
}

double density_of(const ExponentialEnergy& law, double energy) { return std::exp(-energy / law.mean) / law.mean; }

double density_of(const MaxwellBoltzmannEnergy& law, double energy) {
  if (energy == 0.0 && law.dimension == 1) return std::numeric_limits<double>::infinity();
  return math::gamma_p_derivative(0.5 * law.dimension, energy / law.temperature) / law.temperature;
}

double density_of(const HistogramEnergy& law, double energy) {
  if (energy < law.edges.front() || energy >= law.edges.back()) return 0.0;
  const std::size_t bin = bin_of(law, energy);
  return law.weights[bin] / sum(law.weights) / (law.edges[bin + 1] - law.edges[bin]);
}

double density_of(const MixtureEnergy& law, double energy) {
  double total = 0.0;
  for (std::size_t i = 0; i < law.parts.size(); ++i) total += law.weights[i] * density(law.parts[i], energy);
  return total / sum(law.weights);
}

double cumulative_of(const DeltaEnergy& law, double energy) { return energy >= law.value ? 1.0 : 0.0; }

double cumulative_of(const UniformEnergy& law, double energy) {
  return std::clamp((energy - law.low) / (law.high - law.low), 0.0, 1.0);
}

double cumulative_of(const NormalEnergy& law, double energy) {
  const math::normal normal(law.mean, law.sigma);
  // Each side of the mean from its own tail, so that no small probability is the difference of two near 1.
  if (energy < law.mean) return (math::cdf(normal, energy) - math::cdf(normal, 0.0)) / kept(law);
  return 1.0 - math::cdf(math::complement(normal, energy)) / kept(law);
}

double cumulative_of(const ExponentialEnergy& law, double energy) { return -std::expm1(-energy / law.mean); }

double cumulative_of(const MaxwellBoltzmannEnergy& law, double energy) {
  return math::gamma_p(0.5 * law.dimension, energy / law.temperature);
}

double cumulative_of(const HistogramEnergy& law, double energy) {
  if (energy < law.edges.front()) return 0.0;
  if (energy >= law.edges.back()) return 1.0;
  const std::size_t bin = bin_of(law, energy);
  const double below = std::accumulate(law.weights.begin(), law.weights.begin() + static_cast<std::ptrdiff_t>(bin), 0.0);
  const double share = (energy - law.edges[bin]) / (law.edges[bin + 1] - law.edges[bin]);
  return (below + share * law.weights[bin]) / sum(law.weights);
}

double cumulative_of(const MixtureEnergy& law, double energy) {
  double total = 0.0;
  for (std::size_t i = 0; i < law.parts.size(); ++i) total += law.weights[i] * cumulative(law.parts[i], energy);
  return total / sum(law.weights);
}

template <class Law>
Atoms atoms_of(const Law&) {
  return {};
}

Atoms atoms_of(const DeltaEnergy& law) { return {{law.value, 1.0}}; }

Atoms atoms_of(const MixtureEnergy& law) {
  std::map<double, double> total;
  for (std::size_t i = 0; i < law.parts.size(); ++i)
    for (const auto& [energy, probability] : atoms(law.parts[i]))
      total[energy] += law.weights[i] / sum(law.weights) * probability;
  return {total.begin(), total.end()};
}

Energies breakpoints_of(const DeltaEnergy&) { return {}; }
Energies breakpoints_of(const UniformEnergy& law) { return {law.low, law.high}; }
Energies breakpoints_of(const ExponentialEnergy& law) { return exponential_scale(law.mean); }
Energies breakpoints_of(const MaxwellBoltzmannEnergy& law) { return exponential_scale(law.temperature); }
Energies breakpoints_of(const HistogramEnergy& law) { return law.edges; }

Energies breakpoints_of(const NormalEnergy& law) {
  // Far below 0 the mean leaves an almost exponential tail; its scale is the inverse of the density at the edge.
  Energies points = law.mean < 0.0 ? exponential_scale(1.0 / edge_density(law)) : Energies{0.0};
  for (const int deviations : {-8, -6, -4, -2, 0, 2, 4, 6, 8}) {
    const double energy = law.mean + deviations * law.sigma;
    if (energy > 0.0) points.push_back(energy);
  }
  return points;
}

Energies breakpoints_of(const MixtureEnergy& law) {
  Energies points;
  for (const EnergyLaw& part : law.parts) std::ranges::copy(breakpoints(part), std::back_inserter(points));
  return points;
}

double upper_energy_of(const DeltaEnergy& law, double) { return law.value; }
double upper_energy_of(const UniformEnergy& law, double) { return law.high; }
double upper_energy_of(const NormalEnergy& law, double tail) {
  return std::max(0.0, math::quantile(math::complement(math::normal(law.mean, law.sigma), tail * kept(law))));
}
double upper_energy_of(const ExponentialEnergy& law, double tail) { return -law.mean * std::log(tail); }
double upper_energy_of(const MaxwellBoltzmannEnergy& law, double tail) {
  return math::gamma_q_inv(0.5 * law.dimension, tail) * law.temperature;
}
double upper_energy_of(const HistogramEnergy& law, double) {
  const auto last =
      std::ranges::find_if(law.weights.rbegin(), law.weights.rend(), [](double weight) { return weight > 0.0; });
  return law.edges[static_cast<std::size_t>(last.base() - law.weights.begin())];
}
double upper_energy_of(const MixtureEnergy& law, double tail) {
  double top = 0.0;
  for (const EnergyLaw& part : law.parts) top = std::max(top, upper_energy(part, tail));
  return top;
}

double mean_of(const DeltaEnergy& law) { return law.value; }
double mean_of(const UniformEnergy& law) { return 0.5 * (law.low + law.high); }
double mean_of(const NormalEnergy& law) { return law.mean + law.sigma * law.sigma * edge_density(law); }
double mean_of(const ExponentialEnergy& law) { return law.mean; }
double mean_of(const MaxwellBoltzmannEnergy& law) { return 0.5 * law.dimension * law.temperature; }
double mean_of(const HistogramEnergy& law) {
  double total = 0.0;
  for (std::size_t i = 0; i < law.weights.size(); ++i) total += law.weights[i] * 0.5 * (law.edges[i] + law.edges[i + 1]);
  return total / sum(law.weights);
}
double mean_of(const MixtureEnergy& law) {
  double total = 0.0;
  for (std::size_t i = 0; i < law.parts.size(); ++i) total += law.weights[i] * mean(law.parts[i]);
  return total / sum(law.weights);
}

double variance_of(const DeltaEnergy&) { return 0.0; }
double variance_of(const UniformEnergy& law) { return (law.high - law.low) * (law.high - law.low) / 12.0; }
double variance_of(const NormalEnergy& law) {
  const double shift = law.sigma * edge_density(law), cut = -law.mean / law.sigma;
  return law.sigma * law.sigma * (1.0 + cut * shift - shift * shift);
}
double variance_of(const ExponentialEnergy& law) { return law.mean * law.mean; }
double variance_of(const MaxwellBoltzmannEnergy& law) { return 0.5 * law.dimension * law.temperature * law.temperature; }

/// Of parts with so many shares: within them and between their means.
template <class Mean, class Variance>
double variance_of_parts(const std::vector<double>& weights, double mean, Mean mean_of_part, Variance variance_of_part) {
  double total = 0.0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const double apart = mean_of_part(i) - mean;
    total += weights[i] * (variance_of_part(i) + apart * apart);
  }
  return total / sum(weights);
}

double variance_of(const HistogramEnergy& law) {
  const auto middle = [&](std::size_t i) { return 0.5 * (law.edges[i] + law.edges[i + 1]); };
  const auto within = [&](std::size_t i) { return variance_of(UniformEnergy{law.edges[i], law.edges[i + 1]}); };
  return variance_of_parts(law.weights, mean_of(law), middle, within);
}
double variance_of(const MixtureEnergy& law) {
  return variance_of_parts(
      law.weights, mean_of(law), [&](std::size_t i) { return mean(law.parts[i]); },
      [&](std::size_t i) { return variance(law.parts[i]); });
}

}  // namespace

double density(const EnergyLaw& law, double energy) {
  if (energy < 0.0) return 0.0;
  return std::visit([energy](const auto& form) { return density_of(form, energy); }, law.law);
}

double cumulative(const EnergyLaw& law, double energy) {
  if (energy < 0.0) return 0.0;
  return std::visit([energy](const auto& form) { return cumulative_of(form, energy); }, law.law);
}

std::vector<std::pair<double, double>> atoms(const EnergyLaw& law) {
  return std::visit([](const auto& form) { return atoms_of(form); }, law.law);
}

std::vector<double> breakpoints(const EnergyLaw& law) {
  std::vector<double> points = std::visit([](const auto& form) { return breakpoints_of(form); }, law.law);
  std::ranges::sort(points);
  points.erase(std::unique(points.begin(), points.end()), points.end());
  return points;
}

std::vector<double> jumps(const EnergyLaw& law) {
  std::vector<double> points;
  if (const auto* mixture = std::get_if<MixtureEnergy>(&law.law)) {
    for (const EnergyLaw& part : mixture->parts) std::ranges::copy(jumps(part), std::back_inserter(points));
  } else if (std::holds_alternative<UniformEnergy>(law.law) || std::holds_alternative<HistogramEnergy>(law.law)) {
    points = breakpoints(law);
  } else if (constexpr double next_to_nothing = 1e-9; density(law, 0.0) * mean(law) > next_to_nothing) {
    points = {0.0};
  }
  std::ranges::sort(points);
  points.erase(std::unique(points.begin(), points.end()), points.end());
  return points;
}

double upper_energy(const EnergyLaw& law, double tail) {
  POWERSTROKE_EXPECT(tail > 0.0 && tail < 1.0);
  // Half of the tail: what lies above stays below it whatever the rounding of the quantile.
  return std::visit([tail](const auto& form) { return upper_energy_of(form, 0.5 * tail); }, law.law);
}

double mean(const EnergyLaw& law) {
  return std::visit([](const auto& form) { return mean_of(form); }, law.law);
}

double variance(const EnergyLaw& law) {
  return std::visit([](const auto& form) { return variance_of(form); }, law.law);
}

}  // namespace powerstroke::laws
