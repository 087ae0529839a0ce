#pragma once

#include <string>
#include <vector>

#include "powerstroke/report/figure_drawing.hpp"
#include "powerstroke/study/result/result.hpp"

namespace powerstroke::report {

/// The page around the figures: verdict, what was computed, figures, numbers, tests, the run, the
/// config.
/// @param remark shown in place of figures that are missing; empty if none is.
std::string report_page(const study::RunResult& result, const std::vector<Figure>& figures,
                        const Drawings& drawings, const std::string& remark);

}  // namespace powerstroke::report
