#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace powerstroke::io {

/// A place where a value does not fit a schema, and the validator's own words for it.
struct SchemaFault {
  std::vector<std::string> path;  ///< keys and indices from the root
  std::string description;
};

/// Holds a value against a JSON Schema of draft 7; the innermost faults of each branch come first.
/// Empty if it fits.
/// @throws std::exception if the schema is none.
std::vector<SchemaFault> schema_faults(const nlohmann::json& schema, const nlohmann::json& value);

/// Whether a value fits a schema that lives as long as the program, at one place: it is parsed
/// once, as what is asked of every part of a law with thousands of them.
bool fits_lasting(const nlohmann::json& schema, const nlohmann::json& value);

}  // namespace powerstroke::io
