#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <exception>
#include <string>
#include <vector>

#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/analysis/theory/thinned.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/io/result/folder.hpp"
#include "powerstroke/study/run/equation_cost.hpp"
#include "powerstroke/study/run/equation_path.hpp"
#include "powerstroke/study/run/rounding.hpp"
#include "powerstroke/study/run/run.hpp"
#include "support/page.hpp"
#include "support/temporary_folder.hpp"

using namespace powerstroke;
using namespace powerstroke::io;
using namespace powerstroke::study;

namespace {

Config config_of(const std::string& energy, const std::string& strokes, const std::string& rest) {
  return parse_config(
      R"({ "format": "powerstroke/1", "ensemble": { "particles": 500, "energy": )" + energy +
          R"( }, "strokes": { "transitions": [ { "delta_e": 1.0, "rate_down": 1.0 } ], )" +
          strokes + " }, " + rest + "}",
      "cost.json");
}

const std::string boltzmann = R"({ "distribution": "maxwell_boltzmann", "temperature": 1.0 })";

}  // namespace

TEST_CASE(
    "cost: a bath so hot that its law spreads over millions of levels is not compared, and is told "
    "of before") {
  const Config config = config_of(boltzmann, R"("balance": "thermal", "temperature": 3e5)",
                                  R"("time": { "end": 2, "snapshots": 3 })");
  const Meaning meaning = explain(config);
  CHECK(meaning.stationary.find("(not compared: the stationary law of temperature 300000") !=
        std::string::npos);
  CHECK(meaning.stationary.find("allowed: 2^23 numbers in all)") != std::string::npos);
  CHECK(meaning.memory_bytes < 1e8);
  const RunResult result = run(config);
  CHECK_FALSE(result.comparison.stationary.exists);
  CHECK(result.comparison.stationary.law == meaning.stationary);
}

TEST_CASE(
    "cost: the temperature of a closed ensemble over many levels is found without a sum over all "
    "of them") {
  // E^(1/2) exp(-E/T) over levels much finer than T is a density but for 1e-6: mean energy 3/2 T.
  const Config config = config_of(R"({ "distribution": "uniform", "low": 8000, "high": 10000 })",
                                  R"("balance": "energy_conserving", "rates": "microreversible")",
                                  R"("time": { "end": 0.1, "snapshots": 2 })");
  const RunResult result = run(config);
  CHECK(1.0 / result.comparison.stationary.temperature ==
        doctest::Approx(1.5 / 9000.0).epsilon(1e-5));
}

TEST_CASE("cost: edges of the histogram far above the ladder are above it") {
  const Config config = config_of(
      boltzmann, R"("balance": "energy_conserving")",
      R"("time": { "end": 2, "snapshots": 3 }, "histogram": { "max": 1e12, "bins": 300 })");
  const RunResult result = run(config);
  for (const auto& row : result.solution.bin_probability) {
    CHECK(row.front() == doctest::Approx(1.0));
    CHECK(row.back() == 0.0);
  }
}

TEST_CASE(
    "cost: what the equation holds grows as its grid, the scatter as the square of its levels or, "
    "of low rank, with them") {
  CHECK(equation_bytes(2e6, false) == 2.0 * equation_bytes(1e6, false));
  CHECK(equation_bytes(1e6, true) == 5.0 * equation_bytes(1e6, false));
  const auto scatter_of = [](const std::string& rates, double temperature) {
    const Config config = config_of(R"({ "distribution": "maxwell_boltzmann", "temperature": )" +
                                        std::to_string(temperature) + " }",
                                    R"("balance": "exchange", "rates": ")" + rates + "\"",
                                    R"("time": { "end": 2, "snapshots": 3 })");
    return EquationPath(config, true).scatter_bytes();
  };
  CHECK(scatter_of("constant", 8.0) / scatter_of("constant", 4.0) ==
        doctest::Approx(4.0).epsilon(0.3));
  CHECK(scatter_of("microreversible", 32.0) / scatter_of("microreversible", 16.0) ==
        doctest::Approx(2.0).epsilon(0.5));
}

