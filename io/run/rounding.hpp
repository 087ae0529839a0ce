#pragma once

#include <string>

#include "powerstroke/io/config/config.hpp"

namespace powerstroke::io {

/// How the bath's excited fraction was rounded to whole systems, in words; empty if it was not.
std::string rounded_bath(const Config& config);

}  // namespace powerstroke::io
