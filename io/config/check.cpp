#include "powerstroke/io/config/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/io/config/json_schema.hpp"
#include "powerstroke/io/config/nearest_key.hpp"
#include "powerstroke/io/config/schema.hpp"

/// The validator decides whether a config fits the schema and where it does not; the sentence for
/// the user is made here, from the value and from what the schema says about that place.
namespace powerstroke::io {
namespace {

using Plain = nlohmann::json;
using Schemas = std::vector<const Plain*>;

const Plain& whole_schema() {
  static const Plain document = schema_document();
  return document;
}

bool fits(const Plain& schema, const Plain& value) { return schema_faults(schema, value).empty(); }

/// What a "$ref": "#/definitions/..." stands for.
const Plain& target_of(const Plain& schema) {
  return whole_schema().at(Plain::json_pointer(schema["$ref"].get<std::string>().substr(1)));
}

/// A part of the whole schema and those that it pulls in for this value: $ref, allOf, and the
/// branch of if / then / else.
void expand(const Plain& schema, const Plain& value, Schemas& found) {
  if (schema.contains("$ref")) return expand(target_of(schema), value, found);
  found.push_back(&schema);
  if (schema.contains("allOf")) {
    for (const Plain& part : schema["allOf"]) expand(part, value, found);
  }
  if (!schema.contains("if")) return;
  const char* branch = fits_lasting(schema["if"], value) ? "then" : "else";
  if (schema.contains(branch)) expand(schema[branch], value, found);
}

/// All schemas that speak about the value at a path.
Schemas schemas_at(const Plain& document, const KeyPath& path) {
  Schemas here;
  expand(whole_schema(), document, here);
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

template <class Document>
const Document& value_at(const Document& document, const KeyPath& path) {
  const Document* value = &document;
  for (const std::string& key : path)
    value = value->is_array() ? &value->at(std::stoul(key)) : &value->at(key);
  return *value;
}

std::string shown(const Plain& value) {
  constexpr std::size_t longest = 60;
  const std::string text = value.dump();
  if (text.size() <= longest) return text;
  if (value.is_array()) return fmt::format("a list of {} entries", value.size());
  if (value.is_object()) return fmt::format("an object with {} keys", value.size());
  std::size_t end = longest;
  while ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
    --end;  // not in the middle of a character
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
  if (schema.contains("exclusiveMinimum"))
    return fmt::format(" > {}", schema["exclusiveMinimum"].dump());
  if (!schema.contains("minimum")) return "";
  if (!schema.contains("maximum")) return fmt::format(" >= {}", schema["minimum"].dump());
  return fmt::format(" from {} to {}", schema["minimum"].dump(), schema["maximum"].dump());
}

/// What a schema allows, in words.
std::string allowed(const Plain& schema) {
  if (schema.contains("$ref")) return allowed(target_of(schema));
  if (schema.contains("errorMessage")) return schema["errorMessage"].get<std::string>();
  if (schema.contains("const")) return schema["const"].dump();
  if (schema.contains("enum")) return alternatives(schema["enum"]);
  const std::string type = schema.value("type", "object");
  if (type == "integer") return fmt::format("a whole number{}", bounds(schema));
  if (type == "number") return fmt::format("a number{}", bounds(schema));
  if (type == "boolean") return "true or false";
  if (type == "string") return "a text in quotes";
  if (type == "array") {
    const std::size_t least = schema.value("minItems", std::size_t{0});
    return fmt::format("a list of at least {} entr{}, each {}", least, least == 1 ? "y" : "ies",
                       allowed(schema["items"]));
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

/// The words "did you mean" with the nearest of a schema's words, or that a word is reserved, with
/// the sign that ends them.
std::string hint(const Plain& schema, const Plain& value) {
  if (!value.is_string()) return ";";
  const std::string word = value.get<std::string>();
  if (is_planned(schema, word)) return ", which this version of powerstroke does not have yet;";
  if (is_number(schema)) return "; this is a plain number, without quotes or a unit;";
  if (!schema.contains("enum") || !schema["enum"].front().is_string()) return ";";
  const std::string nearest = nearest_key(word, schema["enum"].get<std::vector<std::string>>());
  return nearest.empty() ? ";" : fmt::format(", did you mean \"{}\"?", nearest);
}

/// The keys that an object may have here.
std::vector<std::string> known_keys(const Schemas& schemas) {
  std::vector<std::string> keys;
  std::vector<std::string> barred;
  for (const Plain* schema : schemas) {
    if (!schema->contains("properties")) continue;
    for (const auto& [key, about] : (*schema)["properties"].items())
      (about.contains("not") ? barred : keys).push_back(key);
  }
  std::ranges::sort(keys);
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  std::erase_if(keys, [&](const std::string& key) {
    return key == "$schema" || std::ranges::find(barred, key) != barred.end();
  });
  return keys;
}

bool is_closed(const Plain& schema, const std::string& key) {
  return schema.contains("additionalProperties") && !schema["properties"].contains(key);
}

void refuse_unknown_keys(const ConfigSource& source, const KeyPath& path, const Plain& value,
                         const Schemas& schemas) {
  for (const auto& [key, ignored] : value.items()) {
    for (const Plain* schema : schemas) {
      if (!is_closed(*schema, key)) continue;
      KeyPath there = path;
      there.push_back(key);
      if (is_planned(*schema, key))
        source.fail(there, "this version of powerstroke does not have this key yet");
      const std::vector<std::string> keys = known_keys(schemas);
      const std::string nearest = nearest_key(key, keys);
      source.fail(there,
                  fmt::format("unknown key{} allowed: {}",
                              nearest.empty() ? ";" : fmt::format(", did you mean '{}'?", nearest),
                              fmt::join(keys, ", ")));
    }
  }
}

void refuse_missing_keys(const ConfigSource& source, const KeyPath& path, const Plain& value,
                         const Schemas& schemas) {
  for (const Plain* schema : schemas) {
    if (!schema->contains("required")) continue;
    for (const Plain& name : (*schema)["required"]) {
      const std::string key = name.get<std::string>();
      if (value.contains(key)) continue;
      const auto tells = [&](const Plain* other) {
        return other->contains("properties") && (*other)["properties"].contains(key);
      };
      const auto about = std::ranges::find_if(schemas, tells);
      POWERSTROKE_EXPECT(about != schemas.end());
      source.fail(path, fmt::format("the key '{}' is missing; allowed: {}", key,
                                    allowed((**about)["properties"][key])));
    }
  }
}

/// A schema without what it says about a value's parts, of which there are faults of their own.
Plain shallow(const Plain& schema) {
  Plain own = schema;
  for (const char* key : {"properties", "additionalProperties", "required", "items", "allOf", "if",
                          "then", "else", "definitions"}) {
    own.erase(key);
  }
  return own;
}

/// Fails if one of the schemas refuses the value itself.
void refuse_value(const ConfigSource& source, const KeyPath& path, const Plain& value,
                  const Schemas& schemas) {
  for (const Plain* schema : schemas) {
    if (fits(shallow(*schema), value)) continue;
    const std::string tip = hint(*schema, value);
    source.fail(path, fmt::format("found {}{} allowed: {}", shown(value_at(source.written(), path)),
                                  tip, allowed(*schema)));
  }
}

/// The branch of an anyOf that is for values of this kind; a text that another branch means as it
/// is, is no quantity.
void expand_any_of(const Plain& schema, const Plain& value, Schemas& found) {
  const Plain& branches = schema["anyOf"];
  if (value.is_string() && std::ranges::any_of(branches, [&](const Plain& branch) {
        return fits_lasting(branch, value);
      }))
    return;
  for (const Plain& branch : branches) {
    const std::string type = branch.value("type", "");
    const bool meant = (type == "array" && value.is_array()) ||
                       (type == "object" && value.is_object()) ||
                       (type == "number" && (value.is_number() || value.is_string()));
    if (meant || branch.contains("$ref")) expand(branch, value, found);
  }
}

class QuantityWalk {
 public:
  Quantities found;

  void visit(const Plain& value, Schemas schemas) {
    for (std::size_t i = 0; i < schemas.size(); ++i) {
      const Plain* schema = schemas[i];
      if (schema->contains("anyOf")) expand_any_of(*schema, value, schemas);
    }
    if (value.is_array()) return entries(value, schemas);
    if (value.is_object()) return keys(value, schemas);
    const auto marked = std::ranges::find_if(
        schemas, [](const Plain* schema) { return schema->contains("x-quantity"); });
    if (marked != schemas.end()) keep(value, (**marked)["x-quantity"].get<std::string>());
  }

 private:
  void keep(const Plain& value, const std::string& dimension) {
    if (value.is_string()) found.texts.push_back({path_, dimension, value.get<std::string>()});
    if (value.is_number() && !found.number) found.number = {path_, dimension, value.dump()};
  }

  void entries(const Plain& list, const Schemas& schemas) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      if (list[i].is_number() && found.number) continue;  // a million of them is no rarity
      Schemas below;
      for (const Plain* schema : schemas) {
        if (schema->contains("items")) expand((*schema)["items"], list[i], below);
      }
      path_.push_back(std::to_string(i));
      visit(list[i], std::move(below));
      path_.pop_back();
    }
  }

  void keys(const Plain& object, const Schemas& schemas) {
    std::map<std::string, Schemas> below;
    for (const Plain* schema : schemas) {
      if (!schema->contains("properties")) continue;
      for (const auto& [key, about] : (*schema)["properties"].items()) {
        path_.push_back(key);
        if (object.contains(key)) {
          expand(about, object[key], below[key]);
        } else if (about.contains("x-quantity") && about.contains("default") && !found.left_out) {
          found.left_out = {path_, about["x-quantity"].get<std::string>(), about["default"].dump()};
        }
        path_.pop_back();
      }
    }
    for (auto& [key, about] : below) {
      path_.push_back(key);
      visit(object[key], std::move(about));
      path_.pop_back();
    }
  }

  KeyPath path_;
};

/// Whether it is a word that is none of a list's: what else is allowed may depend on it, so that
/// its fault comes first.
bool is_unknown_word(const Plain& document, const SchemaFault& fault) {
  const Plain& value = value_at(document, fault.path);
  if (!value.is_string()) return false;
  return std::ranges::any_of(schemas_at(document, fault.path), [&](const Plain* schema) {
    return schema->contains("enum") && !schema->contains("errorMessage") &&
           !fits(shallow(*schema), value);
  });
}

}  // namespace

Quantities quantities_of(const Json& document) {
  const Plain value = document;
  Schemas schemas;
  expand(whole_schema(), value, schemas);
  QuantityWalk walk;
  walk.visit(value, std::move(schemas));
  return std::move(walk.found);
}

void check_against_schema(const ConfigSource& source) {
  const Plain document = source.document();
  std::vector<SchemaFault> faults = schema_faults(whole_schema(), document);
  const auto word = std::ranges::find_if(
      faults, [&](const SchemaFault& fault) { return is_unknown_word(document, fault); });
  if (word != faults.end()) std::rotate(faults.begin(), word, word + 1);
  for (const SchemaFault& fault : faults) {
    KeyPath path = fault.path;
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
  if (!faults.empty()) source.fail(faults.front().path, faults.front().description);
}

}  // namespace powerstroke::io
