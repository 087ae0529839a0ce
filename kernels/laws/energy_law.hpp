#pragma once

#include <utility>
#include <variant>
#include <vector>

/// Laws of the initial kinetic energy E: each is a struct of numbers, valid by construction through its
/// `validate`, with its density, its distribution function and what a quadrature must know about it.
namespace powerstroke::laws {

struct EnergyLaw;

/// All energies equal `value` >= 0.
struct DeltaEnergy {
  double value;
};

/// Constant density on [low, high), 0 <= low < high.
struct UniformEnergy {
  double low, high;
};

/// Normal(mean, sigma) truncated to E >= 0 and renormalised; sigma > 0.
struct NormalEnergy {
  double mean, sigma;
};

/// exp(-E/mean)/mean, mean > 0.
struct ExponentialEnergy {
  double mean;
};

/// Density proportional to E^(d/2-1) exp(-E/T): gamma law of shape d/2 and scale T > 0.
struct MaxwellBoltzmannEnergy {
  double temperature;
  int dimension;
};

/// Piecewise constant: `weights[i]` is the unnormalised probability of [edges[i], edges[i+1]).
struct HistogramEnergy {
  std::vector<double> edges;
  std::vector<double> weights;
};

/// Parts with positive unnormalised weights.
struct MixtureEnergy {
  std::vector<EnergyLaw> parts;
  std::vector<double> weights;
};

struct EnergyLaw {
  std::variant<DeltaEnergy, UniformEnergy, NormalEnergy, ExponentialEnergy, MaxwellBoltzmannEnergy, HistogramEnergy,
               MixtureEnergy>
      law = DeltaEnergy{1.0};
};

/// Checks the parameters of a law and of its parts.
/// @throws ConfigError naming the parameter, its value and what is allowed.
void validate(const EnergyLaw& law);

/// The continuous part of the density at E, per unit energy; atoms (`delta`) do not contribute.
double density(const EnergyLaw& law, double energy);

/// Prob(energy <= E), atoms included.
double cumulative(const EnergyLaw& law, double energy);

/// The points of positive probability: (energy, probability), ascending, none twice.
std::vector<std::pair<double, double>> atoms(const EnergyLaw& law);

/// Energies at which the continuous density jumps, kinks or changes its scale, ascending: a quadrature puts
/// the borders of its panels there.
std::vector<double> breakpoints(const EnergyLaw& law);

/// Energies at which the continuous density jumps, or ends without vanishing, ascending: those of `breakpoints` where it does.
std::vector<double> jumps(const EnergyLaw& law);

/// An energy above which less than `tail` probability lies.
double upper_energy(const EnergyLaw& law, double tail);

/// Mean energy, atoms included.
double mean(const EnergyLaw& law);

/// Variance of the energy, atoms included.
double variance(const EnergyLaw& law);

}  // namespace powerstroke::laws
