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

Panel average_panel(const RunResult& result) {
  const std::vector<double>& t = result.series.t;
  Panel panel;
  panel.heading = "⟨exp(−Δ<i>s</i><sub>tot</sub>)⟩";
  panel.x = time_axis(t, result.config.units);
  panel.curves = {{"theorem: 1", Mark::dashed, Ink::law, {{panel.x.low, 1.0}, {panel.x.high, 1.0}}},
                  quantity_bars("particles ± standard error", result.quantity("path_average"), t,
                                panel.x, Ink::particles)};
  panel.y = fitted_axis("⟨exp(−Δ{/:Italic s})⟩", panel.curves, 0.02);
  return panel;
}

/// S_E + s <ln E> - <E>/T, up to a constant: along any path the logarithms of the rates add up to
/// s ln(E_t/E_0) - (E_t - E_0)/T, so that <Delta s_tot> is what this has gained.
std::vector<double> expected_path_entropy(const RunResult& result) {
  const double temperature = laws::rates_temperature(result.config.strokes->law);
  if (!std::isfinite(temperature)) return {};
  const std::vector<double>& entropy = balanced_quantity(result).solution;
  const std::vector<double>& mean = result.quantity("mean_energy").solution;
  std::vector<double> gained;
  for (std::size_t k = 0; k < entropy.size(); ++k)
    gained.push_back(entropy[k] - entropy.front() - (mean[k] - mean.front()) / temperature);
  return gained;
}

/// A path starts at t = 0; the first snapshot may be later.
bool starts_at_zero(const RunResult& result) {
  return !result.series.t.empty() && result.series.t.front() == 0.0;
}

Panel mean_panel(const RunResult& result) {
  const std::vector<double>& t = result.series.t;
  Panel panel;
  panel.heading = "⟨Δ<i>s</i><sub>tot</sub>⟩";
  panel.x = time_axis(t, result.config.units);
  const std::vector<double> expected =
      starts_at_zero(result) ? expected_path_entropy(result) : std::vector<double>{};
  if (!expected.empty())
    panel.curves.push_back(
        solution_curve("solution: entropy produced since the start", expected, t, panel.x));
  panel.curves.push_back(quantity_bars(
      "particles ± standard error", result.quantity("path_entropy"), t, panel.x, Ink::particles));
  panel.y = fitted_axis("⟨Δ{/:Italic s}⟩  (k_B)", panel.curves, 0.05);
  panel.curves.insert(panel.curves.begin(),
                      {"", Mark::line, Ink::muted, {{panel.x.low, 0.0}, {panel.x.high, 0.0}}});
  return panel;
}

bool applies(const RunResult& result) { return !result.quantity("path_average").values.empty(); }

Figure draw(const RunResult& result) {
  Figure figure;
  figure.id = "fig-path";
  figure.title = "Entropy along the strokes of each particle";
  if (!any_finite(result.quantity("path_average").values)) {
    figure.missing =
        "The path entropy has no value here: a start with atoms has no density to take the "
        "logarithm of.";
    return figure;
  }
  figure.panels = {average_panel(result), mean_panel(result)};
  figure.caption =
      "Δ<i>s</i><sub>tot</sub> = ln[<i>P</i>(<i>E</i><sub>0</sub>, "
      "0)/<i>P</i>(<i>E<sub>t</sub></i>, <i>t</i>)] + Σ ln(rate "
      "of a stroke / rate of its reverse), summed over the strokes of a particle from 0 to "
      "<i>t</i> (U. Seifert 2005). "
      "Left, "
      "the average of exp(−Δ<i>s</i><sub>tot</sub>) over the particles; right, that of "
      "Δ<i>s</i><sub>tot</sub> itself.";
  figure.reading =
      "The left average is 1 at any time and from any start. The right one is therefore never "
      "negative, though single "
      "particles may be";
  figure.reading +=
      expected_path_entropy(result).empty() || !starts_at_zero(result)
          ? ": the second law as an average."
          : ", and is the entropy produced since the start: what the particles have gained, less "
            "Δ⟨<i>E</i>⟩/<i>T</i>.";
  figure.reading +=
      " Rare paths of negative Δ<i>s</i><sub>tot</sub> carry much of the left average.";
  return figure;
}

}  // namespace

const ReportFigure path_figure{70, applies, draw};

}  // namespace powerstroke::report
