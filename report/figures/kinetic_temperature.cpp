#include <cmath>
#include <string>

#include "powerstroke/report/course.hpp"
#include "powerstroke/report/facts.hpp"
#include "powerstroke/report/figures.hpp"
#include "powerstroke/report/series.hpp"
#include "powerstroke/report/text.hpp"
#include "powerstroke/report/unit_text.hpp"
#include "powerstroke/study/run/problem.hpp"

namespace powerstroke::report {

using namespace study;

namespace {

/// Where the mean energy is not kept, and there is a temperature that it may go to.
bool applies(const RunResult& result) {
  return !keeps_energy(result.config) && result.comparison.stationary.exists &&
         is_defined(result.quantity("kinetic_temperature"));
}

Figure draw(const RunResult& result) {
  const Quantity& temperature = result.quantity("kinetic_temperature");
  const double end = result.comparison.stationary.temperature;
  Figure figure;
  figure.id = "fig-kinetic-temperature";
  figure.title = "Kinetic temperature";
  figure.layout = Layout::half;
  add_course(figure, temperature, result, span_of_course(temperature));
  Panel& panel = figure.panels.front();
  panel.curves.insert(
      panel.curves.begin(),
      {"of the stationary law", Mark::dashed, Ink::law, {{panel.x.low, end}, {panel.x.high, end}}});
  panel.y = fitted_axis(panel.y.label, panel.curves, 0.0);
  figure.caption =
      "<i>T</i><sub>kin</sub> = 2⟨<i>E</i>⟩/<i>d</i>, as <i>k</i><sub>B</sub><i>T</i>," +
      course_words(result) + " Dashed, the temperature of the stationary law, " + number_html(end) +
      energy_unit_html(result.config.units) + ".";
  figure.reading = laws::state_exponent(result.config.strokes->law.rates) ==
                           0.5 * result.config.ensemble.dimension - 1.0
                       ? "Rates in detailed balance with the density of states lead to the "
                         "Maxwell-Boltzmann distribution, and the two "
                         "to "
                         "one another where nothing keeps energies from mixing."
                       : "Without rates in detailed balance with the density of states of <i>d</i> "
                         "dimensions the end is not the "
                         "Maxwell-Boltzmann distribution, and the two stay apart.";
  return figure;
}

}  // namespace

const ReportFigure kinetic_temperature_figure{35, applies, draw};

}  // namespace powerstroke::report
