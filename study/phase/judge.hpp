#pragma once

#include <vector>

#include "powerstroke/study/phase/observe.hpp"

namespace powerstroke::study {

/// Holds the sides of a run against what is known of them, and puts the verdict into words: fills `phase_space->tests` and
/// `comparison`.
void judge_phase_space(const std::vector<PhaseSetup>& setups, const std::vector<PhaseObserver>& observers,
                       RunResult& result);

}  // namespace powerstroke::study
