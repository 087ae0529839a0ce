#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/io/config/law_names.hpp"

using namespace powerstroke;
using namespace powerstroke::io;
using namespace powerstroke::study;

namespace {

const std::string right = R"({
  "format": "powerstroke/1",
  "title": "Right",
  "seed": 1,
  "ensemble": {
    "particles": 1000,
    "dimension": 3,
    "energy": {
      "distribution": "normal",
      "mean": 3.5, "sigma": 0.2
    }
  },
  // a comment
  "strokes": {
    "transitions": [
      { "delta_e": 1.0,
        "rate_down": 1.0 }
    ],
    "balance": "energy_conserving",
    "rates": "constant"
  },
  "time": { "end": 100.0, "snapshots": 101 }
}
)";

std::string replaced(const std::string& what, const std::string& by) {
  std::string text = right;
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

std::string complaint(const std::string& text, const std::vector<Override>& overrides = {}) {
  try {
    parse_config(text, "wrong.json", overrides);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

struct Wrong {
  const char* what;  ///< this part of the right config ...
  const char* by;    ///< ... replaced by this
  std::string message;
};

/// The names of the energy laws as a message lists them.
std::string energy_words() {
  std::string words;
  for (const auto& law : energy_names()) words += (words.empty() ? "\"" : ", \"") + law.name + "\"";
  return words + " or \"mixture\"";
}

}  // namespace

TEST_CASE(
    "a wrong config gets one message: file, line, path, what was found, what is allowed, the "
    "nearest key") {
  CHECK(complaint(right) == "no error");
  const std::vector<Wrong> table = {
      // values
      {"\"delta_e\": 1.0", "\"delta_e\": -1",
       "wrong.json:16: at strokes.transitions[0].delta_e: found -1; allowed: a number > 0"},
      {"\"delta_e\": 1.0", "\"delta_e\": 0.0",
       "wrong.json:16: at strokes.transitions[0].delta_e: found 0.0; allowed: a number > 0"},
      {"\"rate_down\": 1.0", "\"rate_down\": -0.5",
       "wrong.json:17: at strokes.transitions[0].rate_down: found -0.5; allowed: a number >= 0"},
      {"\"rate_down\": 1.0", "\"rate_down\": true",
       "wrong.json:17: at strokes.transitions[0].rate_down: found true; allowed: a number >= 0"},
      {"1000", "0",
       "wrong.json:6: at ensemble.particles: found 0; allowed: a whole number from 1 to "
       "1099511627776"},
      {"1000", "2.5",
       "wrong.json:6: at ensemble.particles: found 2.5; allowed: a whole number from 1 to "
       "1099511627776"},
      {"1000", "1099511627777",
       "wrong.json:6: at ensemble.particles: found 1099511627777; allowed: a whole number from 1 "
       "to 1099511627776"},
      {"1000", "null",
       "wrong.json:6: at ensemble.particles: found null; allowed: a whole number from 1 to "
       "1099511627776"},
      {"\"dimension\": 3", "\"dimension\": 4",
       "wrong.json:7: at ensemble.dimension: found 4; allowed: 1, 2 or 3"},
      {"\"dimension\": 3", "\"mass\": 0",
       "wrong.json:7: at ensemble.mass: found 0; allowed: a number > 0"},
      {"\"seed\": 1", "\"seed\": -1",
       "wrong.json:4: at seed: found -1; allowed: a whole number from 0 to 18446744073709551615, "
       "from 2^53 on without a "
       "point "
       "or an exponent"},
      // a double no longer tells which of two seeds it was
      {"\"seed\": 1", "\"seed\": 9007199254740993.0",
       "wrong.json:4: at seed: found 9.007199254740992e+15; allowed: a whole number from 0 to "
       "18446744073709551615, from "
       "2^53 "
       "on "
       "without a point or an exponent"},
      {"\"seed\": 1", "\"seed\": 18446744073709551616",
       "wrong.json:4: at seed: found 1.8446744073709552e+19; allowed: a whole number from 0 to "
       "18446744073709551615, from "
       "2^53 on without a point or an exponent"},
      {"powerstroke/1", "powerstroke/2",
       "wrong.json:2: at format: found \"powerstroke/2\"; allowed: \"powerstroke/1\""},
      {"\"Right\"", "5", "wrong.json:3: at title: found 5; allowed: a text in quotes"},
      {"1000", "1e999",
       "wrong.json:6: at ensemble.particles: found 1e999; allowed: a number that is finite in "
       "double precision"},
      {"\"sigma\": 0.2", "\"sigma\": 0",
       "wrong.json:10: at ensemble.energy.sigma: found 0; allowed: a number > 0"},
      {"\"mean\": 3.5", "\"mean\": -3.5",
       "wrong.json:10: at ensemble.energy.mean: found -3.5; allowed: a number >= 0"},
      // texts where numbers are meant
      {"\"delta_e\": 1.0", "\"delta_e\": \"200 cm^-1\"",
       "wrong.json:10: at ensemble.energy.mean: found 3.5 without a unit, while "
       "strokes.transitions[0].delta_e is "
       "\"200 cm^-1\" (wrong.json:16); a config mixes the two nowhere; allowed: an energy with its "
       "unit, such as "
       "\"200 cm^-1\", \"2.4 kJ/mol\", \"25 meV\" or \"300 K\", or numbers alone"},
      {"1000", "\"1000\"",
       "wrong.json:6: at ensemble.particles: found \"1000\"; this is a plain number, without "
       "quotes or a unit; allowed: a "
       "whole "
       "number from 1 to 1099511627776"},
      // kinds of value
      {"{ \"end\": 100.0, \"snapshots\": 101 }", "100",
       "wrong.json:22: at time: found 100; allowed: an object { ... }"},
      // misspelt, unknown and missing keys
      {"\"particles\"", "\"partcles\"",
       "wrong.json:6: at ensemble.partcles: unknown key, did you mean 'particles'? allowed: "
       "dimension, direction, energy, "
       "mass, particles"},
      {"\"delta_e\"", "\"deltaE\"",
       "wrong.json:16: at strokes.transitions[0].deltaE: unknown key, did you mean 'delta_e'? "
       "allowed: delta_e, rate_down"},
      {"\"strokes\"", "\"stroke\"",
       "wrong.json:14: at stroke: unknown key, did you mean 'strokes'? allowed: analysis, "
       "comparison, ensemble, format, "
       "histogram, phase_space, seed, strokes, time, title"},
      {"\"sigma\"", "\"width\"",
       "wrong.json:10: at ensemble.energy.width: unknown key; allowed: distribution, mean, sigma"},
      {"\"title\"", "\"titel\"",
       "wrong.json:3: at titel: unknown key, did you mean 'title'? allowed: analysis, comparison, "
       "ensemble, format, "
       "histogram, phase_space, seed, strokes, time, title"},
      {", \"sigma\": 0.2", "",
       "wrong.json:8: at ensemble.energy: the key 'sigma' is missing; allowed: a number > 0"},
      {"\"format\": \"powerstroke/1\",", "",
       "wrong.json:1: at the top level: the key 'format' is missing; allowed: \"powerstroke/1\""},
      {"\"distribution\": \"normal\",", "",
       "wrong.json:8: at ensemble.energy: the key 'distribution' is missing; allowed: " +
           energy_words()},
      {", \"snapshots\": 101", "",
       "wrong.json:22: at time: the key 'snapshots' is missing; allowed: a count from 2 to 1000000 "
       "(equally spaced, 0 and "
       "end included), or an "
       "ascending list of times >= 0"},
      {"\"end\": 100.0, ", "",
       "wrong.json:22: at time: the key 'end' is missing; allowed: a number > 0"},
      // misspelt and reserved words
      {"energy_conserving", "energy_conservng",
       "wrong.json:19: at strokes.balance: found \"energy_conservng\", did you mean "
       "\"energy_conserving\"? allowed: "
       "\"fixed\", \"thermal\", \"energy_conserving\", \"exchange\" or \"bath\""},
      {"\"constant\"", "\"microreversable\"",
       "wrong.json:20: at strokes.rates: found \"microreversable\", did you mean "
       "\"microreversible\"? allowed: "
       "\"constant\", \"microreversible\" or \"rosen_zener\""},
      {"\"energy_conserving\"",
       "\"therml\", \"temperature\": 1.0",  // not of the temperature, which only that word allows
       "wrong.json:19: at strokes.balance: found \"therml\", did you mean \"thermal\"? allowed: "
       "\"fixed\", \"thermal\", "
       "\"energy_conserving\", \"exchange\" or \"bath\""},
      {"energy_conserving", "bath",
       "wrong.json:14: at strokes: the key 'bath' is missing; allowed: with balance "
       "\"bath\" { \"systems\": M, \"excited\": x }"},
      {"\"constant\"", "\"rosen_zener\"",
       "wrong.json:14: at strokes: the key 'rosen_zener' is missing; allowed: with rates "
       "\"rosen_zener\" { \"coupling\": ..., \"range\": ... }"},
      {"\"rates\": \"constant\"", "\"bath\": { \"systems\": 5, \"excited\": 0.5 }",
       "wrong.json:20: at strokes.bath: found {\"excited\":0.5,\"systems\":5}; allowed: a bath "
       "only with balance \"bath\""},
      {"\"rates\": \"constant\"", "\"rosen_zener\": { \"coupling\": 1, \"range\": 1 }",
       "wrong.json:20: at strokes.rosen_zener: found {\"coupling\":1,\"range\":1}; allowed: a "
       "section \"rosen_zener\" only "
       "with \"rates\": \"rosen_zener\""},
      {"\"rates\": \"constant\"", "\"gas\": { \"prefactor\": 1, \"pressure\": 1 }",
       "wrong.json:19: at strokes.balance: found \"energy_conserving\"; allowed: \"thermal\" with "
       "a gas, whose rates need "
       "the bath's temperature"},
      {"\"normal\"", "\"gaussian\"",
       "wrong.json:9: at ensemble.energy.distribution: found \"gaussian\"; allowed: " +
           energy_words()},
      // keys against one another
      {"\"energy_conserving\"", "\"fixed\"",
       "wrong.json:16: at strokes.transitions[0]: the key 'rate_up' is missing; allowed: a number "
       ">= 0"},
      {"\"energy_conserving\"", "\"thermal\"",
       "wrong.json:14: at strokes: the key 'temperature' is missing; allowed: a number > 0"},
      {"\"rate_down\": 1.0", "\"rate_down\": 1.0, \"rate_up\": 0.5",
       "wrong.json:17: at strokes.transitions[0].rate_up: found 0.5; allowed: a rate_up only with "
       "balance \"fixed\": the "
       "other balances derive it"},
      {"\"rates\": \"constant\"", "\"temperature\": 2",
       "wrong.json:20: at strokes.temperature: found 2; allowed: a temperature only with balance "
       "\"thermal\""},
      {"\"rates\": \"constant\"", "\"timing\": \"waiting_times\"",
       "wrong.json:20: at strokes.timing: found \"waiting_times\"; allowed: \"uniformization\" "
       "with a balance "
       "whose rates change with time; \"waiting_times\" and \"snapshots\" are for \"fixed\" and "
       "\"thermal\""},
      {"\"mean\": 3.5", "\"weight\": 1, \"mean\": 3.5",
       "wrong.json:10: at ensemble.energy.weight: found 1; allowed: a weight only for the parts of "
       "a mixture"},
      // lists
      {"{ \"delta_e\": 1.0,\n        \"rate_down\": 1.0 }", "",
       "wrong.json:15: at strokes.transitions: found []; allowed: a list of 1 to 64 transitions { "
       "\"delta_e\": ..., "
       "\"rate_down\": ... }, or a preset"},
      {"\"rates\": \"constant\"",
       "\"preset\": { \"name\": \"water_librations\", \"rate_down\": 1 }",
       "wrong.json:20: at strokes.preset: there are transitions, too; allowed: either transitions "
       "or a preset"},
      {"101", "1",
       "wrong.json:22: at time.snapshots: found 1; allowed: a count from 2 to 1000000 (equally "
       "spaced, 0 and end included), "
       "or an ascending "
       "list of times >= 0"},
      {"101", "[0, -1]",
       "wrong.json:22: at time.snapshots: found [0,-1]; allowed: a count from 2 to 1000000 "
       "(equally spaced, 0 and end "
       "included), or an "
       "ascending list of times >= 0"},
      {"101", "[0, 5, 5]",
       "wrong.json:22: at time.snapshots: found 5 after 5; allowed: times that ascend, none twice"},
      {"101", "[0, 5, 200]",
       "wrong.json:22: at time.end: found 100; allowed: a number >= 200, the last of "
       "time.snapshots, or no 'end' at all"},
      {"\"dimension\": 3", "\"direction\": [0, 0, 0]",
       "wrong.json:7: at ensemble.direction: found [0,0,0]; allowed: \"isotropic\", or 3 numbers, "
       "not all zero, as "
       "ensemble.dimension is 3"},
      {"\"dimension\": 3", "\"direction\": [1, 0]",
       "wrong.json:7: at ensemble.direction: found [1,0]; allowed: \"isotropic\", or 3 numbers, "
       "not all zero, as "
       "ensemble.dimension is 3"},
      {"\"dimension\": 3", "\"direction\": \"up\"",
       "wrong.json:7: at ensemble.direction: found \"up\"; allowed: \"isotropic\", or a list of "
       "numbers, one for each "
       "dimension and not all zero"},
      // laws that are nowhere
      {"\"normal\",\n      \"mean\": 3.5, \"sigma\": 0.2", "\"uniform\", \"low\": 3, \"high\": 2",
       "wrong.json:8: at ensemble.energy: high is 2; it must be greater than low, which is 3"},
      {"\"normal\",\n      \"mean\": 3.5, \"sigma\": 0.2",
       "\"histogram\", \"edges\": [0, 1, 2], \"weights\": [0, 0]",
       "wrong.json:8: at ensemble.energy: the sum of weights is 0; it must be a finite number > 0"},
      {"\"normal\",\n      \"mean\": 3.5, \"sigma\": 0.2",
       "\"histogram\", \"edges\": [0, 1,\n -2\n], \"weights\": [0, 0]",
       "wrong.json:10: at ensemble.energy.edges[2]: found -2; allowed: a number >= 0"},
      {"\"normal\",\n      \"mean\": 3.5, \"sigma\": 0.2",
       "\"mixture\", \"parts\": [\n{ \"distribution\": \"delta\", \"value\": 1 }]",
       "wrong.json:10: at ensemble.energy.parts[0]: the key 'weight' is missing; allowed: a number "
       "> 0"},
      {"\"normal\",\n      \"mean\": 3.5, \"sigma\": 0.2",
       "\"mixture\", \"parts\": [\n{ \"weight\": 1, \"distribution\": \"uniform\", \"low\": 1, "
       "\"high\": 1 }]",
       "wrong.json:10: at ensemble.energy.parts[0]: high is 1; it must be greater than low, which "
       "is 1"},
      {"\"delta_e\": 1.0", "\"delta_e\": 1e-12",
       "wrong.json:16: at strokes.transitions[0].delta_e: found 1e-12, and initial energies reach "
       "5.11e+12 times that; "
       "allowed: up to 20000 times"},
      {"\"end\": 100.0", "\"end\": 1e12",
       "wrong.json:22: at time.end: found up to 2e+12 attempted strokes a particle; allowed: fewer "
       "than 1e+09"},
      // what is no config at all
      {"\"seed\": 1", "\"title\": \"Left\"",
       "wrong.json:4: at title: the key 'title' is there twice; which one is meant?"},
      {"\"mean\": 3.5", "\"mean\": 3.5,\n\"mean\": 3.5",
       "wrong.json:11: at ensemble.energy.mean: the key 'mean' is there twice; which one is "
       "meant?"},
      {"\"seed\": 1,", "\"seed\": 1,,",
       "wrong.json:4:13: this is not valid JSON: syntax error while parsing object key - "
       "unexpected ','; expected string "
       "literal"},
      {"101 }\n}", "101 }",
       "wrong.json:23:1: this is not valid JSON: syntax error while parsing object - unexpected "
       "end of input; expected '}'"},
  };
  CHECK(table.size() >= 30);
  for (const Wrong& wrong : table)
    CHECK(complaint(replaced(wrong.what, wrong.by)) == wrong.message);
}

TEST_CASE(
    "draws from snapshot to snapshot are for one transition at constant rates, whose paths nobody "
    "asks for") {
  const auto complaint_of = [](const std::vector<Override>& changes) -> std::string {
    try {
      io::read_config(std::filesystem::path(POWERSTROKE_SOURCE_DIR) / "examples" / "snapshots.json",
                      changes);
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "accepted";
  };
  CHECK(complaint_of({}) == "accepted");
  CHECK(complaint_of({{"strokes.rates", "microreversible"}})
            .ends_with("at strokes.timing: found \"snapshots\" with microreversible rates; "
                       "allowed: with one transition at "
                       "constant rates"));
  CHECK(complaint_of(
            {{"strokes.transitions",
              "[{ \"delta_e\": 1, \"rate_down\": 1 }, { \"delta_e\": 2, \"rate_down\": 1 }]"}})
            .find("found \"snapshots\" with 2 transitions") != std::string::npos);
  CHECK(complaint_of({{"analysis.path_entropy", "true"}})
            .find("which makes no strokes; allowed: false") != std::string::npos);
  CHECK(complaint_of({{"phase_space", "{ \"step\": 1 }"}})
            .find("found \"snapshots\" in phase space") != std::string::npos);
  CHECK(complaint_of({{"strokes.balance", "energy_conserving"}}) != "accepted");
}

TEST_CASE(
    "an analysis of strokes is refused in a phase space that has none, and may be said to be off") {
  const std::string text = R"({ "format": "powerstroke/1", "ensemble": { "particles": 10, "energy":
    { "distribution": "maxwell_boltzmann", "temperature": 1 } }, "phase_space": { "step": 0.1 },
    "time": { "end": 1, "snapshots": 2 } })";
  for (const char* key : {"path_entropy", "information"}) {
    CAPTURE(key);
    const std::string path = std::string("analysis.") + key;
    CHECK(complaint(text, {{path, "true"}})
              .find("found true in phase space, where it is not computed; allowed: false") !=
          std::string::npos);
    CHECK(complaint(text, {{path, "false"}}) == "no error");
  }
}

