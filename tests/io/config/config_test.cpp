#include "powerstroke/io/config/config.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/math/distributions/geometric.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <numbers>
#include <sstream>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/config/json_schema.hpp"
#include "powerstroke/io/config/law_names.hpp"

using namespace powerstroke;
using namespace powerstroke::io;
using namespace powerstroke::study;
namespace fs = std::filesystem;

namespace {

const fs::path source_tree = POWERSTROKE_SOURCE_DIR;
const fs::path relaxation = source_tree / "examples" / "relaxation.json";

std::string text_of(const fs::path& path) {
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

Config with(const std::vector<Override>& overrides) { return read_config(relaxation, overrides); }

bool is_valid(const nlohmann::json& schema, const nlohmann::json& value) {
  return schema_faults(schema, value).empty();
}

/// Every property that a user may set, by its path in the schema.
void check_described(const nlohmann::json& schema, const std::string& path) {
  if (!schema.is_structured()) return;
  if (schema.contains("properties") && schema.contains("additionalProperties")) {
    for (const auto& [key, about] : schema["properties"].items()) {
      const std::string there = path + "/" + key;
      CAPTURE(there);
      CHECK((about.contains("description") || about.contains("$ref") || key == "distribution" ||
             key == "form"));
    }
  }
  for (const auto& [key, part] : schema.items()) check_described(part, path + "/" + key);
}

}  // namespace

TEST_CASE("the relaxation example says what the contract says") {
  const Config config = read_config(relaxation);
  CHECK(config.title == "A narrow energy distribution relaxes at constant mean energy");
  CHECK(config.seed == 1);
  CHECK(config.ensemble.particles == 1000000);
  CHECK(config.ensemble.dimension == 3);
  CHECK(config.ensemble.mass == 1.0);
  const auto& normal = std::get<laws::NormalEnergy>(config.ensemble.energy.law);
  CHECK(normal.mean == 3.5);
  CHECK(normal.sigma == 0.2);
  CHECK(config.ensemble.direction.empty());
  CHECK(config.strokes->delta_e() == 1.0);
  CHECK(config.strokes->law.transitions[0].rate_down == 1.0);
  CHECK(laws::is<laws::Conserving>(config.strokes->law.balance));
  CHECK(config.strokes->timing == Timing::uniformization);
  REQUIRE(config.snapshots.size() == 101);
  for (std::size_t k = 0; k < 101; ++k) CHECK(config.snapshots[k] == static_cast<double>(k));
  CHECK(config.histogram.max == 40.0);
  CHECK(config.histogram.bins == 800);
  CHECK(config.compare_stationary);
}

TEST_CASE("every example is a valid config") {
  int examples = 0;
  for (const auto& entry : fs::directory_iterator(source_tree / "examples")) {
    if (entry.path().extension() != ".json") continue;
    CAPTURE(entry.path().filename().string());
    Config config;
    CHECK_NOTHROW(config = read_config(entry.path()));
    CHECK_FALSE(config.title.empty());
    ++examples;
  }
  CHECK(examples >= 5);
}

TEST_CASE("the template is the relaxation example with comments") {
  const Config config = parse_config(config_template(), "template");
  const Config example = read_config(relaxation);
  CHECK(config_template().find("//") != std::string::npos);
  CHECK(config.title == example.title);
  CHECK(config.seed == example.seed);
  CHECK(config.ensemble.particles == example.ensemble.particles);
  CHECK(config.strokes->law.balance.index() == example.strokes->law.balance.index());
  CHECK(config.snapshots == example.snapshots);
  CHECK(config.histogram.bins == example.histogram.bins);
}

TEST_CASE("the schema is valid draft 7, describes every key, and takes the examples") {
  const nlohmann::json schema = nlohmann::json::parse(config_schema());
  const nlohmann::json draft7 =
      nlohmann::json::parse(text_of(source_tree / "tests/data/json-schema-draft-07.json"));
  CHECK(is_valid(draft7, schema));
  nlohmann::json broken = schema;
  broken["properties"]["seed"]["minimum"] = "none";
  CHECK_FALSE(is_valid(draft7, broken));
  check_described(schema, "");
}

TEST_CASE("a config as short as can be gets the schema's defaults") {
  const Config config = parse_config(R"({
    "format": "powerstroke/1",
    "ensemble": { "particles": 10, "energy": { "distribution": "delta", "value": 2 } },
    "strokes": { "transitions": [ { "delta_e": 1, "rate_down": 1 } ], "balance": "energy_conserving" },
    "time": { "snapshots": [3] } })",
                                     "short.json");
  const nlohmann::json keys = nlohmann::json::parse(config_schema())["properties"];
  CHECK(config.title == keys["title"]["default"].get<std::string>());
  CHECK(config.seed == keys["seed"]["default"].get<std::uint64_t>());
  CHECK(config.ensemble.dimension ==
        keys["ensemble"]["properties"]["dimension"]["default"].get<int>());
  CHECK(config.ensemble.mass == keys["ensemble"]["properties"]["mass"]["default"].get<double>());
  CHECK(keys["ensemble"]["properties"]["direction"]["default"] == "isotropic");
  CHECK(config.ensemble.direction.empty());
  CHECK(keys["strokes"]["properties"]["timing"]["default"] == "uniformization");
  CHECK(config.strokes->timing == Timing::uniformization);
  CHECK(config.compare_stationary ==
        keys["comparison"]["properties"]["stationary"]["default"].get<bool>());
  CHECK(config.snapshots == std::vector<double>{3.0});
}

