#pragma once

#include <vector>

#include "powerstroke/study/phase/observe.hpp"

namespace powerstroke::study {

/// What a run in phase space says of itself.
struct PhaseJudgement {
  std::vector<Test> tests;
  Comparison comparison;
};

/// Compares the ensembles of a run with what is known of them.
/// @param observers one a setup, at their end.
/// @returns the tests, the verdict on the run, and remarks.
PhaseJudgement judge_phase_space(const Config& config, const std::vector<PhaseSetup>& setups,
                                 const std::vector<PhaseObserver>& observers);

}  // namespace powerstroke::study
