#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/program.hpp"
#include "support/bounds.hpp"
#include "support/temporary_folder.hpp"

using namespace test_support;
using Json = nlohmann::json;

/// The rates of a gas, (12) and (13), measured by sweeps of the example.
namespace {

Json sweep(const TemporaryFolder& folder, const std::string& arguments) {
  const Outcome outcome = powerstroke(
      folder.path(), "sweep '" POWERSTROKE_SOURCE_DIR
                     "/examples/sweep_temperature.json' --quiet --force -o s "
                     "--set ensemble.particles=4000 --set time.end=4 --set time.snapshots=2 " +
                         arguments);
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  return Json::parse(text_of(folder.path() / "s" / "sweep.json"));
}

double number(const Json& object, const char* key) { return object.at(key).get<double>(); }

constexpr int seeds = 8;

}  // namespace

TEST_CASE("sweep of a gas: ln(w+ T) against 1/T gives delta_e back, over seeds") {
  const TemporaryFolder folder;
  for (int seed = 1; seed <= seeds; ++seed) {
    const Json found =
        sweep(folder, "--over strokes.temperature=0.5,1,2,4 --set seed=" + std::to_string(seed));
    REQUIRE(found.at("fits").size() == 1);
    const Json& fit = found.at("fits").at(0);
    CHECK(fit.at("kind") == "arrhenius_gas");
    CHECK(fit.at("expected") == 1.0);
    CHECK(std::abs(number(fit, "value") - 1.0) < largest_deviate(seeds) * number(fit, "error"));
    // The plain Arrhenius line has a slope that is off by a mean temperature: the bar tells the two
    // apart.
    CHECK(number(fit, "error") < 0.02);
    for (const Json& row : found.at("rows")) {
      const double t = row.at("values").at(0).get<double>();
      CHECK(number(row, "law_rate_up") == doctest::Approx(std::exp(-1.0 / t) / t).epsilon(1e-14));
    }
  }
}

TEST_CASE(
    "sweep of a gas: of second order in its pressure (12), of first order in an impurity's and in "
    "the inert gas's (13)") {
  const TemporaryFolder folder;
  const std::string two =
      R"(--set 'strokes.gas={"prefactor":1,"active_pressure":0.5,"inert_pressure":2}' --over strokes.gas.)";
  struct Order {
    std::string over;
    double order;
  };
  for (int seed = 1; seed <= seeds; ++seed) {
    for (const Order& expected :
         {Order{"--over strokes.gas.pressure=0.5,1,2", 2.0},
          Order{two + "active_pressure=0.25,1,4", 1.0}, Order{two + "inert_pressure=1,2,3", 1.0}}) {
      CAPTURE(expected.over);
      const Json found = sweep(folder, expected.over + " --set seed=" + std::to_string(seed));
      REQUIRE(found.at("fits").size() == 1);
      const Json& fit = found.at("fits").at(0);
      CHECK(fit.at("kind") == "pressure");
      CHECK(fit.at("expected") == expected.order);
      CHECK(std::abs(number(fit, "value") - expected.order) <
            largest_deviate(3 * seeds) * number(fit, "error"));
      CHECK(number(fit, "error") < 0.05);
    }
  }
}

TEST_CASE("sweep of a gas: pressures and temperatures with units") {
  const TemporaryFolder folder;
  const std::string bath = R"(--set 'strokes.temperature="300 K"' )",
                    gas = R"(--set 'strokes.gas={"prefactor":200,"pressure":"1 bar"}' )";
  const std::string units =
      R"(--set 'strokes.transitions=[{"delta_e":"200 cm^-1"}]' --set 'ensemble.mass="28 u"' --set 'time.end="4 ps"' )"
      R"(--set 'ensemble.energy={"distribution":"uniform","low":"0 cm^-1","high":"800 cm^-1"}' --set 'histogram.max="9000 cm^-1"' )";
  const Json pressures = sweep(
      folder, units + bath + gas + R"(--over 'strokes.gas.pressure="1 bar","2 bar","0.5 bar"')");
  const Json& order = pressures.at("fits").at(0);
  CHECK(pressures.at("units").at("pressure") == "bar");
  CHECK(std::abs(number(order, "z")) < largest_deviate(2));
  CHECK(order.at("x").at(0).get<double>() == doctest::Approx(0.0));
  CHECK(order.at("x").at(1).get<double>() == doctest::Approx(std::log(2.0)).epsilon(1e-12));
  CHECK(order.at("x").at(2).get<double>() == doctest::Approx(-std::log(2.0)).epsilon(1e-12));
  const Json temperatures =
      sweep(folder, units + gas + R"(--over 'strokes.temperature="300 K","20 meV","400 cm^-1"')");
  const Json& line = temperatures.at("fits").at(0);
  CHECK(line.at("expected") == 200.0);
  CHECK(std::abs(number(line, "z")) < largest_deviate(2));
  // 300 K is 208.51 cm^-1, by k_B/(hc) = 0.695034800 cm^-1/K (CODATA 2018).
  CHECK(line.at("x").at(0).get<double>() ==
        doctest::Approx(1.0 / (300.0 * 0.695034800)).epsilon(1e-8));
  CHECK(line.at("x").at(2).get<double>() == doctest::Approx(1.0 / 400.0).epsilon(1e-12));
  // The prefactor is a plain number in the unit of the pressures: it would mean another rate with
  // each unit.
  const Outcome mixed =
      powerstroke(folder.path(),
                  "sweep '" POWERSTROKE_SOURCE_DIR "/examples/sweep_temperature.json' -o mixed " +
                      units + bath + gas + R"(--over 'strokes.gas.pressure="1 bar","200 kPa"')");
  CHECK(mixed.code == 2);
  CHECK_MESSAGE(
      has(mixed.err,
          "--over strokes.gas.pressure=\"200 kPa\": runs with this value compute pressures in kPa"),
      mixed.err);
}
