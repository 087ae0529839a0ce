#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cli/program.hpp"
#include "support/bounds.hpp"
#include "support/temporary_folder.hpp"

namespace fs = std::filesystem;
using namespace test_support;
using Json = nlohmann::json;

/// The command `sweep`, command lines in, tables and folders out.
namespace {

/// A folder with a quick thermal config in it; constant w-.
struct Workplace {
  TemporaryFolder folder;
  const fs::path& path = folder.path();

  Workplace() {
    std::ofstream(path / "bath.json") << R"({
  "format": "powerstroke/1",
  "title": "Bath",
  "ensemble": { "particles": 3000, "energy": { "distribution": "uniform", "low": 0.0, "high": 4.0 } },
  "strokes": { "transitions": [ { "delta_e": 1.5, "rate_down": 2.0 } ], "balance": "thermal", "temperature": 1.0 },
  "time": { "end": 3, "snapshots": 2 },
  "histogram": { "max": 30, "bins": 40 }
}
)";
  }
  Json sweep(const std::string& folder_name = "out/bath-sweep") const {
    return Json::parse(text_of(path / folder_name / "sweep.json"));
  }
};

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> found;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) found.push_back(line);
  return found;
}

}  // namespace

TEST_CASE("sweep: each run has the bits of a run alone, side by side or one after the other") {
  const Workplace place;
  REQUIRE(powerstroke(place.path,
                      "run bath.json --quiet -o r1 --set strokes.temperature=0.7 --set seed=3")
              .code == 0);
  REQUIRE(powerstroke(place.path,
                      "run bath.json --quiet -o r2 --set strokes.temperature=2 --set seed=3")
              .code == 0);
  for (const std::string threads : {"1", "2", "5"}) {
    CAPTURE(threads);
    REQUIRE(powerstroke(place.path,
                        "sweep bath.json --quiet --keep --set seed=3 --over "
                        "strokes.temperature=0.7,2 --threads " +
                            threads + " -o s" + threads)
                .code == 0);
    CHECK(place.sweep("s" + threads).at("performance").at("runs_at_once") ==
          std::min(std::stoi(threads), 2));
    for (const std::string run : {"1", "2"}) {
      const Json alone = Json::parse(text_of(place.path / ("r" + run) / "summary.json"));
      const Json swept =
          Json::parse(text_of(place.path / ("s" + threads) / ("0" + run) / "summary.json"));
      for (const char* part : {"config", "series", "histogram", "solution", "comparison"})
        CHECK(alone.at(part) == swept.at(part));
      const Json row = place.sweep("s" + threads).at("rows").at(run == "1" ? 0 : 1);
      CHECK(row.at("uptakes") == alone.at("series").at("strokes_up").back());
      CHECK(row.at("releases") == alone.at("series").at("strokes_down").back());
      CHECK(row.at("blocked") == alone.at("series").at("blocked").back());
      for (const char* name :
           {"mean_energy", "mean_energy_err", "phi", "phi_err", "S_E", "S_E_err", "S_1", "S_1_err"})
        CHECK(row.at(name) == alone.at("series").at(name).back());
    }
    CHECK(place.sweep("s" + threads).at("rows") == place.sweep("s1").at("rows"));
    CHECK(place.sweep("s" + threads).at("fits") == place.sweep("s1").at("fits"));
  }
}

