#pragma once

#include <vector>

#include "powerstroke/report/figure.hpp"
#include "powerstroke/study/sweep/sweep.hpp"

namespace powerstroke::report {

/// One figure for each fitted path: the points with their error bars, the line, and the line that
/// the config expects; for any other path the uptake rate and the mean energy at the end against
/// its values.
std::vector<Figure> sweep_figures(const study::Sweep& sweep);

}  // namespace powerstroke::report
