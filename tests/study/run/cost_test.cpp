#include <doctest/doctest.h>

#include <cmath>
#include <string>

#include "powerstroke/io/config/config.hpp"
#include "powerstroke/study/run/equation_cost.hpp"
#include "powerstroke/study/run/run.hpp"

using namespace powerstroke;
using namespace powerstroke::io;
using namespace powerstroke::study;

namespace {

Config config_of(const std::string& energy, const std::string& strokes, const std::string& rest) {
  return parse_config(R"({ "format": "powerstroke/1", "ensemble": { "particles": 500, "energy": )" + energy +
                          R"( }, "strokes": { "transitions": [ { "delta_e": 1.0, "rate_down": 1.0 } ], )" + strokes +
                          " }, " + rest + "}",
                      "cost.json");
}

const std::string boltzmann = R"({ "distribution": "maxwell_boltzmann", "temperature": 1.0 })";

}  // namespace

TEST_CASE("cost: a bath so hot that its law spreads over millions of levels is not compared, and is told of before") {
  const Config config =
      config_of(boltzmann, R"("balance": "thermal", "temperature": 3e5)", R"("time": { "end": 2, "snapshots": 3 })");
  const Meaning meaning = explain(config);
  CHECK(meaning.stationary.find("(not compared: the stationary law of temperature 300000") != std::string::npos);
  CHECK(meaning.stationary.find("allowed: 2^23 numbers in all)") != std::string::npos);
  CHECK(meaning.memory_bytes < 1e8);
  const RunResult result = run(config);
  CHECK_FALSE(result.comparison.stationary.exists);
  CHECK(result.comparison.stationary.law == meaning.stationary);
}

TEST_CASE("cost: the temperature of a closed ensemble over many levels is found without a sum over all of them") {
  // E^(1/2) exp(-E/T) over levels much finer than T is a density but for 1e-6: mean energy 3/2 T.
  const Config config = config_of(R"({ "distribution": "uniform", "low": 8000, "high": 10000 })",
                                  R"("balance": "energy_conserving", "rates": "microreversible")",
                                  R"("time": { "end": 0.1, "snapshots": 2 })");
  const RunResult result = run(config);
  CHECK(1.0 / result.comparison.stationary.temperature == doctest::Approx(1.5 / 9000.0).epsilon(1e-5));
}

TEST_CASE("cost: edges of the histogram far above the ladder are above it") {
  const Config config = config_of(boltzmann, R"("balance": "energy_conserving")",
                                  R"("time": { "end": 2, "snapshots": 3 }, "histogram": { "max": 1e12, "bins": 300 })");
  const RunResult result = run(config);
  for (const auto& row : result.solution.bin_probability) {
    CHECK(row.front() == doctest::Approx(1.0));
    CHECK(row.back() == 0.0);
  }
}

TEST_CASE("cost: what the equation holds grows as its grid, the scatter as the square of its levels") {
  CHECK(equation_bytes(2e6, 0.0, 0.0, false) == 2.0 * equation_bytes(1e6, 0.0, 0.0, false));
  CHECK(equation_bytes(0.0, 200.0, 200.0, true) == 4.0 * equation_bytes(0.0, 100.0, 100.0, true));
  CHECK(equation_bytes(0.0, 2.0, 200.0, false) == 2.0 * equation_bytes(0.0, 2.0, 100.0, false));
}

TEST_CASE(
    "cost: strokes and their number are foretold as they come, for a run that is watched to its end and for a longer one") {
  for (const char* end : {"3", "3000"}) {
    CAPTURE(end);
    const Config config = config_of(boltzmann, R"("balance": "thermal", "temperature": 1.5)",
                                    std::string(R"("time": { "end": )") + end + R"(, "snapshots": 4 })");
    const Meaning meaning = explain(config);
    const RunResult result = run(config);
    const double strokes = static_cast<double>(result.performance.strokes);
    CHECK(std::abs(strokes - meaning.expected_strokes) < 6.0 * std::sqrt(4.0 * strokes) + 0.02 * strokes);
    CHECK(meaning.memory_bytes > 2e7);
  }
}
