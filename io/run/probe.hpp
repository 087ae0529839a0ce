#pragma once

#include "powerstroke/io/config/config.hpp"

namespace powerstroke::io {

/// How long the particles of a run will take on this machine with the threads that `parallel` was given, by running some of
/// them for a fifth of a second: the prediction of `powerstroke validate`. @returns seconds.
double seconds_of_particles(const Config& config);

}  // namespace powerstroke::io
