#include "powerstroke/report/figures.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>

#include "powerstroke/report/mean_factors.hpp"
#include "powerstroke/report/series.hpp"
#include "report/example.hpp"

using namespace powerstroke::study;
using namespace powerstroke::report;
namespace laws = powerstroke::laws;

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
    CHECK(particles ==
          doctest::Approx(1.0).epsilon(0.01));  // the drawn range leaves 0.002 on either side
    CHECK(solution == doctest::Approx(1.0).epsilon(0.01));
    CHECK(bars->points.size() <= 60);
    for (const Point& p : bars->points) {
      const double n = p.y * 0.25 * static_cast<double>(example::particles);
      const double variance = n * (1.0 - n / static_cast<double>(example::particles));
      CHECK(p.error ==
            doctest::Approx(std::sqrt(variance) / static_cast<double>(example::particles) / 0.25));
    }
  }
  CHECK(find(figure.panels.front(), Mark::dashed, Ink::law) == nullptr);
  CHECK(find(figure.panels.back(), Mark::dashed, Ink::law) != nullptr);
  CHECK(find(figure.panels.back(), Mark::dotted, Ink::exponential) != nullptr);
}

TEST_CASE("bars on few of many bins visit all offsets of the ladder") {
  RunResult result = example::run(2);
  const std::size_t
      bins = 800,
      per_delta_e = 40;  // 0.025 each: thirteen bins apart would do, twenty would see two offsets
  result.histograms.edges.clear();
  for (std::size_t i = 0; i <= bins; ++i)
    result.histograms.edges.push_back(0.025 * static_cast<double>(i));
  result.histograms.counts.assign(2, std::vector<std::uint64_t>(bins, 100));
  const Figure figure = energy_figure(result);
  const Curve* bars = find(figure.panels.front(), Mark::bars, Ink::particles);
  REQUIRE(bars != nullptr);
  REQUIRE(bars->points.size() > 40);
  CHECK(bars->points.size() <= 60);
  const auto stride =
      static_cast<std::size_t>(std::lround((bars->points[1].x - bars->points[0].x) / 0.025));
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
  for (const double x : change)
    CHECK(x == doctest::Approx(mean).epsilon(0.25));  // a snapshot's step is up to a fifth of it
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
    CHECK(dots->points[k].y ==
          doctest::Approx(std::sin(7.0 * static_cast<double>(k))).epsilon(1e-9));
}

