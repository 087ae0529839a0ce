#pragma once

#include <string>
#include <vector>

#include "powerstroke/report/figure_drawing.hpp"
#include "powerstroke/study/result/result.hpp"

namespace powerstroke::report {

struct Report {
  std::string html;  ///< one self-contained page: opens offline, figures as inline SVG
  std::vector<std::string> remarks;  ///< such as that gnuplot is missing
};

/// Why a page lacks figures, for the user; empty if it has all.
std::string missing_figures(const Drawings& drawings);

/// The page for a run or a solve.
Report make_report(const study::RunResult& result);

}  // namespace powerstroke::report
