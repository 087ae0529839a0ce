#include "powerstroke/io/report/figures.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "io/report/example.hpp"
#include "powerstroke/io/report/series.hpp"

using namespace powerstroke::io;

namespace {

const Curve* find(const Panel& panel, Mark mark, Ink ink) {
  for (const Curve& curve : panel.curves) {
    if (curve.mark == mark && curve.ink == ink) return &curve;
  }
  return nullptr;
}

}  // namespace

TEST_CASE("densities of particles and solution integrate to 1, bars are those of a binomial") {
  const RunResult result = example::run();
  const Figure figure = energy_figure(result);
  REQUIRE(figure.panels.size() == 6);
  for (const Panel& panel : figure.panels) {
    const Curve* area = find(panel, Mark::area, Ink::particles);
    const Curve* line = find(panel, Mark::line, Ink::solution);
    const Curve* bars = find(panel, Mark::bars, Ink::particles);
    REQUIRE((area != nullptr && line != nullptr && bars != nullptr));
    double particles = 0.0, solution = 0.0;
    for (const Point& p : area->points) particles += 0.25 * p.y;
    for (const Point& p : line->points) solution += 0.25 * p.y;
    CHECK(particles == doctest::Approx(1.0).epsilon(0.01));  // the drawn range leaves 0.002 on either side
    CHECK(solution == doctest::Approx(1.0).epsilon(0.01));
    CHECK(bars->points.size() <= 60);
    for (const Point& p : bars->points) {
      const double n = p.y * 0.25 * static_cast<double>(example::particles);
      const double variance = n * (1.0 - n / static_cast<double>(example::particles));
      CHECK(p.error == doctest::Approx(std::sqrt(variance) / static_cast<double>(example::particles) / 0.25));
    }
  }
  CHECK(find(figure.panels.front(), Mark::dashed, Ink::law) == nullptr);
  CHECK(find(figure.panels.back(), Mark::dashed, Ink::law) != nullptr);
  CHECK(find(figure.panels.back(), Mark::dotted, Ink::exponential) != nullptr);
}

TEST_CASE("bars on few of many bins visit all offsets of the ladder") {
  RunResult result = example::run(2);
  const std::size_t bins = 800, per_delta_e = 40;  // 0.025 each: thirteen bins apart would do, twenty would see two offsets
  result.histograms.edges.clear();
  for (std::size_t i = 0; i <= bins; ++i) result.histograms.edges.push_back(0.025 * static_cast<double>(i));
  result.histograms.counts.assign(2, std::vector<std::uint64_t>(bins, 100));
  const Figure figure = energy_figure(result);
  const Curve* bars = find(figure.panels.front(), Mark::bars, Ink::particles);
  REQUIRE(bars != nullptr);
  REQUIRE(bars->points.size() > 40);
  CHECK(bars->points.size() <= 60);
  const auto stride = static_cast<std::size_t>(std::lround((bars->points[1].x - bars->points[0].x) / 0.025));
  CHECK(std::gcd(stride, per_delta_e) == 1);
}

TEST_CASE("the chosen snapshots share the change of P(E)") {
  const RunResult result = example::run(201);
  const std::vector<std::size_t> chosen = telling_snapshots(result, 6);
  REQUIRE(chosen.size() == 6);
  CHECK(chosen.front() == 0);
  CHECK(chosen.back() == 200);
  std::vector<double> change;
  for (std::size_t j = 1; j < chosen.size(); ++j) {
    REQUIRE(chosen[j] > chosen[j - 1]);
    double variation = 0.0;
    for (std::size_t k = chosen[j - 1]; k < chosen[j]; ++k) {
      const auto p = example::bin_probabilities(result.solution.t[k]),
                 q = example::bin_probabilities(result.solution.t[k + 1]);
      for (std::size_t i = 0; i < p.size(); ++i) variation += 0.5 * std::abs(p[i] - q[i]);
    }
    change.push_back(variation);
  }
  const double mean = std::accumulate(change.begin(), change.end(), 0.0) / 5.0;
  for (const double x : change) CHECK(x == doctest::Approx(mean).epsilon(0.25));  // a snapshot's step is up to a fifth of it
}

