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

/// A whole run, a million particles and the solution beside them, against the tables of an independent solver (good to about
/// 1e-9).
namespace {

study::Config config_of(const json& table) {
  const json& c = table.at("config");
  json transition = {{"delta_e", c.at("delta_e")}, {"rate_down", c.at("rate_down")}};
  if (!c.at("rate_up").is_null()) transition["rate_up"] = c.at("rate_up");
  json strokes = {{"transitions", {transition}}, {"balance", c.at("balance")}, {"rates", c.at("rates")}};
  if (!c.at("temperature").is_null()) strokes["temperature"] = c.at("temperature");
  json times = json::array();
  for (const json& row : table.at("rows")) times.push_back(row.at("t"));
  const json config = {
      {"format", "powerstroke/1"},
      {"title", table.at("name")},
      {"seed", 20260201},
      {"ensemble",
       {{"particles", 1'000'000}, {"dimension", c.at("dimension")}, {"mass", c.at("mass")}, {"energy", c.at("energy")}}},
      {"strokes", strokes},
      {"time", {{"snapshots", times}}},
      {"histogram", {{"max", 60.0}, {"bins", 1200}}}};
  return io::parse_config(config.dump(), table.at("name"));
}

/// One run against one table: 5 observables and the levels at each time, all together at the stated rate of false alarms.
void check(const std::string& name) {
  CAPTURE(name);
  const json table = json::parse(std::ifstream(std::string(POWERSTROKE_SOURCE_DIR) + "/tests/data/" + name + ".json"));
  const study::Config config = config_of(table);
  const study::RunResult result = study::run(config);
  const study::Series& s = result.series;
  const auto rows = table.at("rows");
  const int checks = static_cast<int>(rows.size()) * 6;
  const double largest = test_support::largest_deviate(checks);
  study::EquationPath path(config, true);  // for the scatter of a common phi alone
  double worst = 0.0, solution_error = 0.0;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const json& row = rows[k];
    const double t = s.t[k];
    CAPTURE(t);
    const auto hold = [&](const char* what, double value, double error, double table_value, double solution) {
      CAPTURE(what);
      solution_error = std::max(solution_error, std::abs(solution - table_value));
      if (error == 0.0) {  // all particles above the threshold: none of those few that the table has elsewhere was drawn
        const auto particles = static_cast<double>(config.ensemble.particles);
        CHECK(particles * std::abs(value - table_value) < -std::log(test_support::false_alarm_rate / checks));
        return;
      }
      const double z = (value - table_value) / error;
      worst = std::max(worst, std::abs(z));
      CHECK(std::abs(z) < largest);
    };
    hold("mean energy", s.mean_energy[k], s.mean_energy_err[k], row.at("mean_energy"), result.solution.mean_energy[k]);
    hold("phi", s.phi[k], s.phi_err[k], row.at("phi"), result.solution.phi[k]);
    hold("S_E", s.S_E[k], s.S_E_err[k], row.at("S_E"), result.solution.S_E[k]);
    hold("S_1", s.S_1[k], s.S_1_err[k], row.at("S_1"), result.solution.S_1[k]);
    hold("<ln E>", s.mean_ln_E[k], s.mean_ln_E_err[k], row.at("mean_ln_E"), result.solution.mean_ln_E[k]);

    std::vector<double> levels{0.0};
    for (const json& p : row.at("level_probability")) levels.push_back(p);
    std::vector<std::uint64_t> counts = result.histograms.levels[k];
    // The tables stop at some level; both sides count what is above as one class.
    counts.resize(levels.size(), 0);
    path.advance(s.t[k]);
    const auto scatter = path.scatter_of_levels();
    const auto chi = analysis::chi_square(counts, levels, config.ensemble.particles, scatter ? &*scatter : nullptr);
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
TEST_CASE("a run of a million particles against the reference: Maxwell-Boltzmann start, energy conserving") {
  check("maxwell3d-conserving-constant");
}
TEST_CASE("a run of a million particles against the reference: uniform start, fixed rates") { check("uniform-fixed"); }

TEST_CASE("a run of a million particles against the reference: broad normal, energy conserving, microreversible") {
  check("broad-normal-conserving-microreversible");
}
TEST_CASE("a run of a million particles against the reference: thermal, microreversible, d = 1") {
  check("normal-thermal-microreversible-1d");
}
TEST_CASE("a run of a million particles against the reference: thermal, microreversible, d = 3") {
  check("normal-thermal-microreversible-3d");
}
