#pragma once

#include <concepts>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "powerstroke/kernels/laws/energies_list.hpp"  // made by CMake from the files in energies/
#include "powerstroke/kernels/laws/parameter.hpp"
#include "powerstroke/kernels/laws/variate.hpp"

/// Laws of the initial kinetic energy E. A law is a struct of numbers in a file of its own,
/// energies/<name>.hpp, that says what a quadrature and a sampler must know about it; that file is
/// all it takes: the list of laws, the names and parameters that a config may use, the draws and
/// the equation's start follow from it.
namespace powerstroke::laws {

/// What a law declares:
/// - `name`, `description` and `parameters`, as a config has them; `from(input)` makes the law
/// where its members are not its
///   parameters in their order, one number each;
/// - `validate(where)`, which throws ConfigError naming the parameter as `<where>.<parameter>`, its
/// value and what is allowed;
/// - for E >= 0 the continuous part of the density, and Prob(energy <= E) with atoms, if it has
/// any, in `atoms()`;
/// - `breakpoints()`: energies at which the density jumps, kinks or changes its scale; `jumps()`,
/// where it jumps or ends without
///   vanishing, if that is elsewhere than at 0;
/// - `upper_energy(tail)`: above it lies no more than `tail` probability;
/// - `expectation()` and `variance()` of the energy;
/// - `variate()`: which random number it is, for the kernel that draws it;
/// - `everywhere`, true if the density is positive at all E > 0 (left out: false), and
/// `resolved_by(width)`, whether equal bins
///   of a width, from 0 on, do justice to the density (left out: never);
/// - `words(say)`, what the report calls it.
template <class L>
concept EnergyForm = requires(const L& law, double energy, const std::string& where,
                              const Say& say) {
  { L::name } -> std::convertible_to<const char*>;
  { L::description } -> std::convertible_to<const char*>;
  L::parameters.size();
  law.validate(where);
  { law.density(energy) } -> std::same_as<double>;
  { law.cumulative(energy) } -> std::same_as<double>;
  { law.breakpoints() } -> std::same_as<std::vector<double>>;
  { law.upper_energy(energy) } -> std::same_as<double>;
  { law.expectation() } -> std::same_as<double>;
  { law.variance() } -> std::same_as<double>;
  { law.variate() } -> std::same_as<Variate>;
  { law.words(say) } -> std::same_as<std::string>;
};

struct EnergyLaw;

/// Laws with positive unnormalised weights: what is made of laws, and so in no file of its own.
struct MixtureEnergy {
  std::vector<EnergyLaw> parts;
  std::vector<double> weights;
};

struct EnergyLaw {
  std::variant<POWERSTROKE_ENERGY_LAWS, MixtureEnergy> law = DeltaEnergy{1.0};
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

/// Energies at which the continuous density jumps, kinks or changes its scale, ascending: a
/// quadrature puts the borders of its panels there.
std::vector<double> breakpoints(const EnergyLaw& law);

/// Energies at which the continuous density jumps, or ends without vanishing, ascending: those of
/// `breakpoints` where it does.
std::vector<double> jumps(const EnergyLaw& law);

/// An energy above which less than `tail` probability lies.
double upper_energy(const EnergyLaw& law, double tail);

/// Mean energy, atoms included.
double mean(const EnergyLaw& law);

/// Variance of the energy, atoms included.
double variance(const EnergyLaw& law);

/// Whether the continuous density is positive at all E > 0; of a mixture, that of one of its parts.
bool is_everywhere(const EnergyLaw& law);

/// Whether equal bins of a width, from 0 on, can do justice to a law: a density that jumps inside a
/// bin, is infinite at 0, or has a part narrower than a bin leaves an error that no extrapolation
/// to narrow bins takes away.
bool resolved_by_bins(const EnergyLaw& law, double width);

/// A law in words, such as "energies uniform from 1 to 3".
/// @param say writes a value with the unit of its quantity.
std::string words(const EnergyLaw& law, const Say& say);

}  // namespace powerstroke::laws
