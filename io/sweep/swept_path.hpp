#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace powerstroke::io {

/// One `--over path=v1,v2,...`.
struct SweptPath {
  std::string path;
  std::vector<std::string> values;  ///< each JSON, or a bare word that is taken as a string; blanks around it are gone

  /// The last key: "temperature" of "strokes.temperature".
  std::string_view key() const;
};

/// Splits at the commas that stand outside brackets, braces and quotes.
/// @throws ConfigError naming --over for what has no path or no values, for an empty value, for brackets or quotes that do
///         not close, and for a value that is there twice.
SweptPath parse_over(const std::string& option);

/// The same value of a config by either spelling of an index: "transitions[0].rate_down", "transitions.0.rate_down".
bool same_path(std::string_view a, std::string_view b);

}  // namespace powerstroke::io