TEST_CASE("snapshots over decades get a logarithmic axis, equally spaced ones do not") {
  std::vector<double> even, decades = {0.0};
  for (int k = 0; k <= 100; ++k) even.push_back(k);
  for (double t = 0.01; t < 1000.0; t *= 1.5) decades.push_back(t);
  CHECK_FALSE(time_axis(even).logarithmic);
  const Axis axis = time_axis(decades);
  CHECK(axis.logarithmic);
  CHECK(axis.low > 0.0);
  CHECK(axis.high > decades.back());
  CHECK_FALSE(time_axis({0.0}).logarithmic);
  CHECK_FALSE(time_axis({}).logarithmic);
  const std::vector<std::size_t> bars = spread_snapshots(even, time_axis(even), 45);
  CHECK(bars.size() <= 45);
  CHECK(bars.size() >= 22);
  CHECK(bars.back() == 100);
}

TEST_CASE("a conserved mean energy is not blown up to its noise") {
  const Figure figure = mean_energy_figure(example::run());
  const Axis y = figure.panels.front().y;
  CHECK(y.high - y.low >= 0.02 * 3.5);
  CHECK(y.high - y.low >= doctest::Approx(10.0 * 0.01));
  CHECK(0.5 * (y.high + y.low) == doctest::Approx(3.5).epsilon(0.01));
}

TEST_CASE("below a quantity stands its difference to the solution in standard errors") {
  const RunResult result = example::run();
  const Panel below = phi_figure(result).panels.at(1);
  const Curve* dots = find(below, Mark::dots, Ink::particles);
  REQUIRE(dots != nullptr);
  REQUIRE(dots->points.size() == 21);
  for (std::size_t k = 0; k < 21; ++k)
    CHECK(dots->points[k].y == doctest::Approx(std::sin(7.0 * static_cast<double>(k))).epsilon(1e-9));
}

TEST_CASE("production: quotients of the entropy for energy_conserving, none where heat is exchanged") {
  RunResult result = example::run();
  const Panel conserving = production_figure(result).panels.at(0);
  const Curve* quotients = find(conserving, Mark::squares, Ink::solution);
  REQUIRE(quotients != nullptr);
  // S_E = 2 - 2.2 exp(-t/4): the quotient over an interval h about t is the derivative there times sinh(h/8)/(h/8), h <=
  // t/2.
  for (const Point& p : quotients->points) {
    const double derivative = 0.55 * std::exp(-p.x / 4.0);
    CHECK(p.y >= derivative);
    const double h = std::max(1.0, 0.5 * p.x);
    CHECK(p.y <= 1.000001 * derivative * std::sinh(h / 8.0) / (h / 8.0));
  }
  const Curve* bars = find(conserving, Mark::bars, Ink::particles);
  REQUIRE(bars != nullptr);
  CHECK(bars->points.front().error == doctest::Approx(std::sqrt(2.0) * 0.01));
  CHECK(conserving.y.logarithmic);

  result.config.strokes.balance = Balance::thermal;
  const Figure thermal = production_figure(result);
  REQUIRE(thermal.panels.size() == 1);
  CHECK(thermal.panels[0].curves.size() == 1);
  CHECK(thermal.caption.find("total entropy production") != std::string::npos);
}

TEST_CASE("levels: fractions of the particles over their own level, and the geometric law") {
  const Panel panel = levels_figure(example::run()).panels.at(0);
  const Curve* bars = find(panel, Mark::bars, Ink::particles);
  const Curve* law = find(panel, Mark::dashed, Ink::law);
  REQUIRE((bars != nullptr && law != nullptr));
  CHECK(bars->points.front().x == 0.0);  // level -1 is empty
  double sum = 0.0;
  for (const Point& p : bars->points) sum += p.y;
  CHECK(sum == doctest::Approx(1.0));
  for (const Point& p : law->points) CHECK(p.y == doctest::Approx(0.25 * std::pow(0.75, p.x)));
  CHECK(panel.y.logarithmic);
}

TEST_CASE("a p-value of 0 is drawn on the lower edge of the figure") {
  RunResult result = example::run();
  result.comparison.levels[7].p_value = 0.0;
  const Panel panel = tests_figure(result).panels.at(0);
  const Curve* levels = find(panel, Mark::squares, Ink::check);
  REQUIRE(levels != nullptr);
  CHECK(levels->points[7].y == panel.y.low);
}
