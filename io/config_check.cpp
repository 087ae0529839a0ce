#include "powerstroke/io/config_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validation_results.hpp>
#include <valijson/validator.hpp>

#include "embedded_texts.hpp"
#include "powerstroke/io/nearest_key.hpp"

/// valijson decides whether a config fits the schema and where it does not; the sentence for the user is made here, from the
/// value and from what the schema says about that place.
namespace powerstroke::io {
namespace {

using Plain = nlohmann::json;  // what valijson's adapter takes
using Schemas = std::vector<const Plain*>;
using valijson::adapters::NlohmannJsonAdapter;

const Plain& schema_document() {
  static const Plain document = Plain::parse(embedded::config_schema);
  return document;
}

/// What draft 7 calls an integer has no fractional part, however it is written (1e6); valijson looks at the type, and takes
/// one from 2^63 on for negative. Both sides of a check go through this; what a config says is read from the original.
Plain prepared(Plain value) {
  constexpr double exact = 9007199254740992.0;  // 2^53
  if (value.is_structured()) {
    for (Plain& entry : value) entry = prepared(std::move(entry));
  } else if (value.is_number_float()) {
    const double number = value.get<double>();
    if (std::abs(number) <= exact && number == std::trunc(number)) value = static_cast<std::int64_t>(number);
  } else if (value.is_number_unsigned()) {
    constexpr std::uint64_t largest = std::numeric_limits<std::int64_t>::max();
    value = static_cast<std::int64_t>(std::min(value.get<std::uint64_t>(), largest));
  }
  return value;
}

valijson::ValidationResults faults(const Plain& schema_text, const Plain& value) {
  valijson::Schema schema;
  const Plain schema_copy = prepared(schema_text), value_copy = prepared(value);
  valijson::SchemaParser(valijson::SchemaParser::kDraft7).populateSchema(NlohmannJsonAdapter(schema_copy), schema);
  valijson::ValidationResults results;
  valijson::Validator().validate(schema, NlohmannJsonAdapter(value_copy), &results);
  return results;
}

bool fits(const Plain& schema, const Plain& value) { return faults(schema, value).numErrors() == 0; }

/// A schema and those that it pulls in for this value: $ref, allOf, and the branch of if / then / else.
void expand(const Plain& schema, const Plain& value, Schemas& found) {
  if (schema.contains("$ref")) {
    const std::string pointer = schema["$ref"].get<std::string>().substr(1);  // "#/definitions/..."
    return expand(schema_document().at(Plain::json_pointer(pointer)), value, found);
  }
  found.push_back(&schema);
  if (schema.contains("allOf")) {
    for (const Plain& part : schema["allOf"]) expand(part, value, found);
  }
  if (!schema.contains("if")) return;
  const char* branch = fits(schema["if"], value) ? "then" : "else";
  if (schema.contains(branch)) expand(schema[branch], value, found);
}

/// All schemas that speak about the value at a path.
Schemas schemas_at(const Plain& document, const KeyPath& path) {
  Schemas here;
  expand(schema_document(), document, here);
  const Plain* value = &document;
  for (const std::string& key : path) {
    const bool list = value->is_array();
    value = list ? &value->at(std::stoul(key)) : &value->at(key);
    Schemas below;
    for (const Plain* schema : here) {
      if (list && schema->contains("items")) expand((*schema)["items"], *value, below);
      if (!list && schema->contains("properties") && (*schema)["properties"].contains(key)) {
        expand((*schema)["properties"][key], *value, below);
      }
    }
    here = std::move(below);
  }
  return here;
}

const Plain& value_at(const Plain& document, const KeyPath& path) {
  const Plain* value = &document;
  for (const std::string& key : path) value = value->is_array() ? &value->at(std::stoul(key)) : &value->at(key);
  return *value;
}

/// valijson's "[strokes]", "[transitions]", "[0]" after "<root>".
KeyPath path_of(const valijson::ValidationResults::Error& error) {
  KeyPath path;
  for (std::size_t i = 1; i < error.context.size(); ++i) {
    path.push_back(error.context[i].substr(1, error.context[i].size() - 2));
  }
  return path;
}

std::string shown(const Plain& value) {
  constexpr std::size_t longest = 60;
  const std::string text = value.dump();
  if (text.size() <= longest) return text;
  if (value.is_array()) return fmt::format("a list of {} entries", value.size());
  if (value.is_object()) return fmt::format("an object with {} keys", value.size());
  std::size_t end = longest;
  while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;  // not in the middle of a character
  return text.substr(0, end) + "...";
}

/// "a", "b" or "c"
std::string alternatives(const Plain& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i].dump();
  }
  return text;
}

std::string bounds(const Plain& schema) {
  if (schema.contains("exclusiveMinimum")) return fmt::format(" > {}", schema["exclusiveMinimum"].dump());
  if (!schema.contains("minimum")) return "";
  if (!schema.contains("maximum")) return fmt::format(" >= {}", schema["minimum"].dump());
  return fmt::format(" from {} to {}", schema["minimum"].dump(), schema["maximum"].dump());
}

