#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/study/settings/decoder.hpp"

/// Where the values of a config come from: the text of the file, and overrides on the command line.
namespace powerstroke::io {

using Json = nlohmann::ordered_json;

/// Keys and indices from the root of a document to a value in it.
using KeyPath = std::vector<std::string>;

/// "strokes.transitions[0].delta_e"
std::string spelled(const KeyPath& path);

/// Something is wrong with a value that an option on the command line has set; the message begins
/// with the option.
struct OptionError : ConfigError {
  OptionError(const std::string& which, const std::string& message)
      : ConfigError(which + ": " + message), option(which) {}
  std::string option;
};

class ConfigSource {
 public:
  /// Parses JSON with comments. @param origin the file's name, for messages.
  /// @throws ConfigError for what is no JSON, for a key that is there twice, a number beyond the
  ///         range of doubles, or nesting over 64 levels; with line and column, or line and path.
  ConfigSource(std::string text, std::string origin);

  /// Sets the value at a path; objects on the way are made, list entries must be there.
  /// @throws OptionError, or ConfigError for what is no path.
  void set(const study::Override& override);

  const Json& document() const { return document_; }
  /// Changes the document before it is checked.
  void edit(const std::function<void(Json&)>& change) { change(document_); }

  /// Puts numbers in the place of texts. @param note ends each later message about one of these
  /// places.
  void convert(const std::vector<std::pair<KeyPath, double>>& numbers, std::string note);

  /// The document before `convert`, as the user wrote it.
  const Json& written() const { return converted_.empty() ? document_ : written_; }

  /// "<file>:<line>", or the option that set the value at a path.
  std::string origin_of(const KeyPath& path) const;

  /// Ends with a message that begins with where the value at `path` comes from: "<file>:<line>: at
  /// <path>: ", or the option.
  [[noreturn]] void fail(const KeyPath& path, const std::string& message) const;

 private:
  struct Option {
    KeyPath path;
    std::string name;
  };

  /// The option that set the value at a path, or what is above it; nullptr if the file has it.
  const Option* option_at(const KeyPath& path) const;

  std::string text_, origin_;
  Json document_, written_;
  std::vector<KeyPath> converted_;
  std::string note_;
  std::vector<Option> options_;
};

}  // namespace powerstroke::io
