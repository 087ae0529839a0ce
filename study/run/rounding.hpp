#pragma once

#include <string>

#include "powerstroke/study/settings/config.hpp"

namespace powerstroke::study {

/// How the bath's excited fraction was rounded to whole systems, in words; empty if it was not.
std::string rounded_bath(const Config& config);

}  // namespace powerstroke::study