TEST_CASE(
    "cost: strokes and their number are foretold as they come, for a run that is watched to its "
    "end and for a longer one") {
  for (const char* end : {"3", "3000"}) {
    CAPTURE(end);
    const Config config =
        config_of(boltzmann, R"("balance": "thermal", "temperature": 1.5)",
                  std::string(R"("time": { "end": )") + end + R"(, "snapshots": 4 })");
    const Meaning meaning = explain(config);
    const RunResult result = run(config);
    const double strokes = static_cast<double>(result.performance.strokes);
    CHECK(std::abs(strokes - meaning.expected_strokes) <
          6.0 * std::sqrt(4.0 * strokes) + 0.02 * strokes);
    CHECK(meaning.memory_bytes > 2e7);
  }
}

/// Counted, not timed: operations are the same on every machine.
TEST_CASE(
    "cost: a sketch foretells the operations of the scatter and of the equation within a factor of "
    "2, where they come to "
    "rest, too") {
  const std::string narrow = R"({ "distribution": "normal", "mean": 3.5, "sigma": 0.2 })";
  const char* const cases[][2] = {
      {R"("balance": "exchange")", R"("time": { "end": 3000, "snapshots": 3 })"},
      {R"("balance": "exchange")", R"("time": { "end": 300, "snapshots": 301 })"},
      {R"("balance": "energy_conserving")", R"("time": { "end": 300, "snapshots": 4 })"},
      {R"("balance": "bath", "bath": { "systems": 250, "excited": 0.2 })",
       R"("time": { "end": 1000, "snapshots": 5 })"},
      {R"("balance": "bath", "bath": { "systems": 250, "excited": 0.2 }, "rates": "microreversible")",
       R"("time": { "end": 30, "snapshots": 5 })"}};
  for (const auto& [balance, time] : cases) {
    CAPTURE(balance);
    CAPTURE(time);
    const Config config = config_of(narrow, balance, time);
    EquationPath path(config, true), sketch = path;
    const auto cells = static_cast<double>(path.equation().populations().mass.size());
    sketch.sketch();
    const auto few_cells = static_cast<double>(sketch.equation().populations().mass.size());
    for (const double t : config.snapshots) {
      path.advance(t);
      sketch.advance(t);
    }
    CHECK(few_cells < cells / 4.0);
    CHECK(sketch.scatter_bytes() == path.scatter_bytes());
    const double operations = sketch.scatter_operations() / path.scatter_operations();
    const double work = sketch.equation().work() * cells / few_cells / path.equation().work();
    CAPTURE(operations);
    CAPTURE(work);
    CHECK(operations > 0.5);
    CHECK(operations < 2.0);
    CHECK(work > 0.5);
    CHECK(work < 2.0);
  }
}

TEST_CASE("cost: a start on few offsets has the same probability of each level") {
  const theory::Populations all = theory::initial_populations({laws::NormalEnergy{3.5, 0.2}}, 0.7);
  const theory::Populations few = theory::thinned(all, 3);
  CHECK(few.grid.nodes() == 3);
  const std::vector<double> expected = theory::level_probabilities(all),
                            found = theory::level_probabilities(few);
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    CHECK(found[i] == doctest::Approx(expected[i]).epsilon(1e-12));
  CHECK(theory::thinned(all, 100000).grid.nodes() == all.grid.nodes());
}

