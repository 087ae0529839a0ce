#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "powerstroke/report/paper/claim_figures.hpp"
#include "powerstroke/report/paper/curves.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/report/text.hpp"
#include "powerstroke/study/paper/measures.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

/// Points with their bars and the fitted line.
Panel fit_panel(const std::string& heading, const std::string& x_label, const std::string& y_label,
                const RateLine& line, const std::string& name, Mark mark, Ink ink) {
  Panel panel;
  panel.heading = heading;
  std::vector<double> x, y, error, fitted;
  for (const analysis::WeightedPoint& p : line.points) {
    x.push_back(p.x);
    y.push_back(p.y);
    error.push_back(p.error);
    fitted.push_back(line.fit.intercept + line.fit.slope * p.x);
  }
  panel.curves = {curve("fitted line", Mark::line, Ink::solution, x, fitted),
                  curve(name, mark, ink, x, y, error)};
  const auto [low, high] = std::minmax_element(x.begin(), x.end());
  const double margin = 0.08 * (*high - *low);
  panel.x = {x_label, *low - margin, *high + margin};
  panel.y = fitted_axis(y_label, panel.curves, 0.1);
  return panel;
}

Figure gas(const PaperResults& results) {
  const RateLine with_T = arrhenius(results, true),
                 order = pressure_line(results, "strokes.gas.pressure");
  Figure figure;
  figure.id = "fig-gas";
  figure.title = "Uptake rate of a gas by temperature and pressure";
  figure.layout = Layout::full;
  figure.panels = {
      fit_panel("Arrhenius plot", "1/{/:Italic T}", "ln({/:Italic w}^+{/:Italic T})", with_T,
                "counted uptakes ± standard error", Mark::bars, Ink::particles),
      fit_panel("pressure", "ln {/:Italic p}", "ln {/:Italic w}^+", order,
                "counted uptakes ± standard error", Mark::bars, Ink::particles)};
  figure.caption =
      "Each dot is a run with a seed of its own; error bars are smaller than the dots. Lines are "
      "weighted least squares.";
  figure.reading = fmt::format("The slopes are −Δ<i>E</i> = {} and the order {}.",
                               number_html(with_T.fit.slope, 5), number_html(order.fit.slope, 5));
  return figure;
}

}  // namespace

ClaimFigures rate_figures() {
  return {{"gas", [](const PaperResults& results) { return std::vector<Figure>{gas(results)}; }}};
}

}  // namespace powerstroke::report
