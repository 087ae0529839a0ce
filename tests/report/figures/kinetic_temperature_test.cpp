#include <doctest/doctest.h>

#include "powerstroke/report/figures.hpp"
#include "report/example.hpp"

using namespace powerstroke;
using namespace powerstroke::report;
using namespace powerstroke::study;

TEST_CASE("kinetic temperature: its course goes to the stationary law's, and the axis holds both") {
  RunResult result = example::run();
  CHECK_FALSE(
      kinetic_temperature_figure.applies(result));  // at constant mean energy it has no course
  result.config.strokes->law.balance = laws::Thermal{2.0};
  result.comparison.stationary.temperature = 3.5;
  CHECK_FALSE(kinetic_temperature_figure.applies(result));  // a file of an earlier version
  Quantity& temperature = result.quantity("kinetic_temperature");
  for (std::size_t k = 0; k < result.series.t.size(); ++k) {
    temperature.push(4.0, 0.1);
    temperature.solution.push_back(4.1);
  }
  REQUIRE(kinetic_temperature_figure.applies(result));
  const Figure figure = kinetic_temperature_figure(result);
  REQUIRE(figure.panels.size() == 2);
  const Panel& panel = figure.panels.front();
  REQUIRE(panel.curves.front().mark == Mark::dashed);
  CHECK(panel.curves.front().points.front().y == result.comparison.stationary.temperature);
  CHECK(panel.y.low < result.comparison.stationary.temperature);
  CHECK(panel.y.high > 4.1);
  // (4.0 - 4.1) / 0.1
  CHECK(figure.panels[1].curves.back().points.front().y == doctest::Approx(-1.0));
}