TEST_CASE("bath: a fraction that whole systems do not have is rounded, and said to be") {
  const auto with = [](const char* excited) {
    return config_of(
        boltzmann,
        std::string(R"("balance": "bath", "bath": { "systems": 300, "excited": )") + excited + "}",
        R"("time": { "end": 1, "snapshots": 2 })");
  };
  CHECK(!rounded_bath(with("0.25")));
  CHECK(!rounded_bath(with("0.3333333333333333")));
  const std::optional<Remark> said = rounded_bath(with("0.2512"));
  REQUIRE(said);
  CHECK(clause(*said) ==
        "strokes.bath.excited: found 0.2512, which whole systems do not have; 75 of 300 are "
        "excited at the start, a fraction "
        "of 0.25");
  const RunResult result = run(with("0.2512"));
  CHECK(std::ranges::count(result.comparison.remarks, *said) == 1);
  CHECK(sentence(*said) == clause(*said) + ".");
}

TEST_CASE(
    "run: an equation that fails after the strokes leaves the particles, not comparable, with the "
    "reason") {
  const Config config =
      config_of(boltzmann, R"("balance": "bath", "bath": { "systems": 300, "excited": 0.25 })",
                R"("time": { "end": 3, "snapshots": 4 })");
  Sides broken = sides(config);
  std::get<laws::Bath>(broken.equation.strokes->law.balance).systems_per_particle =
      1e-14;  // so stiff that no step is short enough
  const RunResult result = run(config, broken);
  CHECK(result.comparison.verdict == Verdict::not_comparable);
  const std::string why = clause(result.comparison.why);
  CHECK(result.comparison.why.kind == Remark::Kind::equation_failed);
  CHECK_MESSAGE(
      why.find("could not be solved: the step of the master equation fell to") != std::string::npos,
      why);
  CHECK(result.solution.t.empty());
  CHECK(result.comparison.master_equation.empty());
  CHECK(result.quantity("mean_energy").values.size() == 4);
  CHECK(std::isfinite(result.quantity("mean_energy").values.back()));
  CHECK(std::isnan(result.quantity("phi").errors.back()));  // shared rates
  const test_support::TemporaryFolder folder;
  write_result(result, folder.path() / "result", false, test_support::page);
  CHECK(read_result(folder.path() / "result").comparison.why == as_written(why));
}

TEST_CASE(
    "cost: a start too sharp for its ladder is refused with its path, what was found, and what is "
    "allowed") {
  for (const char* sigma : {"1e-12", "1e-11"}) {
    const std::string energy =
        std::string(R"({ "distribution": "normal", "mean": 3.5, "sigma": )") + sigma + "}";
    std::string said;
    try {
      run(config_of(energy, R"("balance": "energy_conserving")",
                    R"("time": { "end": 1, "snapshots": 2 })"));
    } catch (const std::exception& error) {
      said = error.what();
    }
    CAPTURE(said);
    CHECK(said.find("at ensemble.energy: found {\"distribution\":\"normal\"") != std::string::npos);
    CHECK(said.find("adds up to ") != std::string::npos);
    CHECK(said.find("allowed: parts as wide as 1e-6 of the spacing") != std::string::npos);
  }
}

TEST_CASE("cost: a scatter that is stopped on its way is not looked at") {
  // A bath of two systems beside twenty thousand particles: half a minute of the scatter, of which
  // a forecast follows 0.4 s.
  const Config config = parse_config(R"({ "format": "powerstroke/1", "seed": 1,
    "ensemble": { "particles": 20000, "energy": { "distribution": "uniform", "low": 0, "high": 0.2 } },
    "strokes": { "transitions": [ { "delta_e": 0.978268, "rate_down": 1 }, { "delta_e": 0.489134, "rate_down": 1.1398 },
        { "delta_e": 0.489134, "rate_down": 0.625417 }, { "delta_e": 3.913072, "rate_down": 1.73492 } ],
      "balance": "bath", "bath": { "systems": 2, "excited": 1 },
      "rates": "rosen_zener", "rosen_zener": { "coupling": 0.373004, "range": 2.23889 } },
    "time": { "end": 1, "snapshots": 3 } })",
                                     "stopped.json");
  EquationPath path(config, true);
  const EquationCost cost = watch_equation(config, path);
  CHECK(cost.seconds > 1.0);
  CHECK(cost.strokes < 100.0);
}