TEST_CASE(
    "sweep: the table has all combinations in their order, in JSON, CSV, on the page and on "
    "standard output") {
  const Workplace place;
  const Outcome outcome = powerstroke(
      place.path,
      R"(sweep bath.json --over strokes.timing=waiting_times,uniformization --over 'time.snapshots=[0,1],[0, 2]' --set time.end=2)");
  REQUIRE_MESSAGE(outcome.code == 0, outcome.err);
  const Json sweep = place.sweep();
  CHECK(sweep.at("format") == "powerstroke-sweep/1");
  CHECK(sweep.at("over").at(1) ==
        Json::parse(R"({"path": "time.snapshots", "values": [[0, 1], [0, 2]]})"));
  const Json expected = Json::parse(
      R"([["waiting_times", [0, 1]], ["waiting_times", [0, 2]], ["uniformization", [0, 1]], ["uniformization", [0, 2]]])");
  const std::vector<std::string> csv =
      lines(text_of(place.path / "out" / "bath-sweep" / "sweep.csv"));
  REQUIRE(csv.size() == 5);
  CHECK(
      csv[0].starts_with("strokes.timing,time.snapshots,t,particles,uptakes,releases,blocked,"
                         "uptake_rate,uptake_rate_err,"));
  CHECK(csv[2].starts_with("waiting_times,\"[0,2]\",2.0,3000,"));
  REQUIRE(sweep.at("rows").size() == 4);
  for (std::size_t i = 0; i < 4; ++i) {
    const Json& row = sweep.at("rows").at(i);
    CHECK(row.at("values") == expected.at(i));
    const double exposure = 3000.0 * (i % 2 == 0 ? 1.0 : 2.0);
    const double up = row.at("uptakes").get<double>(), down = row.at("releases").get<double>();
    CHECK(row.at("uptake_rate").get<double>() == doctest::Approx(up / exposure).epsilon(1e-14));
    CHECK(row.at("uptake_rate_err").get<double>() ==
          doctest::Approx(std::sqrt(std::max(up, 1.0)) / exposure).epsilon(1e-14));
    CHECK(row.at("release_rate").get<double>() == doctest::Approx(down / exposure).epsilon(1e-14));
    CHECK(row.at("release_rate_err").get<double>() ==
          doctest::Approx(std::sqrt(std::max(down, 1.0)) / exposure).epsilon(1e-14));
    CHECK(row.at("law_rate_up").get<double>() ==
          doctest::Approx(2.0 * std::exp(-1.5)).epsilon(1e-14));
    const double z = (row.at("uptake_rate").get<double>() - 2.0 * std::exp(-1.5)) /
                     row.at("uptake_rate_err").get<double>();
    CHECK(std::abs(z) < largest_deviate(4));
    CHECK(row.at("verdict") == "consistent");
    CHECK(has(csv[i + 1], "," + std::to_string(row.at("uptakes").get<int>()) + ","));
  }
  CHECK(sweep.at("fits").empty());
  for (const char* part : {"Bath", "strokes.timing", "uptake rate", "waiting_times", "[0, 2]",
                           "consistent", "the seed 1"})
    CHECK_MESSAGE(has(outcome.out, part), part);
  const std::string page = text_of(place.path / "out" / "bath-sweep" / "report.html");
  for (const char* part :
       {"4 runs over", "waiting_times", "All runs have the seed 1", "Rate and energy against"})
    CHECK_MESSAGE(has(page, part), part);
  CHECK(!fs::exists(place.path / "out" / "bath-sweep" / "01"));
}

TEST_CASE("sweep: an Arrhenius line gives delta_e back, over seeds") {
  const Workplace place;
  constexpr int seeds = 12;
  const double bound =
      largest_deviate(2 * seeds);  // runs that share a seed scatter less than independent ones
  for (int seed = 1; seed <= seeds; ++seed) {
    const std::string name = "a" + std::to_string(seed);
    REQUIRE(powerstroke(place.path,
                        "sweep bath.json --quiet --over strokes.temperature=0.8,1.2,2,4 --over "
                        "strokes.transitions.0.delta_e=1.5,0.6 --set seed=" +
                            std::to_string(seed) + " -o " + name)
                .code == 0);
    const Json fits = place.sweep(name).at("fits");
    REQUIRE(fits.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
      const Json& fit = fits.at(i);
      const double delta_e = i == 0 ? 1.5 : 0.6;
      CHECK(fit.at("kind") == "arrhenius");
      CHECK(fit.at("at").at("strokes.transitions.0.delta_e") == delta_e);
      CHECK(fit.at("expected") == delta_e);
      CHECK(fit.at("dof") == 2.0);
      CHECK(fit.at("rows") == (i == 0 ? Json({0, 2, 4, 6}) : Json({1, 3, 5, 7})));
      CHECK(fit.at("value").get<double>() == -fit.at("slope").get<double>());
      CHECK(fit.at("z").get<double>() == doctest::Approx((fit.at("value").get<double>() - delta_e) /
                                                         fit.at("error").get<double>())
                                             .epsilon(1e-12));
      CHECK(std::abs(fit.at("z").get<double>()) < bound);
      // Not by a bar that is too wide: 3000 particles make some ten thousand uptakes.
      CHECK(fit.at("error").get<double>() < 0.03);
      CHECK(fit.at("p_value").get<double>() > false_alarm_rate / (2 * seeds));
    }
  }
}

