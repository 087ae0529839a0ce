#pragma once

#include <nlohmann/json.hpp>

namespace powerstroke::io {

/// The JSON Schema of a config: the text of config.schema.json with the laws that there are. A
/// rates law is a name and, if it has parameters, a section of its own; an energy law and a
/// potential is a definition, its name beside its parameters.
const nlohmann::ordered_json& schema_document();

}  // namespace powerstroke::io