/// What a schema allows, in words.
std::string allowed(const Plain& schema) {
  if (schema.contains("$ref")) return allowed(schema_document().at(Plain::json_pointer(schema["$ref"].get<std::string>().substr(1))));
  if (schema.contains("errorMessage")) return schema["errorMessage"].get<std::string>();
  if (schema.contains("const")) return schema["const"].dump();
  if (schema.contains("enum")) return alternatives(schema["enum"]);
  const std::string type = schema.value("type", "object");
  if (type == "integer") return "a whole number" + bounds(schema);
  if (type == "number") return "a number" + bounds(schema);
  if (type == "boolean") return "true or false";
  if (type == "string") return "a text in quotes";
  if (type == "array") {
    const std::size_t least = schema.value("minItems", std::size_t{0});
    return fmt::format("a list of at least {} entr{}, each {}", least, least == 1 ? "y" : "ies", allowed(schema["items"]));
  }
  return "an object { ... }";
}

bool is_number(const Plain& schema) {
  const std::string type = schema.value("type", "");
  return type == "number" || type == "integer";
}

bool is_planned(const Plain& schema, const std::string& word) {
  if (!schema.contains("x-planned")) return false;
  const Plain& words = schema["x-planned"];
  return std::ranges::find(words, Plain(word)) != words.end();
}

/// The words "did you mean" with the nearest of a schema's words, or that a word is reserved.
std::string hint(const Plain& schema, const Plain& value) {
  if (!value.is_string()) return "";
  const std::string word = value.get<std::string>();
  if (is_planned(schema, word)) return ", which this version of powerstroke does not have yet";
  if (is_number(schema)) return "; quantities are plain numbers in reduced units (k_B = 1), without quotes or units";
  if (!schema.contains("enum") || !schema["enum"].front().is_string()) return "";
  const std::string nearest = nearest_key(word, schema["enum"].get<std::vector<std::string>>());
  return nearest.empty() ? "" : fmt::format(", did you mean \"{}\"?", nearest);
}

/// The keys that an object may have here.
std::vector<std::string> known_keys(const Schemas& schemas) {
  std::vector<std::string> keys;
  std::vector<std::string> barred;
  for (const Plain* schema : schemas) {
    if (!schema->contains("properties")) continue;
    for (const auto& [key, about] : (*schema)["properties"].items()) (about.contains("not") ? barred : keys).push_back(key);
  }
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  std::erase_if(keys, [&](const std::string& key) { return key == "$schema" || std::ranges::find(barred, key) != barred.end(); });
  return keys;
}

bool is_closed(const Plain& schema, const std::string& key) {
  return schema.contains("additionalProperties") && !schema["properties"].contains(key);
}

void refuse_unknown_keys(const ConfigSource& source, const KeyPath& path, const Plain& value, const Schemas& schemas) {
  for (const auto& [key, ignored] : value.items()) {
    for (const Plain* schema : schemas) {
      if (!is_closed(*schema, key)) continue;
      KeyPath there = path;
      there.push_back(key);
      if (is_planned(*schema, key)) source.fail(there, "this version of powerstroke does not have this key yet");
      const std::vector<std::string> keys = known_keys(schemas);
      const std::string nearest = nearest_key(key, keys);
      source.fail(there, fmt::format("unknown key{} allowed: {}", nearest.empty() ? ";" : fmt::format(", did you mean '{}'?", nearest),
                                     fmt::join(keys, ", ")));
    }
  }
}

void refuse_missing_keys(const ConfigSource& source, const KeyPath& path, const Plain& value, const Schemas& schemas) {
  for (const Plain* schema : schemas) {
    if (!schema->contains("required")) continue;
    for (const Plain& name : (*schema)["required"]) {
      const std::string key = name.get<std::string>();
      if (value.contains(key)) continue;
      const auto tells = [&](const Plain* other) { return other->contains("properties") && (*other)["properties"].contains(key); };
      const auto about = std::ranges::find_if(schemas, tells);
      source.fail(path, fmt::format("the key '{}' is missing; allowed: {}", key, allowed((**about)["properties"][key])));
    }
  }
}

/// A schema without what it says about a value's parts, of which there are faults of their own.
Plain shallow(const Plain& schema) {
  Plain own = schema;
  for (const char* key : {"properties", "additionalProperties", "required", "items", "allOf", "if", "then", "else", "definitions"}) {
    own.erase(key);
  }
  return own;
}

/// Fails if one of the schemas refuses the value itself.
void refuse_value(const ConfigSource& source, const KeyPath& path, const Plain& value, const Schemas& schemas) {
  for (const Plain* schema : schemas) {
    if (fits(shallow(*schema), value)) continue;
    const std::string tip = hint(*schema, value);
    source.fail(path, fmt::format("found {}{}{} allowed: {}", shown(value), tip, tip.ends_with('?') ? "" : ";", allowed(*schema)));
  }
}

}  // namespace

void check_against_schema(const ConfigSource& source) {
  const Plain document = source.document();
  const valijson::ValidationResults results = faults(schema_document(), document);
  for (const valijson::ValidationResults::Error& error : results) {
    KeyPath path = path_of(error);
    Schemas schemas = schemas_at(document, path);
    while (schemas.empty()) {  // inside an anyOf: what is allowed is said of the whole
      path.pop_back();
      schemas = schemas_at(document, path);
    }
    const Plain& value = value_at(document, path);
    refuse_value(source, path, value, schemas);
    if (!value.is_object()) continue;
    refuse_unknown_keys(source, path, value, schemas);
    refuse_missing_keys(source, path, value, schemas);
  }
  if (results.numErrors() > 0) source.fail(path_of(*results.begin()), results.begin()->description);
}

}  // namespace powerstroke::io