TEST_CASE("sweep: a fit is left out where it would mean nothing, and says why") {
  const Workplace place;
  const Outcome few =
      powerstroke(place.path, "sweep bath.json --quiet --over strokes.temperature=0.05,1,2 -o few");
  REQUIRE(few.code == 0);
  CHECK(has(few.out, "fewer than 20 uptakes"));
  CHECK(place.sweep("few").at("fits").at(0).at("rows") == Json({1, 2}));
  CHECK(place.sweep("few").at("fits").at(0).at("p_value") == 1.0);
  CHECK(place.sweep("few").at("rows").at(0).at("uptakes") == 0);
  const Outcome one =
      powerstroke(place.path, "sweep bath.json --quiet --over strokes.temperature=2 -o one");
  REQUIRE(one.code == 0);
  CHECK(has(one.out, "two values at least"));
  CHECK(place.sweep("one").at("fits").empty());
}

TEST_CASE("sweep: a temperature of the start is no temperature of the bath") {
  const Workplace place;
  const Outcome outcome = powerstroke(
      place.path,
      R"(sweep bath.json --quiet --set 'ensemble.energy={"distribution":"maxwell_boltzmann","temperature":1}' --over ensemble.energy.temperature=1,2)");
  REQUIRE(outcome.code == 0);
  CHECK(place.sweep().at("fits").empty());
  CHECK(place.sweep().at("notes").empty());
}

