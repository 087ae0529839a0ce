#pragma once

#include <optional>

#include "powerstroke/study/result/remark.hpp"
#include "powerstroke/study/settings/config.hpp"

namespace powerstroke::study {

/// @returns how the bath's excited fraction was rounded to whole systems, if it was.
std::optional<Remark> rounded_bath(const Config& config);

}  // namespace powerstroke::study
