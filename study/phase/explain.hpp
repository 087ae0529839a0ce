#pragma once

#include "powerstroke/study/run/run.hpp"

namespace powerstroke::study {

/// What a config of a run in phase space means: what is left alone, what is kept, what it costs.
Meaning explain_phase_space(const Config& config);

}  // namespace powerstroke::study
