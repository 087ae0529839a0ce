#pragma once

#include "powerstroke/study/run/run.hpp"

namespace powerstroke::study {

/// A run in phase space: every ensemble of `phase_setups` through the snapshots, one after the
/// other.
/// @param checkpoints and @param publish as `run`; the run itself is streamed to their frame log,
/// if the config asks for a trajectory.
RunResult run_phase_space(const Config& config, const Progress& progress,
                          Keeper* checkpoints = nullptr, const Publish& publish = {});

}  // namespace powerstroke::study
