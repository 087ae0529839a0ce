#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/study/run/equation_path.hpp"
#include "powerstroke/study/run/run.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;
using nlohmann::json;

/// A whole run, a million particles and the solution beside them, against the tables of an
/// independent solver (good to about 1e-9).
namespace {

study::Config config_of(const json& table) {
  const json& c = table.at("config");
  json transition = {{"delta_e", c.at("delta_e")}, {"rate_down", c.at("rate_down")}};
  if (!c.at("rate_up").is_null()) transition["rate_up"] = c.at("rate_up");
  json strokes = {
      {"transitions", {transition}}, {"balance", c.at("balance")}, {"rates", c.at("rates")}};
  if (!c.at("temperature").is_null()) strokes["temperature"] = c.at("temperature");
  json times = json::array();
  for (const json& row : table.at("rows")) times.push_back(row.at("t"));
  const json config = {{"format", "powerstroke/1"},
                       {"title", table.at("name")},
                       {"seed", 20260201},
                       {"ensemble",
                        {{"particles", 1'000'000},
                         {"dimension", c.at("dimension")},
                         {"mass", c.at("mass")},
                         {"energy", c.at("energy")}}},
                       {"strokes", strokes},
                       {"time", {{"snapshots", times}}},
                       {"histogram", {{"max", 60.0}, {"bins", 1200}}}};
  return io::parse_config(config.dump(), table.at("name"));
}

/// One run against one table: 5 observables and the levels at each time, all together at the stated
/// rate of false alarms.
void check(const std::string& name) {
  CAPTURE(name);
  const json table = json::parse(
      std::ifstream(std::string(POWERSTROKE_SOURCE_DIR) + "/tests/data/" + name + ".json"));
  const study::Config config = config_of(table);
  const study::RunResult result = study::run(config);
  const auto rows = table.at("rows");
  const int checks = static_cast<int>(rows.size()) * 6;
  const double largest = test_support::largest_deviate(checks);
  study::EquationPath path(config, true);  // for the scatter of a common phi alone
  double worst = 0.0, solution_error = 0.0;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const json& row = rows[k];
    const double t = result.series.t[k];
    CAPTURE(t);
    const auto hold = [&](const char* key) {
      CAPTURE(key);
      const study::Quantity& quantity = result.quantity(key);
      const double value = quantity.values[k], error = quantity.errors[k],
                   solution = quantity.solution[k];
      const double table_value = row.at(key);
      solution_error = std::max(solution_error, std::abs(solution - table_value));
      if (error == 0.0) {  // all particles above the threshold: none of those few that the table
                           // has elsewhere was drawn
        const auto particles = static_cast<double>(config.ensemble.particles);
        CHECK(particles * std::abs(value - table_value) <
              -std::log(test_support::false_alarm_rate / checks));
        return;
      }
      const double z = (value - table_value) / error;
      worst = std::max(worst, std::abs(z));
      CHECK(std::abs(z) < largest);
    };
    hold("mean_energy");
    hold("phi");
    hold("S_E");
    hold("S_1");
    hold("mean_ln_E");

    std::vector<double> levels{0.0};
    for (const json& p : row.at("level_probability")) levels.push_back(p);
    std::vector<std::uint64_t> counts = result.histograms.levels[k];
    // The tables stop at some level; both sides count what is above as one class.
    counts.resize(levels.size(), 0);
    path.advance(t);
    const auto scatter = path.scatter_of_levels();
    const auto chi = analysis::chi_square(counts, levels, config.ensemble.particles,
                                          scatter ? &*scatter : nullptr);
    CHECK(chi.p_value > test_support::false_alarm_rate / checks);
  }
  CHECK(solution_error < 2e-5);
  CHECK(result.comparison.verdict == study::Verdict::consistent);
  MESSAGE(name, ": largest deviation of the particles ", worst, " standard errors of ", largest,
          " allowed; of the solution ", solution_error);
}

}  // namespace

TEST_CASE("a run of a million particles against the reference: narrow normal, energy conserving") {
  check("narrow-normal-conserving");
}
TEST_CASE("a run of a million particles against the reference: broad normal, energy conserving") {
  check("broad-normal-conserving");
}
TEST_CASE(
    "a run of a million particles against the reference: Maxwell-Boltzmann start, energy "
    "conserving") {
  check("maxwell3d-conserving-constant");
}
TEST_CASE("a run of a million particles against the reference: uniform start, fixed rates") {
  check("uniform-fixed");
}

TEST_CASE(
    "a run of a million particles against the reference: broad normal, energy conserving, "
    "microreversible") {
  check("broad-normal-conserving-microreversible");
}
TEST_CASE("a run of a million particles against the reference: thermal, microreversible, d = 1") {
  check("normal-thermal-microreversible-1d");
}
TEST_CASE("a run of a million particles against the reference: thermal, microreversible, d = 3") {
  check("normal-thermal-microreversible-3d");
}
