#include "powerstroke/io/result/summary.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "io/result/sample_result.hpp"

using namespace powerstroke::io;
using namespace powerstroke::study;
using Json = nlohmann::ordered_json;

namespace {

std::vector<std::string> keys_of(const Json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

void check_has(const Json& object, const std::vector<std::string>& keys) {
  for (const std::string& key : keys) {
    CAPTURE(key);
    CHECK(object.contains(key));
  }
}

/// A column of numbers as JSON has it: what does not exist is null, the rest is exact.
void check_column(const Json& column, const std::vector<double>& values) {
  REQUIRE(column.size() == values.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::isfinite(values[i])) {
      CHECK(column[i].get<double>() == values[i]);
    } else {
      CHECK(column[i].is_null());
    }
  }
}

}  // namespace

TEST_CASE("summary.json has every key of its format, under the names of the format") {
  const Json summary = Json::parse(summary_json(test_support::SampleResult::make()));
  CHECK(summary["format"] == "powerstroke-summary/1");
  check_has(summary,
            {"version", "config", "performance", "series", "histogram", "solution", "comparison"});
  check_has(summary["performance"],
            {"strokes", "wall_s", "strokes_per_s", "threads", "peak_memory_bytes"});
  check_has(summary["series"],
            {"t", "mean_energy", "mean_energy_err", "phi", "S_E", "S_E_err", "S_1", "S_1_err",
             "mean_ln_E", "strokes_up", "strokes_down", "blocked"});
  check_has(summary["histogram"], {"edges", "density"});
  check_has(summary["solution"],
            {"t", "mean_energy", "phi", "S_E", "S_1", "mean_ln_E", "entropy_production"});
  check_has(summary["comparison"], {"master_equation", "stationary", "verdict", "why"});
  for (const Json& row : summary["comparison"]["master_equation"]) {
    check_has(row, {"t", "chi2", "dof", "p_value", "kl_divergence", "total_variation"});
  }
  check_has(summary["comparison"]["stationary"],
            {"law", "ks", "p_value", "kl_divergence", "total_variation", "reached"});
}

TEST_CASE("summary.json says what the result says, and null where there is no value") {
  const RunResult result = test_support::SampleResult::make();
  const Json summary = Json::parse(summary_json(result));
  CHECK(summary["version"] == "0.1.0");
  CHECK(summary["config"] == Json::parse(result.config.json));
  CHECK(keys_of(summary["config"]) == keys_of(Json::parse(result.config.json)));
  CHECK(summary["config"]["seed"].get<std::uint64_t>() == ~std::uint64_t{0});
  const Json& series = summary["series"];
  check_column(series["t"], result.series.t);
  check_column(series["mean_energy"], result.quantity("mean_energy").values);
  check_column(series["mean_energy_err"], result.quantity("mean_energy").errors);
  check_column(series["phi"], result.quantity("phi").values);
  check_column(series["S_E"], result.quantity("S_E").values);
  check_column(series["S_E_err"], result.quantity("S_E").errors);
  check_column(series["S_1"], result.quantity("S_1").values);
  check_column(series["S_1_err"], result.quantity("S_1").errors);
  check_column(series["mean_ln_E"], result.quantity("mean_ln_E").values);
  CHECK(series["strokes_up"] == result.series.strokes_up);
  CHECK(series["strokes_down"] == result.series.strokes_down);
  CHECK(series["blocked"] == result.series.blocked);
  const Json& solution = summary["solution"];
  check_column(solution["t"], result.solution.t);
  check_column(solution["mean_energy"], result.quantity("mean_energy").solution);
  check_column(solution["phi"], result.quantity("phi").solution);
  check_column(solution["S_E"], result.quantity("S_E").solution);
  check_column(solution["S_1"], result.quantity("S_1").solution);
  check_column(solution["mean_ln_E"], result.quantity("mean_ln_E").solution);
  check_column(solution["entropy_production"], result.quantity("entropy_production").solution);
  const Json& comparison = summary["comparison"];
  REQUIRE(comparison["master_equation"].size() == 3);
  for (std::size_t k = 0; k < 3; ++k) {
    const Fit& fit = result.comparison.master_equation[k];
    const Json& row = comparison["master_equation"][k];
    check_column({row["t"], row["chi2"], row["dof"], row["p_value"], row["kl_divergence"],
                  row["total_variation"]},
                 {fit.t, fit.chi2, fit.dof, fit.p_value, fit.kl_divergence, fit.total_variation});
  }
  const StationaryFit& law = result.comparison.stationary;
  const Json& stationary = comparison["stationary"];
  CHECK(stationary["law"] == law.law);
  CHECK(stationary["reached"] == true);
  check_column({stationary["ks"], stationary["p_value"], stationary["kl_divergence"],
                stationary["total_variation"]},
               {law.ks, law.p_value, law.kl_divergence, law.total_variation});
  CHECK(comparison["verdict"] == "inconsistent");
  CHECK(comparison["why"] == "because");
  CHECK(summary["performance"]["strokes"] == result.performance.strokes);
  CHECK(summary["performance"]["threads"] == 7);
}

TEST_CASE("a density times its widths is the share of particles below the last edge") {
  const RunResult result = test_support::SampleResult::make();
  const Json histogram = Json::parse(summary_json(result))["histogram"];
  CHECK(histogram["edges"] == result.histograms.edges);
  REQUIRE(histogram["density"].size() == 3);
  const std::vector<double> shares = {
      1.0, 0.0, 9.0 / 10.0};  // 10 particles; none; 9 of 10 below the last edge
  for (std::size_t k = 0; k < 3; ++k) {
    double share = 0.0;
    for (std::size_t i = 0; i < 4; ++i) {
      share += histogram["density"][k][i].get<double>() *
               (histogram["edges"][i + 1].get<double>() - histogram["edges"][i].get<double>());
    }
    CHECK(share == doctest::Approx(shares[k]).epsilon(1e-15));
  }
  CHECK(histogram["density"][0][1].get<double>() ==
        doctest::Approx(2.0 / 10.0 / 0.5).epsilon(1e-15));
}

TEST_CASE("a solve has a solution and no series") {
  const Json summary = Json::parse(summary_json(test_support::SampleResult::make(false)));
  CHECK(summary["series"]["t"].empty());
  CHECK(summary["histogram"]["density"].empty());
  CHECK(summary["solution"]["t"].size() == 3);
}
