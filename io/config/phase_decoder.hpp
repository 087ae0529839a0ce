#pragma once

#include "powerstroke/io/config/source.hpp"
#include "powerstroke/study/settings/config.hpp"

namespace powerstroke::io {

/// The section "phase_space" of what the schema has let through. @param config what of it is
/// decoded already: ensemble, strokes and snapshots.
/// @throws ConfigError for values that do not fit together: where, what was found, what is allowed.
study::PhaseConfig decode_phase_space(const ConfigSource& source, const study::Config& config);

}  // namespace powerstroke::io
