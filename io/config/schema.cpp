#include "powerstroke/io/config/schema.hpp"

#include <fmt/format.h>

#include <span>
#include <string>
#include <utility>

#include "embedded_texts.hpp"
#include "powerstroke/io/config/law_names.hpp"

namespace powerstroke::io {
namespace {

using Json = nlohmann::ordered_json;

/// A number, or a list of numbers, as a property.
Json property_of(const laws::Parameter& parameter) {
  Json number;
  number["type"] = "number";
  if (*parameter.quantity != '\0') number["x-quantity"] = parameter.quantity;
  if (parameter.range) {
    number["minimum"] = parameter.range->first;
    number["maximum"] = parameter.range->second;
  } else if (parameter.limit == laws::Limit::positive) {
    number["exclusiveMinimum"] = 0;
  } else if (parameter.limit == laws::Limit::not_negative) {
    number["minimum"] = 0;
  }
  Json property;
  property["description"] = parameter.description;
  if (parameter.least == 0) {
    property.update(number);
    return property;
  }
  property.update({{"type", "array"}, {"items", number}, {"minItems", parameter.least}});
  if (parameter.most > 0) property["maxItems"] = parameter.most;
  if (*parameter.allowed != '\0') property["errorMessage"] = parameter.allowed;
  return property;
}

/// Adds to an object's schema the keys that a law has.
void add_parameters(Json& object, std::span<const laws::Parameter> parameters) {
  for (const laws::Parameter& parameter : parameters) {
    if (!parameter.otherwise) object["required"].push_back(parameter.name);
    object["properties"][parameter.name] = property_of(parameter);
  }
}

Json section_of(const RatesName& law) {
  std::string keys;
  for (const laws::Parameter& parameter : law.parameters)
    keys += fmt::format("{}\"{}\": ...", keys.empty() ? "" : ", ", parameter.name);
  Json section = {{"description",
                   fmt::format("Parameters of the rates law \"{}\", and with it only.", law.name)},
                  {"type", "object"},
                  {"errorMessage", fmt::format("with rates \"{}\" {{ {} }}", law.name, keys)},
                  {"required", Json::array()},
                  {"additionalProperties", false},
                  {"properties", Json::object()}};
  add_parameters(section, law.parameters);
  return section;
}

/// With the law its section must be there, without it the section must not.
Json rule_of(const RatesName& law) {
  const std::string message =
      fmt::format("a section \"{0}\" only with \"rates\": \"{0}\"", law.name);
  return {{"if", {{"required", {"rates"}}, {"properties", {{"rates", {{"const", law.name}}}}}}},
          {"then", {{"required", {law.name}}}},
          {"else",
           {{"properties", {{law.name, {{"not", Json::object()}, {"errorMessage", message}}}}}}}};
}

Json with_rates(Json schema) {
  Json& strokes = schema["properties"]["strokes"];
  Json names = Json::array();
  std::string description = "How the rates depend on a particle's energy.";
  for (const RatesName& law : rates_names()) {
    names.push_back(law.name);
    description += fmt::format(" \"{}\": {}.", law.name, law.description);
    if (law.parameters.empty()) continue;
    strokes["properties"][law.name] = section_of(law);
    strokes["allOf"].push_back(rule_of(law));
  }
  strokes["properties"]["rates"]["enum"] = names;
  strokes["properties"]["rates"]["description"] = description;
  return schema;
}

/// The keys that go with a word: {"if": the key has the word, "then": its definition}.
Json choice_of(const std::string& key, const std::string& word, const std::string& definition) {
  Json choice;
  choice["if"]["required"] = Json::array({key});
  choice["if"]["properties"][key]["const"] = word;
  choice["then"]["$ref"] = "#/definitions/" + definition;
  return choice;
}

/// The definition of a law whose name stands under `key` beside its parameters.
template <class Law>
Json definition_of(const LawName<Law>& law, const std::string& key) {
  Json definition = {{"description", law.description},
                     {"required", Json::array()},
                     {"additionalProperties", false}};
  definition["properties"][key]["const"] = law.name;
  add_parameters(definition, law.parameters);
  if (definition["required"].empty()) definition.erase("required");
  return definition;
}

std::string keys_of(std::span<const laws::Parameter> parameters) {
  std::string keys;
  for (const laws::Parameter& parameter : parameters)
    keys += fmt::format("{}{}", keys.empty() ? "" : ", ", parameter.name);
  return keys;
}

/// Beside a mixture, which the text has.
void add_energies(Json& schema) {
  Json names = Json::array(), choices = Json::array();
  std::string description = "Name of the law:";
  for (const auto& law : energy_names()) {
    Json definition = definition_of(law, "distribution");
    definition["properties"]["weight"]["$ref"] = "#/definitions/weight";
    schema["definitions"][law.name] = definition;
    choices.push_back(choice_of("distribution", law.name, law.name));
    names.push_back(law.name);
    description += fmt::format(" {} ({}),", law.name, keys_of(law.parameters));
  }
  Json& energy = schema["definitions"]["energy"];  // not before: new keys move the others
  Json& word = energy["properties"]["distribution"];
  names.insert(names.end(), word["enum"].begin(), word["enum"].end());
  choices.insert(choices.end(), energy["allOf"].begin(), energy["allOf"].end());
  word["enum"] = names;
  word["description"] = description + " mixture (parts).";
  energy["allOf"] = choices;
}

void add_potentials(Json& schema) {
  Json& potential = schema["properties"]["phase_space"]["properties"]["potential"];
  std::string forms;
  for (const auto& law : potential_names()) {
    const std::string definition = law.name + "_potential";
    schema["definitions"][definition] = definition_of(law, "form");
    potential["allOf"].push_back(choice_of("form", law.name, definition));
    potential["properties"]["form"]["enum"].push_back(law.name);
    forms += fmt::format("{}{} ({})", forms.empty() ? "" : ", ", law.name, law.description);
  }
  potential["description"] = fmt::format("V(x), the sum over the axes of one profile: {}.", forms);
}

Json with_laws(Json schema) {
  add_energies(schema);
  add_potentials(schema);
  return with_rates(std::move(schema));
}

}  // namespace

const Json& schema_document() {
  static const Json document = with_laws(Json::parse(embedded::config_schema));
  return document;
}

}  // namespace powerstroke::io
