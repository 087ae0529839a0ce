#pragma once

#include <string>

#include "powerstroke/study/result/result.hpp"

/// The report's tables, each a `<table>` (or a list) ready for the page.
namespace powerstroke::report {

std::string summary_tiles(
    const study::RunResult& result);  ///< start and end of the main quantities at a glance
std::string transitions_table(
    const study::RunResult& result);  ///< rates of each; empty for fewer than two
std::string series_table(const study::RunResult& result);  ///< the series at about ten times
std::string tests_table(const study::RunResult& result);   ///< worst p-values, the stationary law
std::string run_table(const study::RunResult& result);     ///< provenance, speed, solver

}  // namespace powerstroke::report
