#pragma once

#include <string>
#include <vector>

#include "powerstroke/report/figure.hpp"
#include "powerstroke/study/result/result.hpp"

/// What the report of a run in phase space has in place of the parts about the master equation.
namespace powerstroke::report {

/// Energies, entropies, coordinates at the end, clouds of (x, p), work: those that apply, in this
/// order.
std::vector<Figure> phase_figures(const study::RunResult& result);

std::string phase_introduction(const study::RunResult& result);  ///< what acts on the particles
std::string phase_tiles(
    const study::RunResult& result);  ///< start and end of the main quantities at a glance
std::string phase_series_table(
    const study::RunResult& result);  ///< each ensemble's quantities, start and end
std::string phase_tests_table(const study::RunResult& result);  ///< empty if there are none

}  // namespace powerstroke::report
