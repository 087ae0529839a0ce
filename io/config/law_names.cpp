#include "powerstroke/io/config/law_names.hpp"

#include <algorithm>
#include <cstddef>
#include <type_traits>

namespace powerstroke::io {
namespace {

template <class... Laws>
std::vector<RatesName> rates_of(std::type_identity<std::variant<Laws...>>) {
  return {RatesName{Laws::name, Laws::description, Laws::parameters,
                    [](const laws::RatesInput& input) { return laws::AnyRates(Laws(input)); }}...};
}

/// Those of a variant's alternatives that have a name.
template <class... Laws>
std::vector<LawName<std::variant<Laws...>>> names_of(std::type_identity<std::variant<Laws...>>) {
  using Any = std::variant<Laws...>;
  std::vector<LawName<Any>> names;
  const auto add = [&names]<class Law>(std::type_identity<Law>) {
    if constexpr (requires { Law::name; })
      names.push_back({Law::name, Law::description, Law::parameters,
                       [](int dimension, const std::vector<std::vector<double>>& values) -> Any {
                         return laws::made_from<Law>({dimension, values});
                       }});
  };
  (add(std::type_identity<Laws>{}), ...);
  return names;
}

}  // namespace

const std::vector<RatesName>& rates_names() {
  static const std::vector<RatesName> names = rates_of(std::type_identity<laws::AnyRates>{});
  return names;
}

const std::vector<LawName<EnergyForms>>& energy_names() {
  static const std::vector<LawName<EnergyForms>> names =
      names_of(std::type_identity<EnergyForms>{});
  return names;
}

const std::vector<LawName<laws::AnyPotential>>& potential_names() {
  static const std::vector<LawName<laws::AnyPotential>> names =
      names_of(std::type_identity<laws::AnyPotential>{});
  return names;
}

std::vector<double> numbers_of(const nlohmann::ordered_json& json) {
  if (json.is_array()) return json.get<std::vector<double>>();
  return {json.get<double>()};
}

std::vector<std::vector<double>> values_of(const nlohmann::ordered_json& section,
                                           std::span<const laws::Parameter> parameters) {
  std::vector<std::vector<double>> values;
  for (const laws::Parameter& parameter : parameters)
    values.push_back(section.contains(parameter.name)
                         ? numbers_of(section[parameter.name])
                         : std::vector<double>(std::max<std::size_t>(1, parameter.least),
                                               parameter.otherwise.value()));
  return values;
}

}  // namespace powerstroke::io
