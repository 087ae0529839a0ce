#pragma once

#include <nlohmann/json.hpp>

namespace powerstroke::io {

/// The JSON Schema of a config: the text of config.schema.json with the rates laws that there are, each a name and, if it has
/// parameters, a section of its own.
const nlohmann::ordered_json& schema_document();

}  // namespace powerstroke::io