TEST_CASE("every law of the initial energy") {
  const auto law = [](const std::string& json) {
    return with({{"ensemble.energy", json}}).ensemble.energy.law;
  };
  CHECK(std::get<laws::DeltaEnergy>(law(R"({"distribution":"delta","value":2.5})")).value == 2.5);
  const auto uniform =
      std::get<laws::UniformEnergy>(law(R"({"distribution":"uniform","low":1,"high":2})"));
  CHECK(uniform.low == 1.0);
  CHECK(uniform.high == 2.0);
  CHECK(std::get<laws::ExponentialEnergy>(law(R"({"distribution":"exponential","mean":3})")).mean ==
        3.0);
  const Config flat =
      with({{"ensemble.dimension", "2"},
            {"ensemble.energy", R"({"distribution":"maxwell_boltzmann","temperature":4})"}});
  const auto maxwell = std::get<laws::MaxwellBoltzmannEnergy>(flat.ensemble.energy.law);
  CHECK(maxwell.temperature == 4.0);
  CHECK(maxwell.dimension == 2);
  const auto histogram = std::get<laws::HistogramEnergy>(
      law(R"({"distribution":"histogram","edges":[0,1,3],"weights":[2,0]})"));
  CHECK(histogram.edges == std::vector<double>{0.0, 1.0, 3.0});
  CHECK(histogram.weights == std::vector<double>{2.0, 0.0});
  const auto mixture = std::get<laws::MixtureEnergy>(law(R"({"distribution":"mixture","parts":[
    {"weight":1,"distribution":"delta","value":2},
    {"weight":3,"distribution":"mixture","parts":[{"weight":0.5,"distribution":"maxwell_boltzmann","temperature":1}]}]})"));
  CHECK(mixture.weights == std::vector<double>{1.0, 3.0});
  CHECK(std::get<laws::DeltaEnergy>(mixture.parts[0].law).value == 2.0);
  const auto& inner = std::get<laws::MixtureEnergy>(mixture.parts[1].law);
  CHECK(inner.weights == std::vector<double>{0.5});
  CHECK(std::get<laws::MaxwellBoltzmannEnergy>(inner.parts[0].law).dimension == 3);
}