TEST_CASE(
    "production: quotients of the entropy for energy_conserving, none where heat is exchanged") {
  RunResult result = example::run();
  const Panel conserving = production_figure(result).panels.at(0);
  const Curve* quotients = find(conserving, Mark::squares, Ink::solution);
  REQUIRE(quotients != nullptr);
  // S_E = 2 - 2.2 exp(-t/4): the quotient over an interval h about t is the derivative there times
  // sinh(h/8)/(h/8), h <= t/2.
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

  example::set_balance(result, laws::Thermal{2.0});
  const Figure thermal = production_figure(result);
  REQUIRE(thermal.panels.size() == 2);
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

TEST_CASE("production under microreversible rates: quotients of S^(1)") {
  RunResult result = example::run();
  example::set_rates(result, laws::Microreversible(3), 3);
  const Figure figure = production_figure(result);
  REQUIRE(figure.panels.size() == 1);
  const Curve* quotients = find(figure.panels[0], Mark::squares, Ink::solution);
  REQUIRE(quotients != nullptr);
  for (const Point& p : quotients->points) {  // S^(1) = 5.3 - 2 exp(-t/4), as above
    const double derivative = 0.5 * std::exp(-p.x / 4.0), h = std::max(1.0, 0.5 * p.x);
    CHECK(p.y >= derivative);
    CHECK(p.y <= 1.000001 * derivative * std::sinh(h / 8.0) / (h / 8.0));
  }
  CHECK(figure.caption.find("(A.6)") == std::string::npos);
}

TEST_CASE("the balance shows production, change and exchange as the solution has them") {
  RunResult result = example::run();
  example::set_balance(result, laws::Thermal{2.0});
  for (double& x : result.quantity("entropy_exchange").solution) x = 0.3;
  for (double& x : result.quantity("entropy_production").solution) x += 0.3;
  const Panel panel = production_figure(result).panels.at(1);
  const Curve* production = find(panel, Mark::line, Ink::solution);
  const Curve* change = find(panel, Mark::dashed, Ink::check);
  const Curve* exchange = find(panel, Mark::dotted, Ink::surroundings);
  const Curve* gained = find(panel, Mark::bars, Ink::particles);
  REQUIRE((production != nullptr && change != nullptr && exchange != nullptr && gained != nullptr));
  REQUIRE(production->points.size() == 21);
  for (std::size_t k = 0; k < 21; ++k) {
    CHECK(change->points[k].y == doctest::Approx(0.55 * std::exp(-change->points[k].x / 4.0)));
    CHECK(production->points[k].y == doctest::Approx(change->points[k].y + exchange->points[k].y));
  }
  CHECK_FALSE(panel.y.logarithmic);
}

TEST_CASE("a spike at the start does not flatten the balance") {
  RunResult result = example::run(101);
  example::set_balance(result, laws::Thermal{2.0});
  result.quantity("entropy_production").solution[0] =
      result.quantity("entropy_change").solution[0] = 1000.0;
  const Axis y = production_figure(result).panels.at(1).y;
  CHECK(y.high < 1.0);
  CHECK(y.high > 0.4);
}

TEST_CASE("small rates are written over a power of ten") {
  RunResult result = example::run();
  example::set_balance(result, laws::Thermal{2.0});
  for (std::vector<double>* rates : {&result.quantity("entropy_production").solution,
                                     &result.quantity("entropy_change").solution})
    for (double& x : *rates) x *= 1e-3;  // the largest is 5.5e-4
  const Panel panel = production_figure(result).panels.at(1);
  CHECK(panel.y.label.find("10^{-4}") != std::string::npos);
  CHECK(find(panel, Mark::line, Ink::solution)->points.front().y == doctest::Approx(5.5));
  CHECK(panel.y.high > 5.5);
}

TEST_CASE("a small density is written over a power of ten, which goes into its unit") {
  Panel panel;
  panel.y = {"P  (1 / cm^{-1})", 0.0, 4e-3};
  panel.curves = {{"", Mark::bars, Ink::particles, {{1.0, 3e-3, 1e-3}}}};
  shorten_numbers(panel);
  CHECK(panel.y.label == "P  (10^{-3} / cm^{-1})");
  CHECK(panel.y.high == doctest::Approx(4.0));
  CHECK(panel.curves[0].points[0].y == doctest::Approx(3.0));
  CHECK(panel.curves[0].points[0].error == doctest::Approx(1.0));
  shorten_numbers(panel);
  CHECK(panel.y.high == doctest::Approx(4.0));
}

TEST_CASE(
    "bath: counted and solved fractions, their stationary value, and the entropy of particles and "
    "systems") {
  RunResult result = example::run();
  example::set_balance(result, laws::Bath{0.5, 0.1});
  const Figure figure = bath_figure(result);
  REQUIRE(figure.panels.size() == 2);
  const Curve* law = find(figure.panels[0], Mark::dashed, Ink::law);
  const Curve* dots = find(figure.panels[0], Mark::dots, Ink::particles);
  REQUIRE((law != nullptr && dots != nullptr));
  const double x = law->points.front().y;
  CHECK(x / (1.0 - x) == doctest::Approx(std::exp(-1.0 / 3.0)));  // dE = 1, T = 3
  CHECK(dots->points.back().y == doctest::Approx(0.4 - 0.3 * std::exp(-5.0) + 0.001));
  const Curve* total = find(figure.panels[1], Mark::bars, Ink::particles);
  REQUIRE(total != nullptr);
  const double end = dots->points.back().y;
  const double of_systems =
      -0.5 * (end * std::log(end) + (1.0 - end) * std::log(1.0 - end));  // M/N = 1/2
  CHECK(total->points.back().y ==
        doctest::Approx(result.quantity("S_E").values.back() + of_systems));

  example::set_rates(result, laws::Microreversible(3), 3);
  const Panel with_states = bath_figure(result).panels.at(1);
  CHECK(find(with_states, Mark::bars, Ink::particles)->points.back().y ==
        doctest::Approx(result.quantity("S_E").values.back() +
                        0.5 * result.quantity("mean_ln_E").values.back() + of_systems));
  example::set_several_transitions(result);
  CHECK(bath_figure(result).panels.size() == 4);
}

TEST_CASE(
    "path entropy: 1 for the average of the exponential, and the entropy produced since the "
    "start") {
  RunResult result = example::run();
  example::set_balance(result, laws::Thermal{2.0});
  example::add_paths(result);
  for (std::size_t k = 0; k < 21; ++k)
    result.quantity("mean_energy").solution[k] = 3.5 - 0.05 * static_cast<double>(k);
  const Figure figure = path_figure(result);
  REQUIRE(figure.panels.size() == 2);
  CHECK(find(figure.panels[0], Mark::dashed, Ink::law)->points.front().y == 1.0);
  const Curve* produced = find(figure.panels[1], Mark::line, Ink::solution);
  REQUIRE(produced != nullptr);
  REQUIRE(produced->points.size() == 21);
  for (std::size_t k = 0; k < 21; ++k) {  // the gain of S_E - <E>/T, T = 2
    const double gained =
        2.2 * (1.0 - std::exp(-static_cast<double>(k) / 4.0)) + 0.05 * static_cast<double>(k) / 2.0;
    CHECK(produced->points[k].y == doctest::Approx(gained));
  }
  example::set_balance(result, laws::Given{});
  example::set_several_transitions(result);  // no temperature
  CHECK(find(path_figure(result).panels.at(1), Mark::line, Ink::solution) == nullptr);
  CHECK(information_figure(result).panels.at(0).curves.back().points.front().y == 3.0);
}

TEST_CASE("averages of the factors over an even density") {
  RunResult result = example::run(2);
  for (auto& row : result.solution.bin_probability) row.assign(80, 1.0 / 80.0);  // on [0, 20)
  CHECK(mean_factors(result, 0, 1).release == doctest::Approx(0.95));
  CHECK(mean_factors(result, 0, 1).uptake == doctest::Approx(1.0));
  example::set_rates(result, laws::Microreversible(3), 3);
  // The integral of sqrt(1 - 1/E) from 1 to 20; the midpoints' error at its square root is below a
  // tenth of (a bin's eighth)^(3/2).
  const double integral = std::sqrt(20.0 * 19.0) - std::log(std::sqrt(20.0) + std::sqrt(19.0));
  const laws::MeanFactors shaped = mean_factors(result, 0, 1);
  CHECK(std::abs(20.0 * shaped.release - integral) < 0.1 * std::pow(0.25 / 8.0, 1.5));
}

TEST_CASE("levels of a law that is known on bins: its bins are added up") {
  RunResult result = example::run();
  result.comparison.stationary.ratio = std::numeric_limits<double>::quiet_NaN();
  const Panel panel = levels_figure(result).panels.at(0);
  const Curve* law = find(panel, Mark::dashed, Ink::law);
  REQUIRE(law != nullptr);
  const std::vector<double>& p = result.comparison.stationary.bin_probability;
  CHECK(law->points.at(3).x == 3.0);
  CHECK(law->points.at(3).y ==
        doctest::Approx(p[12] + p[13] + p[14] + p[15]));  // four bins of 0.25 a level
  result.config.strokes->spacing = 0.3;                   // no whole number of bins
  CHECK(find(levels_figure(result).panels.at(0), Mark::dashed, Ink::law) == nullptr);
}

TEST_CASE("without a ladder the end stands against its law, in standard errors") {
  const RunResult result = example::without_ladder();
  const Figure figure = mixed_end_figure(result);
  REQUIRE(figure.panels.size() == 2);
  const Curve* law = find(figure.panels[0], Mark::dashed, Ink::law);
  const Curve* bars = find(figure.panels[0], Mark::bars, Ink::particles);
  const Curve* dots = find(figure.panels[1], Mark::dots, Ink::particles);
  REQUIRE((law != nullptr && bars != nullptr && dots != nullptr));
  REQUIRE(dots->points.size() == law->points.size());
  const double width = law->points[1].x - law->points[0].x;
  for (std::size_t i = 0; i < law->points.size(); ++i) {
    const double expected = law->points[i].y * width, found = bars->points[i].y * width;
    const double error =
        std::sqrt(expected * (1.0 - expected) / static_cast<double>(example::particles));
    CHECK(dots->points[i].y == doctest::Approx((found - expected) / error));
  }
}

TEST_CASE("the passages of Figure 2 end where Rosen and Zener's probability says") {
  const Figure figure = passage_figure(example::run());
  REQUIRE(figure.panels.size() == 3);
  const double durations[] = {0.01, 0.25, 5.0};
  for (std::size_t i = 0; i < 3; ++i) {
    const Curve* course = find(figure.panels[i], Mark::line, Ink::solution);
    REQUIRE(course != nullptr);
    CHECK(course->points.front().y == doctest::Approx(-0.5).epsilon(0.01));
    const double pi = std::acos(-1.0), tau = durations[i];  // V0 = 1.5, dE = hbar = 1
    const double probability = std::pow(std::sin(1.5 * pi * tau) / std::cosh(0.5 * pi * tau), 2);
    // At t = 8 tau the coupling has fallen to 1.5 sech(8) = 1e-3 dE.
    CHECK(std::abs(course->points.back().y - (probability - 0.5)) < 2e-3);
  }
}

TEST_CASE("flip probabilities over the speeds of the run") {
  RunResult result = example::run();
  const double parameters[] = {1.5, 0.7};
  laws::RatesInput input;
  input.parameter = parameters;
  example::set_rates(result, laws::RosenZener(input), 3);
  const Figure figure = flip_figure(result);
  REQUIRE(figure.panels.size() == 2);
  const double pi = std::acos(-1.0);
  for (const Point& p : figure.panels[0].curves.at(0).points) {
    const double tau = 0.7 / p.x;
    CHECK(p.y == doctest::Approx(std::pow(std::sin(1.5 * pi * tau) / std::cosh(0.5 * pi * tau), 2))
                     .epsilon(1e-9));
  }
  const Curve* end = find(figure.panels[1], Mark::area, Ink::particles);
  REQUIRE(end != nullptr);
  CHECK(end->points.at(4).x == doctest::Approx(std::sqrt(2.0)));  // E = 1, m = 1
}
