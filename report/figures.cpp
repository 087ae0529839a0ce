#include "powerstroke/report/figures.hpp"

#include <algorithm>
#include <array>

#include "powerstroke/report/phase_report.hpp"

namespace powerstroke::report {

using namespace study;

bool always(const RunResult&) { return true; }

std::vector<Figure> report_figures(const RunResult& result) {
  if (result.phase_space) return phase_figures(result);
  std::array figures = {POWERSTROKE_FIGURES};
  std::ranges::sort(figures, {}, &ReportFigure::position);
  std::vector<Figure> drawn;
  for (const ReportFigure& figure : figures)
    if (figure.applies(result)) drawn.push_back(figure(result));
  return drawn;
}

}  // namespace powerstroke::report
