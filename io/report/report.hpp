#pragma once

#include <string>
#include <vector>

#include "powerstroke/io/report/figure_drawing.hpp"
#include "powerstroke/io/result/result.hpp"

namespace powerstroke::io {

struct Report {
  std::string html;                  ///< one self-contained page: opens offline, figures as inline SVG
  std::vector<std::string> remarks;  ///< such as that gnuplot is missing
};

/// Why a page lacks figures, for the user; empty if it has all.
std::string missing_figures(const Drawings& drawings);

/// The page for a run or a solve.
Report make_report(const RunResult& result);

}  // namespace powerstroke::io
