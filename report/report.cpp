#include "powerstroke/report/report.hpp"

#include <fmt/format.h>

#include "powerstroke/report/figures.hpp"
#include "powerstroke/report/page.hpp"

namespace powerstroke::report {

using namespace study;

std::string missing_figures(const Drawings& drawings) {
  if (drawings.no_gnuplot)
    return drawings.problem + ": the report has no figures; install it and run again";
  return drawings.problem.empty() ? ""
                                  : fmt::format("the report lacks figures: {}", drawings.problem);
}

Report make_report(const RunResult& result) {
  const std::vector<Figure> figures = report_figures(result);
  const Drawings drawings = draw(figures);
  const std::string remark = missing_figures(drawings);
  Report report;
  if (!remark.empty()) report.remarks.push_back(remark);
  report.html = report_page(result, figures, drawings, remark);
  return report;
}

}  // namespace powerstroke::report
