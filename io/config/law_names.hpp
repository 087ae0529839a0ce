#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "powerstroke/kernels/laws/energy_law.hpp"
#include "powerstroke/kernels/laws/potential.hpp"
#include "powerstroke/kernels/laws/rates.hpp"

/// Laws as a config names them. All of them stand in the files of kernels/laws: whoever adds a file
/// has added a name.
namespace powerstroke::io {

/// A rates law.
struct RatesName {
  std::string name, description;
  std::span<const laws::Parameter>
      parameters;  ///< keys of the section strokes.<name>; none if there is no section
  std::function<laws::AnyRates(const laws::RatesInput&)> make;
};

const std::vector<RatesName>& rates_names();

/// A law that is made from its parameters, each a list of numbers, and the ensemble's dimension.
template <class Law>
struct LawName {
  std::string name, description;
  std::span<const laws::Parameter> parameters;  ///< keys beside the law's name
  std::function<Law(int dimension, const std::vector<std::vector<double>>& values)> make;
};

using EnergyForms = decltype(laws::EnergyLaw::law);

/// Energy laws but for mixtures, which are made of them.
const std::vector<LawName<EnergyForms>>& energy_names();

/// Potentials but for the embedding code's own.
const std::vector<LawName<laws::AnyPotential>>& potential_names();

/// A number, or a list of them.
std::vector<double> numbers_of(const nlohmann::ordered_json& json);

/// What a config says of a law's parameters, in their order; where a key is left out, the
/// parameter's own value.
/// @param section has passed the schema.
std::vector<std::vector<double>> values_of(const nlohmann::ordered_json& section,
                                           std::span<const laws::Parameter> parameters);

}  // namespace powerstroke::io