TEST_CASE("a preset whose name is no text is refused as any other value of the wrong kind") {
  for (const char* name : {"{ \"value\": 1 }", "null", "7", "[]"}) {
    CAPTURE(name);
    std::string message = "accepted";
    try {
      io::read_config(std::filesystem::path(POWERSTROKE_SOURCE_DIR) / "examples" / "water.json",
                      {{"strokes.preset.name", name}});
    } catch (const ConfigError& error) {
      message = error.what();
    }
    CHECK(message.find("at strokes.preset") != std::string::npos);
    CHECK(message.find("allowed") != std::string::npos);
  }
}

TEST_CASE("texts that are no object") {
  CHECK(complaint("") ==
        "wrong.json:1:1: this is not valid JSON: syntax error while parsing value - unexpected end "
        "of input; expected '[', "
        "'{', or a literal");
  CHECK(complaint("\n\n 5") ==
        "wrong.json:3: at the top level: found 5; allowed: an object { ... }");
  CHECK(complaint("[1, 2]") ==
        "wrong.json:1: at the top level: found [1,2]; allowed: an object { ... }");
  CHECK(complaint(std::string(100000, '[')).ends_with("nested deeper than 64 levels"));
  std::string keys = "{";
  for (int i = 0; i < 100000; ++i)
    keys += (i == 0 ? "\"unknown" : ",\"unknown") + std::to_string(i) + "\": 1";
  CHECK(complaint(keys + "}") ==
        "wrong.json:1: at unknown1000: more than 1000 keys in one object; no object of a config "
        "has so many");
  CHECK(complaint("{\"title\": \"\xff\"}").find("ill-formed UTF-8") != std::string::npos);
}

