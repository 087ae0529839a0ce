#pragma once

#include <optional>
#include <string>
#include <vector>

#include "powerstroke/io/config/source.hpp"

namespace powerstroke::io {

/// Holds a config against the JSON Schema.
/// @throws ConfigError for the first thing that does not fit: where, what was found, what is
///         allowed, and the nearest key or word for a misspelt one.
void check_against_schema(const ConfigSource& source);

/// A value that the schema marks as a quantity by "x-quantity".
struct QuantityPlace {
  KeyPath path;
  std::string dimension;  ///< "energy", "time", ...
  std::string text;       ///< of a text itself, of a number its JSON
};

/// The quantities of a config by how they are written. A document that breaks the schema elsewhere
/// is walked as far as it fits.
struct Quantities {
  std::vector<QuantityPlace> texts;
  std::optional<QuantityPlace> number;  ///< the first plain number
  std::optional<QuantityPlace>
      left_out;  ///< the first key that is left out and has a plain number as its default
};
Quantities quantities_of(const Json& document);

}  // namespace powerstroke::io