TEST_CASE("balances and their rates") {
  const Config thermal = with({{"strokes.balance", "thermal"},
                               {"strokes.temperature", "2"},
                               {"strokes.timing", "waiting_times"},
                               {"strokes.transitions.0.rate_down", "3"}});
  CHECK(laws::is<laws::Thermal>(thermal.strokes->law.balance));
  CHECK(thermal.strokes->timing == Timing::waiting_times);
  CHECK(laws::temperature(thermal.strokes->law.balance) == 2.0);
  CHECK(thermal.strokes->law.transitions[0].rate_up ==
        doctest::Approx(3.0 * std::exp(-0.5)).epsilon(1e-15));
  const Config fixed =
      with({{"strokes.balance", "fixed"}, {"strokes.transitions[0].rate_up", "0.25"}});
  CHECK(laws::is<laws::Given>(fixed.strokes->law.balance));
  CHECK(fixed.strokes->law.transitions[0].rate_up == 0.25);
  const Config unbounded = with({{"strokes.balance", "fixed"},
                                 {"strokes.transitions[0].rate_up", "2"},
                                 {"comparison.stationary", "false"}});
  CHECK(unbounded.strokes->law.transitions[0].rate_up == 2.0);
  CHECK_FALSE(unbounded.compare_stationary);
  const Config exchange = with({{"strokes.balance", "exchange"}});
  CHECK(laws::is<laws::Exchange>(exchange.strokes->law.balance));
  const Config bath = with(
      {{"strokes.balance", "bath"}, {"strokes.bath", R"({"systems": 3000, "excited": 0.2501})"}});
  CHECK(bath.strokes->bath.systems == 3000);
  CHECK(bath.strokes->bath.excited == 750);
  CHECK(bath.strokes->law.bath().systems_per_particle ==
        3000.0 / static_cast<double>(bath.ensemble.particles));
  CHECK(bath.strokes->law.bath().excited == 0.25);  // of whole systems
  const nlohmann::json names = {laws::Given::name, laws::Thermal::name, laws::Conserving::name,
                                laws::Exchange::name, laws::Bath::name};
  CHECK(nlohmann::json::parse(
            config_schema())["properties"]["strokes"]["properties"]["balance"]["enum"] == names);
}

TEST_CASE("transitions share a ladder, or none") {
  const auto spacing = [](const char* transitions) {
    return with({{"strokes.transitions", transitions}}).strokes->spacing;
  };
  CHECK(spacing(R"([{"delta_e": 2, "rate_down": 1}, {"delta_e": 3, "rate_down": 1}])") == 1.0);
  CHECK(spacing(R"([{"delta_e": 0.3, "rate_down": 1}, {"delta_e": 0.9, "rate_down": 2}])") == 0.3);
  const Config none = with(
      {{"strokes.transitions", R"([{"delta_e": 1, "rate_down": 1}, {"delta_e": 1.4142135623730951,
                                                        "rate_down": 1}])"}});
  CHECK(none.strokes->spacing == 0.0);
  CHECK_FALSE(none.strokes->on_ladder());
}

TEST_CASE("rates laws: names and parameters are those of their files") {
  const nlohmann::json schema = nlohmann::json::parse(config_schema());
  const nlohmann::json& strokes = schema["properties"]["strokes"]["properties"];
  for (const RatesName& law : rates_names()) {
    CAPTURE(law.name);
    const nlohmann::json& names = strokes["rates"]["enum"];
    CHECK(std::find(names.begin(), names.end(), law.name) != names.end());
    CHECK(strokes.contains(law.name) == !law.parameters.empty());
    for (const laws::Parameter& parameter : law.parameters)
      CHECK(strokes[law.name]["properties"][parameter.name]["x-quantity"] == parameter.quantity);
  }
  const Config shaped = with({{"strokes.rates", "microreversible"}, {"ensemble.dimension", "1"}});
  CHECK(std::get<laws::Microreversible>(shaped.strokes->law.rates).dimension == 1);
  const Config quantum = with({{"strokes.rates", "rosen_zener"},
                               {"strokes.rosen_zener", R"({"coupling": 0.5, "range": 2})"}});
  // tau = b/v of a stroke from E = 1 to 2 at m = 1, and the law's own formula: the parameters
  // arrived where they belong.
  const double v = 0.5 * (std::sqrt(2.0) + 2.0), tau = 2.0 / v, pi = std::numbers::pi;
  const double flip = std::pow(std::sin(pi * 0.5 * tau) / std::cosh(0.5 * pi * tau), 2.0);
  CHECK(laws::uptake_factor(quantum.strokes->law.rates, 1.0, 1.0) ==
        doctest::Approx(flip).epsilon(1e-12));
}