TEST_CASE("no stationary state to compare with is an error that says how to run all the same") {
  const std::string way_out =
      "no stationary state exists to compare with; to run it all the same, set \"comparison\": { "
      "\"stationary\": false }";
  for (const char* rate_up : {"1.0", "2.5"}) {
    const std::vector<Override> growing = {{"strokes.balance", "fixed"},
                                           {"strokes.transitions[0].rate_up", rate_up}};
    CHECK(complaint(right, growing) ==
          "--set strokes.transitions[0].rate_up: at strokes.transitions[0].rate_up: found " +
              std::string(rate_up == std::string("1.0") ? "1" : rate_up) +
              "; allowed: a number < rate_down, which is 1, or " + way_out);
    std::vector<Override> allowed = growing;
    allowed.push_back({"comparison.stationary", "false"});
    CHECK(complaint(right, allowed) == "no error");
  }
  // So hot a bath that the two rates are one double.
  const std::string hot =
      complaint(right, {{"strokes.balance", "thermal"}, {"strokes.temperature", "1e17"}});
  CHECK(hot.starts_with("--set strokes.temperature: at strokes.temperature: found 1e+17"));
  CHECK(hot.ends_with(way_out));
}

TEST_CASE("errors of overrides name the option") {
  const auto set = [](const std::string& path, const std::string& value) {
    return complaint(right, {{path, value}});
  };
  CHECK(set("strokes.transitions.0.delta_e", "-1") ==
        "--set strokes.transitions.0.delta_e: at strokes.transitions[0].delta_e: found -1; "
        "allowed: a number > 0");
  CHECK(set("ensemble.partcles", "5") ==
        "--set ensemble.partcles: at ensemble.partcles: unknown key, did you mean 'particles'? "
        "allowed: dimension, "
        "direction, energy, mass, particles");
  CHECK(set("strokes.transition.0.delta_e", "2")
            .starts_with("--set strokes.transition.0.delta_e: at strokes.transition: unknown key, "
                         "did you mean 'transitions'?"));
  CHECK(set("comparison.stationry", "false") ==
        "--set comparison.stationry: at comparison.stationry: unknown key, did you mean "
        "'stationary'? allowed: stationary");
  CHECK(set("strokes", R"({"transitions":[{"delta_e":1,"rate_down":1}],"balance":"fix"})")
            .starts_with(
                "--set strokes: at strokes.balance: found \"fix\", did you mean \"fixed\"?"));
  CHECK(set("strokes.transitions.1.delta_e", "1") ==
        "--set strokes.transitions.1.delta_e: found the index '1' into strokes.transitions, which "
        "is a list; allowed: 0 to 0");
  CHECK(set("strokes.transitions.delta_e", "1") ==
        "--set strokes.transitions.delta_e: found the index 'delta_e' into strokes.transitions, "
        "which is a list; allowed: 0 "
        "to 0");
  CHECK(set("seed.x", "1") == "--set seed.x: seed is 1 and has no key 'x'");
  CHECK(set("ensemble..mass", "1") ==
        "--set 'ensemble..mass': allowed: a path such as strokes.transitions[0].rate_down");
  CHECK(set("", "1") == "--set '': allowed: a path such as strokes.transitions[0].rate_down");
  CHECK(set("ensemble.energy", "{\"distribution\":") ==
        "--set ensemble.energy: found {\"distribution\":; allowed: JSON or a bare word");
  CHECK(set("time", R"({"end":1,"end":2,"snapshots":3})") ==
        "--set time:1: at end: the key 'end' is there twice; which one is meant?");
  CHECK(set("title", "\xff") == "--set title: the value is not valid UTF-8");
  CHECK(set("ensemble.mass", "heavy")
            .starts_with("--set ensemble.mass: at ensemble.mass: found \"heavy\""));
  // A fault elsewhere in the file is the file's.
  CHECK(complaint(replaced("\"sigma\": 0.2", "\"sigma\": -1"), {{"seed", "5"}}) ==
        "wrong.json:10: at ensemble.energy.sigma: found -1; allowed: a number > 0");
  CHECK(complaint(replaced("\"sigma\": 0.2", "\"sigma\": -1"), {{"ensemble.energy.sigma", "1"}}) ==
        "no error");
}

