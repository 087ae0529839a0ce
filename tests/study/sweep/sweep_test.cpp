#include "powerstroke/study/sweep/sweep.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/io/config/sweep_plan.hpp"
#include "powerstroke/io/result/sweep_folder.hpp"
#include "powerstroke/io/result/sweep_table.hpp"
#include "powerstroke/report/sweep/page.hpp"
#include "powerstroke/study/run/run.hpp"
#include "powerstroke/study/sweep/row.hpp"
#include "support/page.hpp"
#include "support/temporary_folder.hpp"

using namespace powerstroke;
namespace fs = std::filesystem;

namespace {

study::SweepPlan plan(const fs::path& folder, const std::string& over) {
  std::ofstream(folder / "c.json") << R"({ "format": "powerstroke/1",
  "ensemble": { "particles": 50, "energy": { "distribution": "uniform", "low": 0, "high": 3 } },
  "strokes": { "transitions": [ { "delta_e": 1, "rate_down": 1 } ], "balance": "thermal", "temperature": 1 },
  "time": { "end": 1, "snapshots": 2 } })";
  return io::plan_sweep(folder / "c.json", {}, {study::parse_over(over)});
}

}  // namespace

TEST_CASE("sweep: the rate of what never happened has the error of one event") {
  study::RunResult result;
  result.config.ensemble.particles = 50;
  study::Series& series = result.series;
  for (study::Quantity& quantity : result.quantities) quantity.push(1.0, 1.0);
  series.t = {4.0};
  series.strokes_up = {0};
  series.strokes_down = {9};
  series.blocked = {0};
  const study::SweepRow row = study::sweep_row({}, result);
  CHECK(row.uptake_rate.value == 0.0);
  CHECK(row.uptake_rate.error == doctest::Approx(1.0 / 200.0).epsilon(1e-14));
  CHECK(row.release_rate.value == doctest::Approx(9.0 / 200.0).epsilon(1e-14));
  CHECK(row.release_rate.error == doctest::Approx(3.0 / 200.0).epsilon(1e-14));
}

TEST_CASE("sweep: a run without strokes has none of a law, of no transition") {
  study::Config config;
  config.strokes.reset();
  config.ensemble.particles = 50;
  config.ensemble.energy.law = laws::MaxwellBoltzmannEnergy{1.0, 3};
  config.snapshots = {0.0, 1.0};
  config.histogram = {10.0, 20};
  study::SpeciesConfig gas;
  gas.particles = 50;
  gas.energy = config.ensemble.energy;
  config.phase_space.emplace().step = 0.5;
  config.phase_space->species = {gas};
  const study::RunResult result = study::run(config);
  const study::SweepRow row = study::sweep_row({}, result);
  CHECK(row.law_rate_up == 0.0);
  CHECK(row.uptakes == 0);
  CHECK(std::isnan(row.end("phi").value));
  CHECK(result.series.uptakes.empty());
  CHECK(result.series.releases.empty());
}

TEST_CASE("sweep: a run that fails ends the sweep with its number and values") {
  const test_support::TemporaryFolder folder;
  study::SweepPlan broken = plan(folder.path(), "strokes.temperature=1,2,3");
  broken.runs[1].config.ensemble.energy = {
      laws::DeltaEnergy{1e30}};  // no config says this: it is off the ladder
  for (const int threads : {1, 3}) {
    const parallel::Threads scope(threads);
    std::string message;
    try {
      study::run_sweep(broken, false);
    } catch (const NumericsError& error) {
      message = error.what();
    }
    CHECK_MESSAGE(message.starts_with("run 2 of 3, strokes.temperature = 2: "), message);
  }
}

TEST_CASE("sweep: progress of runs side by side only rises, and ends at 1") {
  const test_support::TemporaryFolder folder;
  const parallel::Threads four_threads(4);
  double last = 0.0;
  bool rises = true;
  const study::Sweep sweep = study::run_sweep(plan(folder.path(), "seed=1,2,3,4,5"), true,
                                              [&](double fraction, std::uint64_t) {
                                                rises = rises && fraction >= last;
                                                last = fraction;
                                              });
  CHECK(rises);
  CHECK(last == doctest::Approx(1.0));
  CHECK(sweep.at_once == 4);
  CHECK(sweep.results.size() == 5);
}

TEST_CASE("sweep: a folder that cannot be filled leaves what was there, and nothing beside it") {
  const test_support::TemporaryFolder folder;
  const fs::path target = folder.path() / "s";
  study::Sweep sweep = study::run_sweep(plan(folder.path(), "seed=1,2"), true);
  io::write_sweep(sweep, target, false, report::sweep_page(sweep, true).html, test_support::page);
  const auto written = fs::last_write_time(target / "sweep.json");
  sweep.results[1].config.json = "{";  // its summary cannot be written
  CHECK_THROWS(io::write_sweep(sweep, target, true, report::sweep_page(sweep, true).html,
                               test_support::page));
  CHECK(fs::last_write_time(target / "sweep.json") == written);
  CHECK(fs::exists(target / "02" / "summary.json"));
  CHECK_THROWS(io::write_sweep(sweep, folder.path() / "fresh", false,
                               report::sweep_page(sweep, true).html, test_support::page));
  CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) ==
        2);  // the config and the sweep
}

TEST_CASE("sweep: no cell of the table is a formula") {
  study::Sweep sweep;
  sweep.over = {{"title", {"\"=1+1\"", "\"plain\"", "-5"}}};
  for (const std::string& value : sweep.over.front().values) {
    study::SweepRow row{};
    row.values = {value};
    row.why = "@sum, and more";
    sweep.rows.push_back(row);
  }
  const std::string table = io::sweep_csv(sweep);
  CHECK(table.find("\n'=1+1,") != std::string::npos);
  CHECK(table.find("\nplain,") != std::string::npos);
  CHECK(table.find("\n-5,") != std::string::npos);  // a number
  CHECK(table.find("\"'@sum, and more\"") != std::string::npos);
}