TEST_CASE("energy laws and potentials: names, keys and limits are those of their files") {
  const nlohmann::json schema = nlohmann::json::parse(config_schema()),
                       &definitions = schema["definitions"];
  const auto check = [&](const auto& names, const nlohmann::json& chosen, const std::string& key,
                         const std::string& suffix) {
    const nlohmann::json& words = chosen["properties"][key]["enum"];
    for (const auto& law : names) {
      CAPTURE(law.name);
      CHECK(std::count(words.begin(), words.end(), law.name) == 1);
      const nlohmann::json& definition = definitions[law.name + suffix];
      CHECK(definition["properties"][key]["const"] == law.name);
      CHECK(definition["additionalProperties"] == false);
      for (const laws::Parameter& parameter : law.parameters) {
        CAPTURE(parameter.name);
        const nlohmann::json& property = definition["properties"][parameter.name];
        const nlohmann::json& number = parameter.least > 0 ? property["items"] : property;
        CHECK(number.value("x-quantity", "") == parameter.quantity);
        const bool ranged = parameter.range.has_value();
        CHECK(number.contains("exclusiveMinimum") ==
              (!ranged && parameter.limit == laws::Limit::positive));
        CHECK(number.contains("minimum") ==
              (ranged || parameter.limit == laws::Limit::not_negative));
        CHECK(number.contains("maximum") == ranged);
        const nlohmann::json required = definition.value("required", nlohmann::json::array());
        CHECK(std::count(required.begin(), required.end(), parameter.name) ==
              (parameter.otherwise ? 0 : 1));
      }
    }
    return words.size();
  };
  CHECK(check(energy_names(), definitions["energy"], "distribution", "") ==
        energy_names().size() + 1);  // a mixture, too
  const nlohmann::json& potential = schema["properties"]["phase_space"]["properties"]["potential"];
  CHECK(check(potential_names(), potential, "form", "_potential") == potential_names().size());
}

TEST_CASE("gas: pressures give the rates of (12) and (13)") {
  const auto rate_up = [](const char* gas) {
    const Config config = with({{"strokes.balance", "thermal"},
                                {"strokes.temperature", "0.5"},
                                {"strokes.gas", gas},
                                {"strokes.transitions", R"([{"delta_e": 1}])"}});
    return config.strokes->law.transitions[0].rate_up;
  };
  // C beta exp(-beta dE) p^2 and C beta exp(-beta dE) p_i p_a
  CHECK(rate_up(R"({"prefactor": 3, "pressure": 2})") ==
        doctest::Approx(3 * 2 * std::exp(-2.0) * 4).epsilon(1e-14));
  CHECK(rate_up(R"({"prefactor": 3, "active_pressure": 2, "inert_pressure": 5})") ==
        doctest::Approx(3 * 2 * std::exp(-2.0) * 10).epsilon(1e-14));
}

TEST_CASE("presets: the lines of a rotor and of water") {
  const auto lines = [](const std::string& preset) {
    std::string text = config_template();
    const std::size_t at =
        text.find("\"transitions\": [ { \"delta_e\": 1.0, \"rate_down\": 1.0 } ]");
    REQUIRE(at != std::string::npos);
    text.replace(
        at, std::string("\"transitions\": [ { \"delta_e\": 1.0, \"rate_down\": 1.0 } ]").size(),
        "\"preset\": " + preset);
    std::vector<double> energies;
    const Config config = parse_config(text, "preset.json", {});
    for (const laws::Transition& transition : config.strokes->law.transitions)
      energies.push_back(transition.delta_e);
    return energies;
  };
  CHECK(
      lines(R"({"name": "rigid_rotor", "rotational_constant": 0.5, "lines": 4, "rate_down": 1})") ==
      std::vector<double>{1.0, 2.0, 3.0, 4.0});
  const Config water = parse_config(R"({
    "format": "powerstroke/1",
    "ensemble": { "particles": 10, "mass": "18 u",
                  "energy": { "distribution": "maxwell_boltzmann", "temperature": "273 K" } },
    "strokes": { "preset": { "name": "water_librations", "rate_down": "1 ps^-1" }, "balance": "thermal",
                 "temperature": "273 K" },
    "time": { "end": "10 ps", "snapshots": 3 } })",
                                    "water.json");
  CHECK(water.strokes->law.transitions.size() == 3);
  CHECK(water.strokes->spacing == 300.0);
  CHECK(water.units.energy == "cm^-1");
  CHECK(water.strokes->law.transitions[2].delta_e == 900.0);
}

