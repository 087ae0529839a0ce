#pragma once

#include <cstddef>

#include "powerstroke/study/result/result.hpp"

namespace powerstroke::report {

/// Averages of the rates law's factors for a transition over a snapshot: over the solution's
/// probabilities of the histogram's bins, over the particles' where there is no solution. Exact for
/// constant rates whose delta_e lies on an edge; else to the width of a bin, within which the
/// density is taken as even.
laws::MeanFactors mean_factors(const study::RunResult& result, std::size_t transition,
                               std::size_t snapshot);

}  // namespace powerstroke::report
