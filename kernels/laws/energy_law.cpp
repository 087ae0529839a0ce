#include "powerstroke/kernels/laws/energy_law.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <numeric>

#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/kernels/laws/checks.hpp"

namespace powerstroke::laws {
namespace {

using Atoms = std::vector<std::pair<double, double>>;
using Energies = std::vector<double>;

/// Asks the law's file, or the mixture.
template <class OfForm, class OfMixture>
auto ask(const EnergyLaw& law, OfForm of_form, OfMixture of_mixture) {
  return std::visit(
      [&](const auto& form) {
        if constexpr (EnergyForm<std::decay_t<decltype(form)>>)
          return of_form(form);
        else
          return of_mixture(form);
      },
      law.law);
}

double sum(const std::vector<double>& weights) {
  return std::accumulate(weights.begin(), weights.end(), 0.0);
}

/// Of the parts, by their shares.
template <class OfPart>
double average(const MixtureEnergy& mixture, OfPart of_part) {
  double total = 0.0;
  for (std::size_t i = 0; i < mixture.parts.size(); ++i)
    total += mixture.weights[i] * of_part(mixture.parts[i]);
  return total / sum(mixture.weights);
}

Atoms merged_atoms(const MixtureEnergy& mixture) {
  std::map<double, double> total;
  const double all = sum(mixture.weights);
  for (std::size_t i = 0; i < mixture.parts.size(); ++i)
    for (const auto& [energy, probability] : atoms(mixture.parts[i]))
      total[energy] += mixture.weights[i] / all * probability;
  return {total.begin(), total.end()};
}

/// The energies that each part has, together.
Energies of_all(const MixtureEnergy& mixture, Energies (*of_part)(const EnergyLaw&)) {
  Energies points;
  for (const EnergyLaw& part : mixture.parts)
    std::ranges::copy(of_part(part), std::back_inserter(points));
  return points;
}

Energies once_each(Energies points) {
  std::ranges::sort(points);
  points.erase(std::unique(points.begin(), points.end()), points.end());
  return points;
}

void validate_at(const std::string& where, const EnergyLaw& law);

void validate_mixture(const std::string& where, const MixtureEnergy& mixture) {
  if (mixture.parts.empty())
    throw ConfigError(where + ".parts is empty; a mixture needs at least one part");
  require_one_each(where + ".weights", mixture.weights.size(), mixture.parts.size(), "parts");
  double total = 0.0;
  for (std::size_t i = 0; i < mixture.parts.size(); ++i) {
    require_positive(element(where + ".weights", i), mixture.weights[i]);
    total += mixture.weights[i];
    validate_at(element(where + ".parts", i), mixture.parts[i]);
  }
  if (!std::isfinite(total))
    reject("the sum of " + where + ".weights", total, "it must be a finite number");
}

void validate_at(const std::string& where, const EnergyLaw& law) {
  ask(
      law, [&](const auto& form) { form.validate(where); },
      [&](const MixtureEnergy& mixture) { validate_mixture(where, mixture); });
}

}  // namespace

void validate(const EnergyLaw& law) { validate_at("energy", law); }

double density(const EnergyLaw& law, double energy) {
  if (energy < 0.0) return 0.0;
  return ask(
      law, [energy](const auto& form) { return form.density(energy); },
      [energy](const MixtureEnergy& mixture) {
        return average(mixture, [energy](const EnergyLaw& part) { return density(part, energy); });
      });
}

double cumulative(const EnergyLaw& law, double energy) {
  if (energy < 0.0) return 0.0;
  return ask(
      law, [energy](const auto& form) { return form.cumulative(energy); },
      [energy](const MixtureEnergy& mixture) {
        return average(mixture,
                       [energy](const EnergyLaw& part) { return cumulative(part, energy); });
      });
}

std::vector<std::pair<double, double>> atoms(const EnergyLaw& law) {
  return ask(
      law,
      [](const auto& form) -> Atoms {
        if constexpr (requires { form.atoms(); })
          return form.atoms();
        else
          return {};
      },
      merged_atoms);
}

std::vector<double> breakpoints(const EnergyLaw& law) {
  return once_each(ask(
      law, [](const auto& form) { return form.breakpoints(); },
      [](const MixtureEnergy& mixture) { return of_all(mixture, breakpoints); }));
}

std::vector<double> jumps(const EnergyLaw& law) {
  return once_each(ask(
      law,
      [](const auto& form) -> Energies {
        constexpr double next_to_nothing = 1e-9;
        if constexpr (requires { form.jumps(); })
          return form.jumps();
        else
          return form.density(0.0) * form.expectation() > next_to_nothing ? Energies{0.0}
                                                                          : Energies{};
      },
      [](const MixtureEnergy& mixture) { return of_all(mixture, jumps); }));
}

double upper_energy(const EnergyLaw& law, double tail) {
  POWERSTROKE_EXPECT(tail > 0.0 && tail < 1.0);
  // Half of the tail: what lies above stays below it whatever the rounding of the quantile.
  return ask(
      law, [tail](const auto& form) { return form.upper_energy(0.5 * tail); },
      [tail](const MixtureEnergy& mixture) {
        double top = 0.0;
        for (const EnergyLaw& part : mixture.parts)
          top = std::max(top, upper_energy(part, 0.5 * tail));
        return top;
      });
}

double mean(const EnergyLaw& law) {
  return ask(
      law, [](const auto& form) { return form.expectation(); },
      [](const MixtureEnergy& mixture) { return average(mixture, mean); });
}

double variance(const EnergyLaw& law) {
  return ask(
      law, [](const auto& form) { return form.variance(); },
      [&law](const MixtureEnergy& mixture) {  // within the parts and between their means
        return average(mixture, [middle = mean(law)](const EnergyLaw& part) {
          const double apart = mean(part) - middle;
          return variance(part) + apart * apart;
        });
      });
}

bool is_everywhere(const EnergyLaw& law) {
  return ask(
      law,
      []<class Form>(const Form&) {
        if constexpr (requires { Form::everywhere; })
          return Form::everywhere;
        else
          return false;
      },
      [](const MixtureEnergy& mixture) {
        return std::ranges::any_of(mixture.parts, is_everywhere);
      });
}

bool resolved_by_bins(const EnergyLaw& law, double width) {
  return ask(
      law,
      [width](const auto& form) {
        if constexpr (requires { form.resolved_by(width); })
          return form.resolved_by(width);
        else
          return false;
      },
      [width](const MixtureEnergy& mixture) {
        return std::ranges::all_of(mixture.parts, [width](const EnergyLaw& part) {
          return resolved_by_bins(part, width);
        });
      });
}

std::string words(const EnergyLaw& law, const Say& say) {
  return ask(
      law, [&say](const auto& form) { return form.words(say); },
      [](const MixtureEnergy& mixture) {
        return "energies from a mixture of " + std::to_string(mixture.parts.size()) + " laws";
      });
}

}  // namespace powerstroke::laws
