#pragma once

#include <vector>

#include "powerstroke/report/figure.hpp"
#include "powerstroke/study/result/result.hpp"

namespace powerstroke::report {

/// One of the figures of a report. Each is one file of report/figures, found by the build:
/// entropy.cpp defines `const ReportFigure entropy_figure`. A figure that has nothing to show says
/// why (`Figure::missing`).
struct ReportFigure {
  int position;  ///< on the page: ascending
  bool (*applies)(const study::RunResult& result);
  Figure (*draw)(const study::RunResult& result);

  Figure operator()(const study::RunResult& result) const { return draw(result); }
};

/// For figures of every run in energy space.
bool always(const study::RunResult& result);

}  // namespace powerstroke::report

#include "powerstroke/report/figures_list.hpp"  // made by CMake: declares the figures of report/figures

namespace powerstroke::report {

/// The figures that apply to a run, by their positions.
std::vector<Figure> report_figures(const study::RunResult& result);

}  // namespace powerstroke::report
