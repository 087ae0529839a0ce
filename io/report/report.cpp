#include "powerstroke/io/report/report.hpp"

#include <fmt/format.h>

#include "powerstroke/io/report/figures.hpp"
#include "powerstroke/io/report/page.hpp"

namespace powerstroke::io {

Report make_report(const RunResult& result) {
  const std::vector<Figure> figures = report_figures(result);
  const Drawings drawings = draw(figures);
  Report report;
  if (drawings.problem == "gnuplot is not installed") {
    report.remarks.push_back("gnuplot is not installed: the report has no figures; install it and run again");
  } else if (!drawings.problem.empty()) {
    report.remarks.push_back(fmt::format("the report lacks figures: {}", drawings.problem));
  }
  report.html = report_page(result, figures, drawings, report.remarks.empty() ? "" : report.remarks.front());
  return report;
}

}  // namespace powerstroke::io
