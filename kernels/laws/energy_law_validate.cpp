#include <array>
#include <charconv>
#include <cmath>
#include <string>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/kernels/laws/energy_law.hpp"

namespace powerstroke::laws {
namespace {

/// Deeper below 0, what is left of a normal law has a probability that doubles cannot hold with room for its own tail.
constexpr double deepest_mean = -35.0;  // in sigma

std::string shortest(double x) {
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), x).ptr};
}

std::string element(const std::string& list, std::size_t index) { return list + "[" + std::to_string(index) + "]"; }

[[noreturn]] void reject(const std::string& name, double found, const std::string& allowed) {
  throw ConfigError(name + " is " + shortest(found) + "; " + allowed);
}

void require_positive(const std::string& name, double value) {
  if (!(std::isfinite(value) && value > 0.0)) reject(name, value, "it must be a finite number > 0");
}

void require_energy(const std::string& name, double value) {
  if (!(std::isfinite(value) && value >= 0.0)) reject(name, value, "it must be a finite energy >= 0");
}

void validate_at(const std::string& where, const EnergyLaw& law);

void validate_form(const std::string& where, const DeltaEnergy& law) { require_energy(where + ".value", law.value); }

void validate_form(const std::string& where, const UniformEnergy& law) {
  require_energy(where + ".low", law.low);
  require_energy(where + ".high", law.high);
  if (law.low >= law.high) reject(where + ".high", law.high, "it must be greater than low, which is " + shortest(law.low));
}

void validate_form(const std::string& where, const NormalEnergy& law) {
  require_positive(where + ".sigma", law.sigma);
  if (!std::isfinite(law.mean)) reject(where + ".mean", law.mean, "it must be a finite number");
  if (law.mean < deepest_mean * law.sigma)
    reject(where + ".mean", law.mean,
           "with sigma " + shortest(law.sigma) + " nothing is left at energies >= 0; the mean must be at least -35 sigma " +
               "(below it the law is an exponential of mean sigma^2/|mean|: ask for that)");
}

void validate_form(const std::string& where, const ExponentialEnergy& law) { require_positive(where + ".mean", law.mean); }

void validate_form(const std::string& where, const MaxwellBoltzmannEnergy& law) {
  require_positive(where + ".temperature", law.temperature);
  if (law.dimension < 1 || law.dimension > 3) reject(where + ".dimension", law.dimension, "it must be 1, 2 or 3");
}

void require_one_weight_each(const std::string& where, std::size_t weights, std::size_t wanted, const std::string& what) {
  if (weights != wanted)
    throw ConfigError(where + ".weights has " + std::to_string(weights) + " entries; " + std::to_string(wanted) + " " +
                      what + " need one each");
}

void validate_form(const std::string& where, const HistogramEnergy& law) {
  if (law.edges.size() < 2)
    throw ConfigError(where + ".edges has " + std::to_string(law.edges.size()) + " entries; a histogram needs at least 2");
  require_one_weight_each(where, law.weights.size(), law.edges.size() - 1, "bins");
  for (std::size_t i = 0; i < law.edges.size(); ++i) {
    const std::string name = element(where + ".edges", i);
    require_energy(name, law.edges[i]);
    if (i > 0 && law.edges[i] <= law.edges[i - 1])
      reject(name, law.edges[i], "edges must ascend and the one before it is " + shortest(law.edges[i - 1]));
  }
  double total = 0.0;
  for (std::size_t i = 0; i < law.weights.size(); ++i) {
    if (!(std::isfinite(law.weights[i]) && law.weights[i] >= 0.0))
      reject(element(where + ".weights", i), law.weights[i], "it must be a finite number >= 0");
    total += law.weights[i];
  }
  if (!(std::isfinite(total) && total > 0.0))
    reject("the sum of " + where + ".weights", total, "it must be a finite number > 0");
}

void validate_form(const std::string& where, const MixtureEnergy& law) {
  if (law.parts.empty()) throw ConfigError(where + ".parts is empty; a mixture needs at least one part");
  require_one_weight_each(where, law.weights.size(), law.parts.size(), "parts");
  double total = 0.0;
  for (std::size_t i = 0; i < law.parts.size(); ++i) {
    require_positive(element(where + ".weights", i), law.weights[i]);
    total += law.weights[i];
    validate_at(element(where + ".parts", i), law.parts[i]);
  }
  if (!std::isfinite(total)) reject("the sum of " + where + ".weights", total, "it must be a finite number");
}

void validate_at(const std::string& where, const EnergyLaw& law) {
  std::visit([&where](const auto& form) { validate_form(where, form); }, law.law);
}

}  // namespace

void validate(const EnergyLaw& law) { validate_at("energy", law); }

}  // namespace powerstroke::laws
