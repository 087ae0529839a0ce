#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/report/course.hpp"
#include "powerstroke/report/facts.hpp"
#include "powerstroke/report/figures.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/report/text.hpp"
#include "powerstroke/report/unit_text.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

bool applies(const RunResult& result) { return !result.quantity("information").values.empty(); }

Figure draw(const RunResult& result) {
  const std::vector<double>& t = result.series.t;
  Figure figure;
  figure.id = "fig-information";
  figure.title = "What a particle’s energy still tells of its start";
  if (!any_finite(result.quantity("information").values)) {
    figure.missing = "The information has no value here.";
    return figure;
  }
  Panel panel;
  panel.x = time_axis(t, result.config.units);
  const std::vector<double>& exact = result.quantity("information").solution;
  if (!exact.empty()) panel.curves.push_back(solution_curve("exact", exact, t, panel.x));
  panel.curves.push_back(quantity_bars("particles ± standard error", result.quantity("information"),
                                       t, panel.x, Ink::particles));
  panel.y = fitted_axis("{/:Italic I}({/:Italic E}_0; {/:Italic E}_t)  (k_B)", panel.curves, 0.05);
  panel.y.low = std::min(panel.y.low, 0.0);
  panel.curves.insert(panel.curves.begin(),
                      {"", Mark::line, Ink::muted, {{panel.x.low, 0.0}, {panel.x.high, 0.0}}});
  figure.panels.push_back(std::move(panel));
  figure.layout = Layout::beside;
  figure.caption =
      "Shannon’s information <i>I</i>(<i>E</i><sub>0</sub>; <i>E<sub>t</sub></i>) between a "
      "particle’s energies at the "
      "start "
      "and at <i>t</i>, each known to a quarter of the ladder’s step, with standard errors; the "
      "exact value is there where "
      "rates are "
      "given.";
  figure.reading =
      "Strokes forget. What is left in the end is the invariant, <i>E</i> modulo " +
      (has_several_transitions(result.config)
           ? number_html(ladder_step(result.config)) + energy_unit_html(result.config.units)
           : std::string("Δ<i>E</i>")) +
      ", as far as the quarters resolve it: no stroke changes it.";
  return figure;
}

}  // namespace

const ReportFigure information_figure{80, applies, draw};

}  // namespace powerstroke::report