TEST_CASE(
    "what a law refuses in a number of --set is told of with the option; null takes a key out") {
  const std::string uniform = R"({ "format": "powerstroke/1",
    "ensemble": { "particles": 10, "energy": { "distribution": "uniform", "low": 1, "high": 2 } },
    "strokes": { "transitions": [ { "delta_e": 1, "rate_down": 1 } ], "balance": "thermal", "temperature": 1 },
    "time": { "end": 1, "snapshots": 2 } })";
  CHECK(complaint(uniform, {{"ensemble.energy.high", "0.5"}})
            .find("with --set ensemble.energy.high") != std::string::npos);
  CHECK(complaint(uniform, {{"strokes.balance", "exchange"}}) != "no error");
  CHECK(complaint(uniform, {{"strokes.balance", "exchange"}, {"strokes.temperature", "null"}}) ==
        "no error");
  // The limit that is told is the one that holds.
  const std::string gamma = R"({ "distribution": "gamma", "shape": 0.4, "scale": 1 })";
  CHECK(complaint(uniform, {{"ensemble.energy", gamma}})
            .find("allowed: a number from 0.5 to 1000000") != std::string::npos);
}

TEST_CASE("results too large to hold are refused") {
  const std::string message = complaint(
      right, {{"time.snapshots", "100000"}, {"histogram", R"({"max": 40, "bins": 100000})"}});
  CHECK(message ==
        "--set time.snapshots: at time.snapshots: 100000 snapshots of 100000 bins are 10000000000 "
        "counts; allowed: at most "
        "268435456 (2 GiB)");
}

