#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace powerstroke::study {

/// One `--over path=v1,v2,...`.
struct SweptPath {
  std::string path;
  std::vector<std::string>
      values;  ///< each JSON, or a bare word that is taken as a string; blanks around it are gone
  /// The values as places on an axis: numbers, or quantities of one kind in the unit of the first;
  /// empty if they are neither.
  std::vector<double> places{};
  std::string unit{};  ///< of the places; may be empty

  /// The last key: "temperature" of "strokes.temperature".
  std::string_view key() const;
  /// It is a pressure of a gas, (12), (13).
  bool is_pressure() const {
    return key() == "pressure" || key() == "active_pressure" || key() == "inert_pressure";
  }
};

/// Splits at the commas that stand outside brackets, braces and quotes.
/// @throws ConfigError naming --over for what has no path or no values, for an empty value, for
///         brackets or quotes that do not close, and for a value that is there twice.
SweptPath parse_over(const std::string& option);

/// The same value of a config by either spelling of an index: "transitions[0].rate_down",
/// "transitions.0.rate_down".
bool same_path(std::string_view a, std::string_view b);

}  // namespace powerstroke::study
