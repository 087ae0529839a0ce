#include "powerstroke/io/config/ensemble_decoder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/config/law_names.hpp"

namespace powerstroke::io {
namespace {

laws::EnergyLaw form(const ConfigSource& source, const Json& json, const KeyPath& path,
                     int dimension) {
  const std::string kind = json["distribution"].get<std::string>();
  for (const auto& law : energy_names())
    if (law.name == kind) return {law.make(dimension, values_of(json, law.parameters))};
  laws::MixtureEnergy mixture;
  for (const Json& part : json["parts"]) {
    KeyPath there = path;
    there.insert(there.end(), {"parts", std::to_string(mixture.parts.size())});
    mixture.parts.push_back(decode_energy(source, part, there, dimension));
    mixture.weights.push_back(part["weight"].get<double>());
  }
  return {mixture};
}

/// Of all numbers that are energies, or temperatures.
void check_ranges(const ConfigSource& source, const Json& json, const KeyPath& path) {
  for (const auto& law : energy_names()) {
    if (json["distribution"] != law.name) continue;
    for (const laws::Parameter& parameter : law.parameters) {
      const std::string_view quantity = parameter.quantity;
      if (!json.contains(parameter.name) || (quantity != "energy" && quantity != "temperature"))
        continue;
      KeyPath there = path;
      there.emplace_back(parameter.name);
      for (const double value : numbers_of(json[parameter.name]))
        check_energy_range(source, parameter.least > 0 ? path : there, value);
    }
  }
}

}  // namespace

void check_energy_range(const ConfigSource& source, const KeyPath& path, double energy) {
  constexpr double least = 1e-100, most = 1e100;
  const double size = std::abs(energy);
  if (size == 0.0 || (size >= least && size <= most)) return;
  source.fail(path, fmt::format("found {:g}, whose square or inverse leaves the range of a double; "
                                "allowed: 0, or {:g} to {:g}; choose "
                                "another unit of energy",
                                energy, least, most));
}

laws::EnergyLaw decode_energy(const ConfigSource& source, const Json& json, const KeyPath& path,
                              int dimension) {
  check_ranges(source, json, path);
  const laws::EnergyLaw law = form(source, json, path, dimension);
  try {
    laws::validate(law);
  } catch (const ConfigError& error) {
    std::string message = error.what();
    const std::string_view own_name = "energy.";  // the path names it already
    if (const std::size_t at = message.find(own_name); at != std::string::npos)
      message.erase(at, own_name.size());
    source.fail(path, message);
  }
  return law;
}

std::vector<double> decode_direction(const ConfigSource& source, const Json& json,
                                     const KeyPath& path, int dimension,
                                     const laws::EnergyLaw& energy) {
  if (!json.is_array()) return {};
  if (const double at_rest = laws::cumulative(energy, 0.0); at_rest > 0.0)
    source.fail(path, fmt::format("found {} with a fraction {:.4g} of the particles at rest, which "
                                  "have no direction; allowed: "
                                  "\"isotropic\", or energies > 0",
                                  json.dump(), at_rest));
  auto vector = json.get<std::vector<double>>();
  const auto size = [](double a, double b) { return std::abs(a) < std::abs(b); };
  const double largest = std::abs(*std::ranges::max_element(vector, size));
  if (vector.size() != static_cast<std::size_t>(dimension) || largest == 0.0) {
    source.fail(path, fmt::format("found {}; allowed: \"isotropic\", or {} number{}, not all zero, "
                                  "as ensemble.dimension is {}",
                                  json.dump(), dimension, dimension == 1 ? "" : "s", dimension));
  }
  double squares = 0.0;
  for (double& component : vector) component /= largest;  // no square over- or underflows
  for (const double component : vector) squares += component * component;
  for (double& component : vector) component /= std::sqrt(squares);
  return vector;
}

}  // namespace powerstroke::io
