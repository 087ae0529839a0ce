#pragma once

#include "powerstroke/io/config/source.hpp"

namespace powerstroke::io {

/// Holds a config against the JSON Schema.
/// @throws ConfigError for the first thing that does not fit: where, what was found, what is allowed, and the nearest key or
///         word for a misspelt one.
void check_against_schema(const ConfigSource& source);

}  // namespace powerstroke::io
