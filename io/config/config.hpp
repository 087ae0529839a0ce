#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "powerstroke/study/settings/config.hpp"
#include "powerstroke/study/settings/decoder.hpp"

/// A config file turned into the settings of a run.
namespace powerstroke::io {

/// Reads, validates and decodes a config file.
/// @throws IoError if the file cannot be read.
/// @throws ConfigError if it is no JSON, breaks the schema, or asks for what makes no sense; the
///         message says where in the file, what was found, what is allowed, and the nearest key for
///         a misspelt one.
study::Config read_config(const std::filesystem::path& file,
                          const std::vector<study::Override>& overrides = {});

/// The same for a config held in memory; `origin` stands for the file's name in messages.
study::Config parse_config(const std::string& text, const std::string& origin,
                           const std::vector<study::Override>& overrides = {});

/// The "strokes" of a config alone, for momenta that another code owns: JSON, comments allowed,
/// plain numbers in that code's units.
/// @param particles of the ensemble that they act on; @param origin stands for the file's name in
/// messages.
/// @throws ConfigError as `read_config`.
study::StrokesConfig parse_strokes(const std::string& text, std::uint64_t particles, int dimension,
                                   double mass, const std::string& origin);

/// The JSON Schema (draft 7) that `read_config` checks against.
std::string config_schema();

/// A commented config to start from: the relaxation example.
std::string config_template();

}  // namespace powerstroke::io