TEST_CASE("sweep: mistakes are found before the first run, and say which value is meant") {
  const Workplace place;
  struct Mistake {
    const char* arguments;
    int code;
    const char* says;
  };
  for (const Mistake& m : {
           Mistake{"", 2, "--over is required"},
           Mistake{"--over", 2, "--over"},
           Mistake{"--over strokes.temperature", 2,
                   "--over strokes.temperature: expected path.to.key=VALUE"},
           Mistake{"--over strokes.temperature=", 2, "expected path.to.key=VALUE"},
           Mistake{"--over =1,2", 2, "expected path.to.key=VALUE"},
           Mistake{"--over strokes.temperature=1,,2", 2,
                   "--over strokes.temperature: value 2 of 3 is empty"},
           Mistake{"--over strokes.temperature=1,2,1", 2,
                   "--over strokes.temperature: the value 1 is there twice"},
           Mistake{"--over 'time.snapshots=[0,1'", 2, "every bracket and quote closes"},
           Mistake{"--over 'time.snapshots=[0,1},2'", 2, "every bracket and quote closes"},
           Mistake{R"(--over 'title="a,b')", 2, "every bracket and quote closes"},
           Mistake{"--over strokes.temperature=1,-2", 2,
                   "--over strokes.temperature=-2: at strokes.temperature: found -2"},
           Mistake{"--over strokes.temperature=1,warm", 2,
                   "--over strokes.temperature=warm: at strokes.temperature"},
           Mistake{"--over strokes.temperatur=1,2", 2, "'temperature'"},
           Mistake{"--over strokes.transitions.3.delta_e=1,2", 2,
                   "--over strokes.transitions.3.delta_e=1: found the index '3'"},
           Mistake{"--over strokes..temperature=1,2", 2, "--over"},
           Mistake{"--over strokes.temperature=1,2 --over strokes.temperature=3", 2,
                   "is swept twice"},
           Mistake{"--over strokes.transitions[0].delta_e=1 --over strokes.transitions.0.delta_e=3",
                   2, "is swept twice"},
           Mistake{"--over strokes.temperature=1,2 --set strokes.temperature=3", 2,
                   "--set strokes.temperature sets the same"},
           Mistake{"--over strokes.balance=thermal,fixed", 2,
                   "with --over strokes.balance=fixed: "},
           Mistake{"--over time.end=3,0.5 --set time.snapshots=[1,2]", 2,
                   "--over time.end=0.5: at time.end"},
           Mistake{"--over seed=1,2 --set ensemble.particles=0", 2,
                   "--set ensemble.particles: at ensemble.particles"},
           Mistake{"--over seed=1,2 -o bath.json", 2,
                   "bath.json' is a file, and a sweep is a folder"},
           Mistake{"--over seed=1,2 -o /proc/nothing/here", 4, "/proc"},
           Mistake{"--over seed=1,2 --threads 0", 2, "threads"},
       }) {
    CAPTURE(m.arguments);
    const Outcome outcome = powerstroke(place.path, std::string("sweep bath.json ") + m.arguments);
    CHECK(outcome.code == m.code);
    CHECK_MESSAGE(has(outcome.err, m.says), outcome.err);
    CHECK(outcome.out.empty());
    CHECK(!fs::exists(place.path / "out"));
  }
  // What is wrong without any swept value is not blamed on one.
  CHECK(!has(
      powerstroke(place.path, "sweep bath.json --over seed=1,2 --set ensemble.particles=0").err,
      "--over"));
  CHECK(powerstroke(place.path, "sweep missing.json --over seed=1,2").code == 4);
  std::string values = "0";
  for (int i = 1; i < 101; ++i) values += "," + std::to_string(i);
  CHECK(has(powerstroke(place.path, "sweep bath.json --over seed=" + values +
                                        " --over ensemble.particles=" + values)
                .err,
            "allowed: up to 10000"));
}

TEST_CASE("sweep: an old sweep is kept, replaced when told to, and never mistaken for a result") {
  const Workplace place;
  const std::string sweep = "sweep bath.json --quiet --over seed=1,2 -o kept ";
  REQUIRE(powerstroke(place.path, sweep + "--keep").code == 0);
  const fs::path folder = place.path / "kept";
  CHECK(fs::exists(folder / "02" / "result.h5"));
  CHECK(has(text_of(folder / "report.html"), "<a href=\"02/report.html\">"));
  std::ofstream(folder / "notes.txt") << "mine";
  const Outcome again = powerstroke(place.path, sweep);
  CHECK(again.code == 2);
  CHECK(has(again.err, "holds a sweep already; replace it with --force"));
  CHECK(powerstroke(place.path, "run bath.json --quiet --force -o kept").code == 2);
  REQUIRE(powerstroke(place.path, sweep + "--force --set ensemble.particles=100").code == 0);
  CHECK(place.sweep("kept").at("rows").at(0).at("particles") == 100);
  CHECK(text_of(folder / "notes.txt") == "mine");
  CHECK(!fs::exists(folder / "01"));
  REQUIRE(powerstroke(place.path, "run bath.json --quiet -o result").code == 0);
  CHECK(has(powerstroke(place.path, "sweep bath.json --over seed=1,2 --force -o result").err,
            "holds no sweep of powerstroke"));
  for (const fs::directory_entry& entry : fs::directory_iterator(place.path))
    CHECK(!entry.path().filename().string().starts_with("."));
}

TEST_CASE("sweep: --strict passes where all runs agree; seeds that are swept are said to be") {
  const Workplace place;
  const Outcome outcome =
      powerstroke(place.path, "sweep bath.json --quiet --strict --over seed=1,2");
  CHECK(outcome.code == 0);
  CHECK(outcome.err.empty());
  CHECK(has(outcome.out, "the seed that the table gives"));
  CHECK(place.sweep().at("rows").at(0).at("uptakes") !=
        place.sweep().at("rows").at(1).at("uptakes"));
}
