#pragma once

#include "powerstroke/study/run/compare.hpp"

namespace powerstroke::study {

/// Two results of which at least one is a run in phase space: ensembles of the same name, every
/// quantity at common snapshots and the coordinates at the end. Two-sample tests of independent
/// particles; where collisions or `exchange` keep the energy of all, means scatter by less than
/// that.
ResultComparison compare_phase_space(const RunResult& a, const RunResult& b);

}  // namespace powerstroke::study