TEST_CASE("what cannot be had as it is written is refused, not rounded or left out") {
  const auto bath = [](const std::string& systems, const std::string& excited) {
    return replaced("\"energy_conserving\"", "\"bath\", \"bath\": { \"systems\": " + systems +
                                                 ", \"excited\": " + excited + " }");
  };
  CHECK(complaint(bath("1", "0.5")) ==
        "wrong.json:19: at strokes.bath.excited: found 0.5, which of 1 systems is 0.5; allowed: a "
        "fraction that whole "
        "systems have, "
        "such as 0 or 1, or more systems");
  CHECK(complaint(bath("100", "0.004")).find("allowed: a fraction that whole systems have") !=
        std::string::npos);
  CHECK(complaint(bath("100", "0.996")).find("allowed: a fraction that whole systems have") !=
        std::string::npos);
  CHECK(complaint(bath("3000", "0.2501")) == "no error");
  CHECK(complaint(bath("2", "0.5")) == "no error");
  CHECK(complaint(bath("1099511627776", "1")) == "no error");
  // Seeds are whole numbers, whatever their notation; beyond 2^53 a number with a point or an
  // exponent is none for sure.
  CHECK(parse_config(replaced("\"seed\": 1,", "\"seed\": 1e15,"), "c.json").seed ==
        1000000000000000U);
  CHECK(parse_config(replaced("\"seed\": 1,", "\"seed\": 18446744073709551615,"), "c.json").seed ==
        18446744073709551615U);
  CHECK(complaint(replaced("\"seed\": 1,", "\"seed\": 9007199254740994.0,"))
            .starts_with("wrong.json:4: at seed: found "));
  CHECK(complaint(replaced("\"seed\": 1,", "\"seed\": 1e17,")).find("allowed: a whole number") !=
        std::string::npos);
  const std::string at_rest =
      replaced("\"distribution\": \"normal\",\n      \"mean\": 3.5, \"sigma\": 0.2",
               "\"distribution\": \"delta\", \"value\": 0");
  CHECK(complaint(at_rest, {{"ensemble.direction", "[1, 0, 0]"}})
            .find("with a fraction 1 of the particles at rest, which have no direction; allowed: "
                  "\"isotropic\"") != std::string::npos);
  CHECK(complaint(right, {{"ensemble.direction", "[1, 0, 0]"}}) == "no error");
}
