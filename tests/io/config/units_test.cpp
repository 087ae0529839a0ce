#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/config/config.hpp"

using namespace powerstroke;
using namespace powerstroke::io;
using namespace powerstroke::study;

namespace {

/// Every kind of quantity that a config may have, in units.
const std::string gas = R"({
  "format": "powerstroke/1",
  "ensemble": {
    "particles": 1000, "mass": "28 u",
    "energy": { "distribution": "mixture", "parts": [
      { "distribution": "maxwell_boltzmann", "temperature": "300 K", "weight": 2 },
      { "distribution": "normal", "mean": "0.05 eV", "sigma": "50 cm^-1", "weight": 1 },
      { "distribution": "histogram", "edges": ["0 J/mol", "1 kJ/mol", "0.5 kcal/mol"], "weights": [1, 2], "weight": 1 }
    ] }
  },
  "strokes": {
    "transitions": [ { "delta_e": "200 cm⁻¹", "rate_down": "1e12 s^-1" } ],
    "balance": "thermal",
    "temperature": "300 K"
  },
  "time": { "end": "1 ns", "snapshots": ["0 ps", "500 ps", "1000 ps"] },
  "histogram": { "max": "1 eV", "bins": 400 }
}
)";

std::string replaced(const std::string& what, const std::string& by) {
  std::string text = gas;
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

std::string complaint(const std::string& text, const std::vector<Override>& overrides = {}) {
  try {
    parse_config(text, "gas.json", overrides);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

const std::string energies =
    R"(allowed: an energy with its unit, such as "200 cm^-1", "2.4 kJ/mol", "25 meV" or "300 K")";
const std::string masses =
    R"(allowed: a mass with its unit, such as "28 u", "28 g/mol" or "4.65e-26 kg")";
const std::string temperatures =
    R"(allowed: a temperature with its unit, such as "300 K", or k_B T as in "208.5 cm^-1")";

}  // namespace

TEST_CASE("a config with units becomes numbers in the units of delta_e and time.end") {
  const Config config = parse_config(gas, "gas.json");
  const Units& units = config.units;
  CHECK_FALSE(units.reduced);
  CHECK(units.energy == "cm^-1");
  CHECK(units.time == "ns");
  CHECK(units.mass == "u");
  CHECK(units.pressure == "bar");
  CHECK(units.rate() == "ns^-1");
  CHECK(units.momentum() == "sqrt(u cm^-1)");

  constexpr double literature =
      1e-6;  // relative, of the numbers below and of the constants' edition
  CHECK(config.strokes->delta_e() == 200.0);
  CHECK(config.strokes->law.transitions[0].rate_down == 1000.0);
  CHECK(laws::temperature(config.strokes->law.balance) ==
        doctest::Approx(208.5104).epsilon(literature));
  CHECK(config.ensemble.mass == 28.0);
  CHECK(config.snapshots == std::vector<double>{0.0, 0.5, 1.0});
  CHECK(config.histogram.max == doctest::Approx(8065.544).epsilon(literature));
  const auto& mixture = std::get<laws::MixtureEnergy>(config.ensemble.energy.law);
  CHECK(std::get<laws::MaxwellBoltzmannEnergy>(mixture.parts[0].law).temperature ==
        laws::temperature(config.strokes->law.balance));
  const auto& normal = std::get<laws::NormalEnergy>(mixture.parts[1].law);
  CHECK(normal.mean == doctest::Approx(403.2772).epsilon(literature));
  CHECK(normal.sigma == 50.0);
  const auto& histogram = std::get<laws::HistogramEnergy>(mixture.parts[2].law);
  CHECK(histogram.edges[0] == 0.0);
  CHECK(histogram.edges[1] == doctest::Approx(83.59347).epsilon(literature));
  CHECK(histogram.edges[2] == doctest::Approx(0.5 * 349.7551).epsilon(literature));
}

TEST_CASE("lengths and speeds follow from energy, mass and time, and hbar is that of these units") {
  const Units units = parse_config(gas, "gas.json").units;
  // 1 cm^-1 = 1.986446e-23 J, 1 u = 1.660539e-27 kg; hbar = 1.0545718e-34 J s.
  CHECK(units.speed_m_s() == doctest::Approx(std::sqrt(1.986446e-23 / 1.660539e-27)).epsilon(1e-6));
  CHECK(units.length_m() == doctest::Approx(1e-9 * units.speed_m_s()).epsilon(1e-15));
  CHECK(units.hbar == doctest::Approx(1.0545718e-34 / (1.986446e-23 * 1e-9)).epsilon(1e-6));
  CHECK(Units().hbar == 1.0);
  CHECK(Units().reduced);
  CHECK(Units().after_energy().empty());
  CHECK(Units().after_rate().empty());
}

TEST_CASE(
    "the run's units are those that are written first: of delta_e, time.end or the first snapshot, "
    "the mass") {
  std::string text = replaced("200 cm⁻¹", "2.4 kJ/mol");
  text.replace(text.find("\"end\": \"1 ns\", "), std::string("\"end\": \"1 ns\", ").size(), "");
  text.replace(text.find("28 u"), 4, "28 g/mol");
  const Config config = parse_config(text, "gas.json");
  CHECK(config.units.energy == "kJ/mol");
  CHECK(config.units.time == "ps");
  CHECK(config.units.mass == "g/mol");
  CHECK(config.strokes->delta_e() == 2.4);
  CHECK(laws::temperature(config.strokes->law.balance) ==
        doctest::Approx(2.494339).epsilon(1e-6));  // R T
  CHECK(config.snapshots.back() == 1000.0);
}

TEST_CASE("the config that a result holds is the one that was written, and means the same again") {
  const Config config = parse_config(gas, "gas.json");
  CHECK(nlohmann::json::parse(config.json) == nlohmann::json::parse(gas));
  const Config again = parse_config(config.json, "again");
  CHECK(again.json == config.json);
  CHECK(laws::temperature(again.strokes->law.balance) ==
        laws::temperature(config.strokes->law.balance));
  CHECK(again.snapshots == config.snapshots);
  CHECK(same_units(again.units, config.units));
}

TEST_CASE("a config mixes quantities with and without units nowhere") {
  CHECK(complaint(replaced("\"28 u\"", "28")) ==
        "gas.json:4: at ensemble.mass: found 28 without a unit, while "
        "ensemble.energy.parts[0].temperature is \"300 K\" "
        "(gas.json:6); a config mixes the two nowhere; " +
            masses + ", or numbers alone");
  CHECK(
      complaint(replaced(", \"mass\": \"28 u\"", "")) ==
      "gas.json:3: at ensemble: the key 'mass' is missing, and its default 1.0 has no unit, while "
      "ensemble.energy.parts[0].temperature is \"300 K\" (gas.json:6); a config mixes the two "
      "nowhere; " +
          masses);
  CHECK(complaint(replaced("\"0 J/mol\"", "0"))
            .find("at ensemble.energy.parts[2].edges[0]: found 0 without a unit") !=
        std::string::npos);
  CHECK(complaint(replaced("\"0 ps\"", "0")).find("at time.snapshots[0]: found 0 without a unit") !=
        std::string::npos);
  CHECK(complaint(gas, {{"strokes.temperature", "300"}}) ==
        "--set strokes.temperature: at strokes.temperature: found 300 without a unit, while "
        "ensemble.energy.parts[0].temperature is \"300 K\" (gas.json:6); a config mixes the two "
        "nowhere; " +
            temperatures + ", or numbers alone");
}

TEST_CASE("--set takes quantities with their units") {
  const Config config = parse_config(
      gas, "gas.json", {{"strokes.temperature", "0.5 kcal/mol"}, {"time.end", "\"2 ns\""}});
  CHECK(laws::temperature(config.strokes->law.balance) == doctest::Approx(174.8776).epsilon(1e-6));
  const std::string cold = complaint(gas, {{"strokes.temperature", "5 ps"}});
  CHECK(cold ==
        "--set strokes.temperature: at strokes.temperature: found \"5 ps\", which is a time, not a "
        "temperature; " +
            temperatures);
}

TEST_CASE("later checks show a quantity as it was written, or say what their numbers are in") {
  const std::string note = " (numbers are in cm^-1, ns, u and bar)";
  CHECK(complaint(replaced("28 u", "-28 u")) ==
        "gas.json:4: at ensemble.mass: found \"-28 u\"; allowed: a number > 0" + note);
  CHECK(complaint(replaced("500 ps", "5000 ps")) ==
        "gas.json:16: at time.snapshots: found 1 after 5; allowed: times that ascend, none twice" +
            note);
  CHECK(complaint(replaced("200 cm⁻¹", "2 kj/mol")) ==
        "gas.json:12: at strokes.transitions[0].delta_e: found \"2 kj/mol\", whose unit 'kj/mol' "
        "is not known, did you mean "
        "'kJ/mol'? " +
            energies);
  CHECK(complaint(replaced("\"particles\": 1000", "\"particles\": 0")) ==
        "gas.json:4: at ensemble.particles: found 0; allowed: a whole number from 1 to "
        "1099511627776");
}

TEST_CASE("what is no quantity takes no unit, and a broken config is told as ever") {
  CHECK(complaint(replaced("\"bins\": 400", "\"bins\": \"400 cm^-1\"")) ==
        "gas.json:17: at histogram.bins: found \"400 cm^-1\"; this is a plain number, without "
        "quotes or a unit; allowed: a "
        "whole number from 2 to 1000000");
  CHECK(complaint(replaced("\"weight\": 2", "\"weight\": \"2 u\""))
            .find("at ensemble.energy.parts[0].weight: found \"2 u\"; this is a plain number") !=
        std::string::npos);
  CHECK(complaint(replaced("[ { \"delta_e\"", "5, \"x\": [ { \"delta_e\""))
            .find("gas.json:12: at strokes") == 0);
  CHECK(complaint(R"([ "5 ps" ])")
            .find("gas.json:1: at the top level: found [\"5 ps\"]; allowed: an object") == 0);
}

TEST_CASE("the printed schema lets a quantity be a text") {
  const nlohmann::json schema = nlohmann::json::parse(config_schema());
  const nlohmann::json& mass = schema["properties"]["ensemble"]["properties"]["mass"];
  CHECK(mass["x-quantity"] == "mass");
  CHECK(mass["type"] == nlohmann::json({"number", "string"}));
  CHECK(schema["properties"]["ensemble"]["properties"]["particles"]["type"] == "integer");
}
