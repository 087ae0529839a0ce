#include "powerstroke/report/course.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "powerstroke/report/facts.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/report/unit_text.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

constexpr std::size_t kBars = 45;

/// A symbol, and what it is in.
std::string axis_label(const Quantity& quantity, const Units& units) {
  const std::string symbol(quantity_info(quantity.key).symbol.plot);
  if (quantity.unit == "energy")
    return symbol + "  (" + axis_unit(units.energy, "unit of the config") + ")";
  return quantity.unit == "1" ? symbol : symbol + "  (" + quantity.unit + ")";
}

double largest_error(const Quantity& q) {
  double largest = 0.0;
  for (const double e : q.errors) {
    if (std::isfinite(e)) largest = std::max(largest, e);
  }
  return largest;
}

/// @param least_span the axis of values is never narrower, so that noise does not look like a
/// course of events.
Panel quantity_panel(const Quantity& q, const RunResult& result, double least_span,
                     const std::vector<double>* check) {
  const std::vector<double>& t = times(result);
  Panel panel;
  panel.x = time_axis(t, result.config.units);
  if (!q.solution.empty())
    panel.curves.push_back(solution_curve("solution", q.solution, t, panel.x));
  if (result.has_particles)
    panel.curves.push_back(quantity_bars("particles", q, t, panel.x, Ink::particles));
  if (check != nullptr && any_finite(*check)) {
    Curve squares{"particles, without bins", Mark::squares, Ink::check, {}};
    for (const std::size_t k : spread_snapshots(t, panel.x, 4 * kBars))
      squares.points.push_back({t[k], at(*check, k)});
    panel.curves.push_back(std::move(squares));
  }
  panel.y = fitted_axis(axis_label(q, result.config.units), panel.curves,
                        std::max(least_span, 10.0 * largest_error(q)));
  return panel;
}

Curve level_line(const Axis& x, double y, Mark mark) {
  return {"", mark, Ink::muted, {{x.low, y}, {x.high, y}}};
}

/// (particles - solution) / standard error.
Panel deviation_panel(const Quantity& q, const RunResult& result) {
  const std::vector<double>& t = times(result);
  Panel panel;
  panel.size = PanelSize::low;
  panel.x = time_axis(t, result.config.units);
  Curve dots{"", Mark::dots, Ink::particles, {}};
  double largest = 3.2;
  for (const std::size_t k : spread_snapshots(t, panel.x, 2 * kBars)) {
    const double error = at(q.errors, k);
    const double z = error > 0.0 ? (at(q.values, k) - at(q.solution, k)) / error : std::nan("");
    if (std::isfinite(z)) largest = std::max(largest, 1.1 * std::abs(z));
    dots.points.push_back({t[k], z});
  }
  panel.y = {"difference / error", -largest, largest};
  if (drawable(Panel{"", panel.x, panel.y, {dots}, panel.size})) {
    panel.curves = {level_line(panel.x, 0.0, Mark::line), level_line(panel.x, 2.0, Mark::dotted),
                    level_line(panel.x, -2.0, Mark::dotted), std::move(dots)};
  }
  return panel;
}

}  // namespace

bool is_defined(const Quantity& quantity) {
  return quantity.solution.empty() ? any_finite(quantity.values) : any_finite(quantity.solution);
}

Curve quantity_bars(const std::string& name, const Quantity& quantity, const std::vector<double>& t,
                    const Axis& x, Ink ink) {
  Curve curve{name, Mark::bars, ink, {}};
  for (const std::size_t k : spread_snapshots(t, x, kBars)) {
    const double error = at(quantity.errors, k);
    curve.points.push_back({t[k], at(quantity.values, k), std::isfinite(error) ? error : 0.0});
  }
  return curve;
}

void add_course(Figure& figure, const Quantity& quantity, const RunResult& result,
                double least_span, const std::vector<double>* check) {
  figure.panels.push_back(quantity_panel(quantity, result, least_span, check));
  if (!result.has_particles || quantity.solution.empty()) return;
  figure.panels.back().x.label.clear();  // the axis is that of the panel below
  figure.panels.push_back(deviation_panel(quantity, result));
}

std::string course_words(const RunResult& result) {
  std::string text = result.has_particles ? " of the particles (dots with standard errors)" : "";
  if (has_solution(result)) {
    text +=
        result.has_particles
            ? " and of the solution of (7); below, their difference in standard errors, ±2 dotted"
            : " of the solution of (7)";
  }
  return text + (time_axis(times(result)).logarithmic && times(result).front() <= 0.0
                     ? ". The axis of time is logarithmic and leaves <i>t</i> = 0 out."
                     : ".");
}

double span_of_course(const Quantity& quantity) {
  const double typical =
      std::abs(at(quantity.solution.empty() ? quantity.values : quantity.solution, 0));
  return std::isfinite(typical) ? 0.02 * typical : 0.0;
}

}  // namespace powerstroke::report
