#pragma once

#include <functional>
#include <string>
#include <vector>

#include "powerstroke/study/settings/config.hpp"

namespace powerstroke::study {

/// One `--set path.to.key=VALUE`: VALUE is JSON, or a bare word that is taken as a string.
struct Override {
  std::string path;
  std::string value;
  std::string option = {};  ///< what messages call it; empty: "--set path.to.key"
};

/// Turns the text of a config with some of its values replaced into settings. `io::parse_config` is
/// one; `origin` stands for the file's name in messages.
/// @throws ConfigError if the text is no valid config.
using Decoder = std::function<Config(const std::string& text, const std::string& origin,
                                     const std::vector<Override>& overrides)>;

}  // namespace powerstroke::study
