#include "powerstroke/report/sweep/figures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "powerstroke/report/series.hpp"
#include "powerstroke/report/text.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

/// In gnuplot's enhanced notation.
std::string plain_label(std::string_view key) {
  std::string label;
  for (const char letter : key) {
    const bool harmless = std::isalnum(static_cast<unsigned char>(letter)) != 0;
    if (letter == '_') label += "\\_";
    if (harmless || letter == ' ' || letter == '/') label += letter;
  }
  return label;
}

/// An axis of all x with a margin.
Axis x_axis(const std::string& label, const std::vector<Curve>& curves) {
  std::vector<Curve> turned = curves;
  for (Curve& curve : turned) {
    for (Point& p : curve.points) p = {p.y, p.x, 0.0};
  }
  return fitted_axis(label, turned, 0.0);
}

std::string value_list(const std::vector<std::pair<std::string, std::string>>& at) {
  std::string text;
  for (const auto& [path, value] : at)
    text +=
        fmt::format("{}{} = {}", text.empty() ? "" : ", ", escape_html(path), escape_html(value));
  return text;
}

struct Words {
  const char *title, *x, *y, *meaning;
};

Words words_of(SweepFit::Kind kind) {
  switch (kind) {
    case SweepFit::Kind::arrhenius:
      return {"Arrhenius plot", "1/{/:Italic T}", "ln {/:Italic w}^+",
              "ln <i>w</i>⁺ against 1/<i>T</i>: a straight line of slope −Δ<i>E</i>, where "
              "<i>w</i>⁻ does not depend on "
              "<i>T</i>"};
    case SweepFit::Kind::arrhenius_gas:
      return {"Arrhenius plot of a gas, (12)", "1/{/:Italic T}", "ln ({/:Italic w}^+{/:Italic T})",
              "ln(<i>w</i>⁺<i>T</i>) against 1/<i>T</i>: a straight line of slope −Δ<i>E</i>, as "
              "<i>w</i>⁺ ∝ "
              "exp(−Δ<i>E</i>/<i>T</i>)/<i>T</i>"};
    case SweepFit::Kind::pressure: break;
  }
  return {"Order of the rate in the pressure", "ln {/:Italic p}", "ln {/:Italic w}^+",
          "ln <i>w</i>⁺ against ln <i>p</i>: the slope is the order of the rate in the pressure"};
}

/// The line over the range of the points.
std::vector<Point> ends(const SweepFit& fit, double slope, double x0, double y0) {
  const auto less = [](const auto& a, const auto& b) { return a.x < b.x; };
  const auto [low, high] = std::minmax_element(fit.points.begin(), fit.points.end(), less);
  return {{low->x, y0 + slope * (low->x - x0)}, {high->x, y0 + slope * (high->x - x0)}};
}

Panel fit_panel(const SweepFit& fit, const Words& words) {
  Panel panel;
  Curve measured{"measured", Mark::bars, Ink::particles, {}};
  double weight = 0.0, x = 0.0;
  for (const analysis::WeightedPoint& p : fit.points) {
    measured.points.push_back({p.x, p.y, p.error});
    weight += 1.0 / (p.error * p.error);
    x += p.x / (p.error * p.error);
  }
  x /= weight;
  const double y = fit.line.intercept + fit.line.slope * x;
  const double expected = fit.kind == SweepFit::Kind::pressure ? fit.expected : -fit.expected;
  panel.heading = value_list(fit.at);
  panel.curves = {{"fitted line", Mark::line, Ink::solution, ends(fit, fit.line.slope, x, y)},
                  {"slope of the config’s law, through the centre of the points", Mark::dotted,
                   Ink::law, ends(fit, expected, x, y)},
                  std::move(measured)};
  panel.x = x_axis(words.x, panel.curves);
  panel.y = fitted_axis(words.y, panel.curves, 0.0);
  return panel;
}

Panel residual_panel(const SweepFit& fit, const Words& words) {
  Panel panel;
  panel.size = PanelSize::low;
  Curve residuals{"measured", Mark::bars, Ink::particles, {}};
  for (const analysis::WeightedPoint& p : fit.points)
    residuals.points.push_back({p.x, p.y - fit.line.intercept - fit.line.slope * p.x, p.error});
  panel.curves = {std::move(residuals)};
  panel.x = x_axis(words.x, panel.curves);
  panel.y = fitted_axis("distance", panel.curves, 0.0);
  panel.curves.insert(
      panel.curves.begin(),
      {"fitted line", Mark::line, Ink::solution, {{panel.x.low, 0.0}, {panel.x.high, 0.0}}});
  return panel;
}