TEST_CASE("snapshots: both ends are exact, times in between are the nearest doubles") {
  for (const double end : {0.1, 0.3, 1.1, 100.0, 1e-3, 12345.678}) {
    for (const int count : {2, 3, 4, 11, 101, 1000}) {
      std::ostringstream exact;
      exact.precision(17);
      exact << end;
      const std::vector<double> times =
          with({{"time.end", exact.str()}, {"time.snapshots", std::to_string(count)}}).snapshots;
      REQUIRE(times.size() == static_cast<std::size_t>(count));
      CHECK(times.front() == 0.0);
      CHECK(times.back() == end);
      for (std::size_t k = 0; k < times.size(); ++k) {
        const long double spaced =
            static_cast<long double>(end) * static_cast<long double>(k) / (count - 1);
        CHECK(std::abs(times[k] - static_cast<double>(spaced)) <=
              std::numeric_limits<double>::epsilon() * end);  // two roundings
      }
    }
  }
  CHECK(with({{"time.snapshots", "[0, 1, 2.5]"}}).snapshots == std::vector<double>{0.0, 1.0, 2.5});
  CHECK(with({{"time", R"({"snapshots": [5], "end": 5})"}}).snapshots == std::vector<double>{5.0});
}

TEST_CASE("a direction is normalised, whatever its length") {
  for (const double scale : {1.0, 1e-300, 1e300, 1e-320}) {
    const nlohmann::json vector = {3.0 * scale, 0.0, -4.0 * scale};
    const std::vector<double> direction =
        with({{"ensemble.direction", vector.dump()}}).ensemble.direction;
    REQUIRE(direction.size() == 3);
    const double tolerance = scale == 1e-320 ? 1e-3 : 1e-15;  // a denormal has a few digits only
    CHECK(direction[0] == doctest::Approx(0.6).epsilon(tolerance));
    CHECK(direction[1] == 0.0);
    CHECK(direction[2] == doctest::Approx(-0.8).epsilon(tolerance));
  }
  CHECK(with({{"ensemble.dimension", "1"}, {"ensemble.direction", "[-7]"}}).ensemble.direction ==
        std::vector<double>{-1.0});
}

TEST_CASE("seeds of 64 bits keep all of them") {
  for (const std::uint64_t seed : {std::uint64_t{0}, std::uint64_t{9007199254740993},
                                   std::uint64_t{9223372036854775808U}, ~std::uint64_t{0}}) {
    const Config config = with({{"seed", std::to_string(seed)}});
    CHECK(config.seed == seed);
    CHECK(parse_config(config.json, "again").seed == seed);
  }
}

TEST_CASE("whole numbers may be written as a computer writes large ones") {
  CHECK(with({{"ensemble.particles", "1e6"}}).ensemble.particles == 1000000);
  CHECK(with({{"ensemble.particles", "1099511627776"}}).ensemble.particles == 1099511627776);
  CHECK(with({{"time.snapshots", "11.0"}}).snapshots.size() == 11);
  CHECK(with({{"seed", "9007199254740991.0"}}).seed == 9007199254740991U);
  CHECK(with({{"ensemble.dimension", "2.0"}}).ensemble.dimension == 2);
}

