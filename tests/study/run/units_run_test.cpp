#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "powerstroke/io/config/config.hpp"
#include "powerstroke/io/files/durable_file.hpp"
#include "powerstroke/io/result/hdf5.hpp"
#include "powerstroke/io/result/summary.hpp"
#include "powerstroke/report/report.hpp"
#include "powerstroke/study/run/compare.hpp"
#include "powerstroke/study/run/run.hpp"
#include "powerstroke/study/settings/decoder.hpp"
#include "support/temporary_folder.hpp"

using namespace powerstroke;
using namespace powerstroke::io;
using namespace powerstroke::study;
using namespace powerstroke::report;
using Json = nlohmann::json;

namespace {

const std::vector<Override> few = {{"ensemble.particles", "20000"}, {"time.snapshots", "5"}};

Config gas() {
  return read_config(std::string(POWERSTROKE_SOURCE_DIR) + "/examples/units.json", few);
}

/// The same gas in numbers: energies in a unit that is `energy` cm^-1, masses in one of `mass` u.
Config reduced(double energy, double mass) {
  Json json = Json::parse(gas().json);
  const double temperature = laws::temperature(gas().strokes->law.balance) / energy;
  json["ensemble"]["mass"] = 28.0 / mass;
  json["ensemble"]["energy"]["temperature"] = temperature;
  json["strokes"]["temperature"] = temperature;
  json["strokes"]["transitions"][0] = {{"delta_e", 200.0 / energy}, {"rate_down", 1.0}};
  json["time"]["end"] = 20.0;
  json["histogram"]["max"] = 4000.0 / energy;
  return parse_config(json.dump(), "reduced");
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Largest distance of a[k] from b[k] * factor + shift, relative where numbers are above 1.
double farthest(const std::vector<double>& a, const std::vector<double>& b, double factor,
                double shift) {
  REQUIRE(a.size() == b.size());
  double largest = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k)
    largest =
        std::max(largest, std::abs(a[k] - (b[k] * factor + shift)) / std::max(1.0, std::abs(a[k])));
  return largest;
}

}  // namespace

TEST_CASE("units change no bit: a run in cm^-1, ps and u is the run of the same numbers") {
  const RunResult named = run(gas()), plain = run(reduced(1.0, 1.0));
  CHECK(named.quantity("mean_energy").values == plain.quantity("mean_energy").values);
  CHECK(named.quantity("S_E").values == plain.quantity("S_E").values);
  CHECK(named.quantity("S_1").values == plain.quantity("S_1").values);
  CHECK(named.quantity("phi").values == plain.quantity("phi").values);
  CHECK(named.histograms.counts == plain.histograms.counts);
  CHECK(named.quantity("S_1").solution == plain.quantity("S_1").solution);
  CHECK(named.quantity("entropy_production").solution ==
        plain.quantity("entropy_production").solution);
}

TEST_CASE(
    "the same physics in units of delta_e and of the mass differs by the units' sizes alone") {
  // E = 200 E', and p = sqrt(5600) p' in three dimensions: entropies are shifted by the logarithms.
  const RunResult named = run(gas()), plain = run(reduced(200.0, 28.0));
  constexpr double rounding = 1e-12;
  CHECK(named.series.t == plain.series.t);
  CHECK(named.series.strokes_up == plain.series.strokes_up);
  CHECK(named.series.strokes_down == plain.series.strokes_down);
  CHECK(farthest(named.quantity("phi").values, plain.quantity("phi").values, 1.0, 0.0) <= rounding);
  CHECK(farthest(named.quantity("mean_energy").values, plain.quantity("mean_energy").values, 200.0,
                 0.0) <= rounding);
  CHECK(farthest(named.quantity("S_E").values, plain.quantity("S_E").values, 1.0,
                 std::log(200.0)) <= rounding);
  CHECK(farthest(named.quantity("S_1").values, plain.quantity("S_1").values, 1.0,
                 1.5 * std::log(5600.0)) <= rounding);
  CHECK(farthest(named.quantity("S_1").solution, plain.quantity("S_1").solution, 1.0,
                 1.5 * std::log(5600.0)) <= rounding);
}

TEST_CASE("a result says its units everywhere, and its config runs again to the same numbers") {
  const RunResult result = run(gas());
  const Json summary = Json::parse(summary_json(result));
  CHECK(summary["units"]["energy"] == "cm^-1");
  CHECK(summary["units"]["time"] == "ps");
  CHECK(summary["units"]["momentum"] == "sqrt(u cm^-1)");
  CHECK(summary["config"]["strokes"]["temperature"] == "300 K");
  const RunResult again = run(parse_config(summary["config"].dump(), "again"));
  CHECK(again.quantity("S_1").values == result.quantity("S_1").values);
  CHECK(again.histograms.counts == result.histograms.counts);

  const test_support::TemporaryFolder folder;
  write_hdf5(result, folder.path() / "result.h5");
  const std::string bytes = read_bytes(folder.path() / "result.h5");
  for (const char* part : {"k_B/ps", "; E in cm^-1", "; momenta in sqrt(u cm^-1)"})
    CHECK(holds(bytes, part));
  const RunResult read = read_hdf5(folder.path() / "result.h5");
  CHECK(read.config.units.energy == "cm^-1");
  CHECK(laws::temperature(read.config.strokes->law.balance) ==
        laws::temperature(result.config.strokes->law.balance));

  const std::string page = make_report(result).html;
  for (const char* part :
       {"200\u00A0cm<sup>−1</sup>", "20\u00A0ps", "<i>t</i> (ps)", "⟨<i>E</i>⟩ (cm<sup>−1</sup>)",
        "momenta in √(u cm<sup>−1</sup>)", "production (<i>k</i><sub>B</sub>/ps)"})
    CHECK_MESSAGE(holds(page, part), part);
  CHECK_FALSE(holds(page, "unit of the config"));
}

TEST_CASE("a result in reduced units names none") {
  const RunResult result = run(reduced(200.0, 28.0));
  CHECK_FALSE(Json::parse(summary_json(result)).contains("units"));
  const test_support::TemporaryFolder folder;
  write_hdf5(result, folder.path() / "result.h5");
  const std::string bytes = read_bytes(folder.path() / "result.h5");
  CHECK(holds(bytes, "k_B/time"));
  CHECK_FALSE(holds(bytes, "; E in"));
  const std::string page = make_report(result).html;
  CHECK(holds(page, "Energies are in the unit of the config"));
  CHECK_FALSE(holds(page, "cm<sup>"));
}

TEST_CASE("results in different units are not compared, results in equal ones are") {
  const RunResult a = solve(gas()), b = solve(reduced(1.0, 1.0));
  CHECK(compare(a, a).verdict == Verdict::consistent);
  const ResultComparison different = compare(a, b);
  CHECK(different.verdict == Verdict::not_comparable);
  CHECK(different.why == "the results are in different units, cm^-1, ps and u and reduced units");
}