std::string fit_sentence(const SweepFit& fit) {
  const std::string what = fit.kind == SweepFit::Kind::pressure ? "order" : "Δ<i>E</i>";
  std::string text = fmt::format("{} = {}{}, expected {}: {} standard errors", what,
                                 measured_html(fit.value, fit.error), escape_html(fit.unit),
                                 number_html(fit.expected, 6), number_html(fit.z, 2));
  if (fit.line.dof > 0.0) {
    text += fmt::format("; <i>χ</i>² = {} for {} degrees of freedom, <i>p</i> = {}",
                        number_html(fit.line.chi2, 3), number_html(fit.line.dof),
                        number_html(fit.line.p_value, 2));
  }
  return fit.at.empty() ? text : value_list(fit.at) + ": " + text;
}

Figure fit_figure(const Sweep& sweep, const SweptPath& swept) {
  Figure figure;
  figure.layout = Layout::beside;
  for (const SweepFit& fit : sweep.fits) {
    if (fit.path != swept.path) continue;
    const Words words = words_of(fit.kind);
    figure.title = words.title;
    figure.caption = figure.caption.empty()
                         ? fmt::format("{}. Error bars are those of counted uptakes. {}",
                                       words.meaning, fit_sentence(fit))
                         : fmt::format("{}. {}", figure.caption, fit_sentence(fit));
    figure.panels.push_back(fit_panel(fit, words));
    figure.panels.push_back(residual_panel(fit, words));
  }
  if (figure.panels.size() > 2) figure.layout = Layout::full;
  figure.caption += ".";
  figure.reading =
      "The dotted line has the slope that the config’s law says. Below are the distances of the "
      "points from the fitted "
      "line: by "
      "chance two in three lie within their bars, more where the runs share a seed.";
  return figure;
}

Figure values_figure(const Sweep& sweep, std::size_t path) {
  const SweptPath& swept = sweep.over[path];
  const bool found = !swept.places.empty();
  Figure figure;
  figure.title = fmt::format("Rate and energy against <code>{}</code>", escape_html(swept.path));
  Curve rate{"uptake rate, measured", Mark::bars, Ink::particles, {}},
      law{"<i>w</i>⁺ of the law", Mark::dots, Ink::solution, {}};
  Curve energy{"mean energy at the end", Mark::bars, Ink::particles, {}};
  for (const SweepRow& row : sweep.rows) {
    const auto place = std::find(swept.values.begin(), swept.values.end(), row.values[path]) -
                       swept.values.begin();
    const double x =
        found ? swept.places[static_cast<std::size_t>(place)] : static_cast<double>(place) + 1.0;
    const MeasuredValue mean = row.end("mean_energy");
    rate.points.push_back({x, row.uptake_rate.value, row.uptake_rate.error});
    law.points.push_back({x, row.law_rate_up});
    energy.points.push_back({x, mean.value, mean.error});
  }
  const std::string unit = found && !swept.unit.empty() ? " / " + swept.unit : "";
  const std::string label =
      found ? plain_label(swept.key()) + plain_label(unit) : "number of the value";
  for (std::vector<Curve> curves : {std::vector<Curve>{law, rate}, std::vector<Curve>{energy}}) {
    Panel panel;
    panel.x = x_axis(label, curves);
    panel.y = fitted_axis(curves.size() == 2 ? "uptake rate" : "mean energy", curves, 0.0);
    panel.curves = std::move(curves);
    figure.panels.push_back(std::move(panel));
  }
  figure.caption =
      "Left: uptakes per particle and time of the whole run, beside <i>w</i>⁺ of the law. Right: "
      "the mean energy at the "
      "end. One dot a run, "
      "with its standard error.";
  if (!found) figure.caption += " The values are no numbers: they are numbered as they were given.";
  figure.reading = sweep.over.size() > 1
                       ? "Dots one above the other differ in the other swept values."
                       : "The table has the numbers.";
  return figure;
}

}  // namespace

std::vector<Figure> sweep_figures(const Sweep& sweep) {
  std::vector<Figure> figures;
  for (std::size_t path = 0; path < sweep.over.size(); ++path) {
    const SweptPath& swept = sweep.over[path];
    const bool fitted = std::any_of(sweep.fits.begin(), sweep.fits.end(),
                                    [&](const SweepFit& fit) { return fit.path == swept.path; });
    figures.push_back(fitted ? fit_figure(sweep, swept) : values_figure(sweep, path));
    figures.back().id = fmt::format("fig-sweep-{}", path + 1);
  }
  return figures;
}

}  // namespace powerstroke::report