TEST_CASE("overrides change what they name and nothing else, and are kept in the config's text") {
  const Config plain = read_config(relaxation);
  const Config config = with({{"strokes.transitions[0].rate_down", "2.5"},
                              {"title", "A bare word: or several"},
                              {"comparison.stationary", "false"},
                              {"strokes.transitions.0.rate_down", "0.5"}});
  CHECK(config.strokes->law.transitions[0].rate_down == 0.5);
  CHECK(config.title == "A bare word: or several");
  CHECK_FALSE(config.compare_stationary);
  nlohmann::json expected = nlohmann::json::parse(plain.json);
  expected["strokes"]["transitions"][0]["rate_down"] = 0.5;
  expected["title"] = "A bare word: or several";
  expected["comparison"]["stationary"] = false;
  CHECK(nlohmann::json::parse(config.json) == expected);
  CHECK(with({{"title", "\"5\""}}).title == "5");
  CHECK(with({{"title", ""}}).title == "");
}

TEST_CASE(
    "the kept text has the file's order, no comments, two spaces, and says the same when read "
    "again") {
  for (const auto& entry : fs::directory_iterator(source_tree / "examples")) {
    if (entry.path().extension() != ".json") continue;
    const Config config = read_config(entry.path());
    CHECK(config.json.starts_with("{\n  \"format\": \"powerstroke/1\",\n  \"title\""));
    CHECK(config.json.find("//") == std::string::npos);
    const Config again = parse_config(config.json, "again");
    CHECK(again.json == config.json);
    CHECK(again.snapshots == config.snapshots);
    CHECK(again.ensemble.energy.law.index() == config.ensemble.energy.law.index());
  }
}

TEST_CASE(
    "without a histogram the bins reach where one in a million is expected and divide delta_e") {
  nlohmann::json text = nlohmann::json::parse(text_of(relaxation));
  text.erase("histogram");
  const auto parsed = [&text](const std::vector<Override>& overrides) {
    return parse_config(text.dump(), "config", overrides);
  };

  const Config relaxing = parsed({});
  CHECK(relaxing.histogram.bins == 20.0 * relaxing.histogram.max);
  CHECK(std::fmod(relaxing.histogram.max, 1.0) == 0.0);
  // Stationary: geometric of mean level 3 to 3.5 over the offsets, so E <= level + 1.
  const boost::math::geometric levels(1.0 / 4.5);
  CHECK(boost::math::cdf(boost::math::complement(levels, relaxing.histogram.max - 1.0)) < 1e-6);

  const Config fixed = parsed({{"strokes.balance", "fixed"},
                               {"strokes.transitions.0.rate_up", "0.5"},
                               {"strokes.transitions.0.delta_e", "0.5"}});
  CHECK(fixed.histogram.bins == 40.0 * fixed.histogram.max);
  CHECK(fixed.histogram.max > 3.5 + 0.5 * 19.0);  // the start, and 2^-20 < 1e-6
  CHECK(fixed.histogram.max < 2.0 * (3.5 + 0.5 * 20.0));

  const Config growing = parsed({{"strokes.balance", "fixed"},
                                 {"strokes.transitions.0.rate_up", "2"},
                                 {"comparison.stationary", "false"}});
  const boost::math::normal net(
      3.5 + 100.0, std::sqrt(300.0));  // uptakes less releases, of which few are blocked
  CHECK(growing.histogram.max > boost::math::quantile(boost::math::complement(net, 1e-6)));

  const Config wide = parsed({{"strokes.transitions.0.delta_e", "1e-3"}});
  CHECK(wide.histogram.bins <= 10000);
  CHECK(wide.histogram.max > 4.4);
  const Config still = parsed({{"ensemble.energy", R"({"distribution":"delta","value":0})"}});
  CHECK(still.histogram.bins == 40);
}

TEST_CASE("a config that is not there is a matter of files, not of its content") {
  CHECK_THROWS_AS(read_config("no-such-folder/config.json"), IoError);
  CHECK_THROWS_AS(read_config(source_tree), IoError);
}
