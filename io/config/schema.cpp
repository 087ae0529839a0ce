#include "powerstroke/io/config/schema.hpp"

#include <fmt/format.h>

#include "embedded_texts.hpp"
#include "powerstroke/io/config/rates_names.hpp"

namespace powerstroke::io {
namespace {

using Json = nlohmann::ordered_json;

Json section_of(const RatesName& law) {
  std::string keys;
  for (const laws::RatesParameter& parameter : law.parameters)
    keys += fmt::format("{}\"{}\": ...", keys.empty() ? "" : ", ", parameter.name);
  Json section = {{"description", fmt::format("Parameters of the rates law \"{}\", and with it only.", law.name)},
                  {"type", "object"},
                  {"errorMessage", fmt::format("with rates \"{}\" {{ {} }}", law.name, keys)},
                  {"required", Json::array()},
                  {"additionalProperties", false},
                  {"properties", Json::object()}};
  for (const laws::RatesParameter& parameter : law.parameters) {
    section["required"].push_back(parameter.name);
    Json& entry = section["properties"][parameter.name];
    entry = {{"description", parameter.description}, {"type", "number"}, {"exclusiveMinimum", 0}};
    if (*parameter.quantity != '\0') entry["x-quantity"] = parameter.quantity;
  }
  return section;
}

/// With the law its section must be there, without it the section must not.
Json rule_of(const RatesName& law) {
  const std::string message = fmt::format("a section \"{0}\" only with \"rates\": \"{0}\"", law.name);
  return {{"if", {{"required", {"rates"}}, {"properties", {{"rates", {{"const", law.name}}}}}}},
          {"then", {{"required", {law.name}}}},
          {"else", {{"properties", {{law.name, {{"not", Json::object()}, {"errorMessage", message}}}}}}}};
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

}  // namespace

const Json& schema_document() {
  static const Json document = with_rates(Json::parse(embedded::config_schema));
  return document;
}

}  // namespace powerstroke::io
