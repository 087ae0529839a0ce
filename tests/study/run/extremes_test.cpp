#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/io/files/durable_file.hpp"
#include "powerstroke/io/result/folder.hpp"
#include "powerstroke/study/run/run.hpp"
#include "support/page.hpp"
#include "support/temporary_folder.hpp"

using namespace powerstroke;
using nlohmann::json;
namespace fs = std::filesystem;

/// Configs at the ends of what can be asked for: each is refused with a reason or runs, and no run
/// disagrees with its equation.
namespace {

json relaxation() {
  return json::parse(R"({ "format": "powerstroke/1",
    "ensemble": { "particles": 2000, "dimension": 3, "energy": { "distribution": "normal", "mean": 3.5, "sigma": 0.2 } },
    "strokes": { "transitions": [ { "delta_e": 1.0, "rate_down": 1.0 } ], "balance": "energy_conserving" },
    "time": { "end": 4, "snapshots": 3 }, "histogram": { "max": 40, "bins": 100 } })");
}

study::RunResult run(const json& config) {
  return study::run(io::parse_config(config.dump(), "extreme.json"));
}

std::string refusal(const std::string& text) {
  try {
    io::parse_config(text, "extreme.json");
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Calls use(path, value) for each number in a config, with the number in place.
void for_each_number(json& at, const std::string& path,
                     const std::function<void(const std::string&, json&)>& use) {
  if (at.is_number()) return use(path, at);
  if (at.is_object())
    for (auto& [key, value] : at.items()) for_each_number(value, path + "/" + key, use);
  if (at.is_array())
    for (std::size_t i = 0; i < at.size(); ++i)
      for_each_number(at[i], path + "/" + std::to_string(i), use);
}

}  // namespace

TEST_CASE("extremes: one particle under every balance") {
  for (const char* balance : {"energy_conserving", "exchange", "bath", "thermal", "fixed"}) {
    CAPTURE(balance);
    json config = relaxation();
    config["ensemble"]["particles"] = 1;
    config["strokes"]["balance"] = balance;
    if (std::string(balance) == "bath")
      config["strokes"]["bath"] = {{"systems", 10}, {"excited", 0.5}};
    if (std::string(balance) == "thermal") config["strokes"]["temperature"] = 2.0;
    if (std::string(balance) == "fixed") config["strokes"]["transitions"][0]["rate_up"] = 0.5;
    if (std::string(balance) == "exchange") {
      CHECK(has(refusal(config.dump()), "ensemble.particles"));
      continue;
    }
    CHECK(run(config).comparison.verdict != study::Verdict::inconsistent);
  }
}

TEST_CASE("extremes: more particles than 32 bits count, and more than any machine holds") {
  json config = relaxation();
  config["ensemble"]["particles"] = (std::uint64_t{1} << 31U) + 1;
  CHECK(io::parse_config(config.dump(), "extreme.json").ensemble.particles ==
        (std::uint64_t{1} << 31U) + 1);
  for (const double many : {1e13, 1e15, 1e19, 1e300}) {
    CAPTURE(many);
    config["ensemble"]["particles"] = many;
    CHECK_THROWS_AS(run(config), ConfigError);
  }
}

TEST_CASE("extremes: delta_e from 1e-300 to 1e300, with all energies on its scale") {
  for (const double scale : {1e-300, 1e-200, 1e-110, 1e-99, 1e-10, 1e10, 1e98, 1e200, 1e300}) {
    CAPTURE(scale);
    json config = relaxation();
    config["ensemble"]["energy"] = {
        {"distribution", "normal"}, {"mean", 3.5 * scale}, {"sigma", 0.2 * scale}};
    config["strokes"]["transitions"][0]["delta_e"] = scale;
    config["histogram"]["max"] = 40.0 * scale;
    try {
      const study::RunResult result = run(config);
      CHECK(result.comparison.verdict == study::Verdict::consistent);
      for (const double mean : result.quantity("mean_energy").values)
        CHECK(std::abs(mean / scale - 3.5) < 0.5);
      for (const double entropy : result.quantity("S_E").solution) CHECK(std::isfinite(entropy));
    } catch (const ConfigError& refused) {
      CHECK((scale < 1e-100 || scale > 1e98));
      CHECK(has(refused.what(), "allowed: 0, or 1e-100 to 1e+100"));
    }
  }
}

TEST_CASE("extremes: nothing happens, at one time, or to particles exactly at the threshold") {
  json config = relaxation();
  config["strokes"]["transitions"][0]["rate_down"] = 0.0;
  CHECK(run(config).performance.strokes == 0);

  config = relaxation();
  config["time"] = {{"snapshots", {0.0}}};
  const study::RunResult start = run(config);
  CHECK(start.series.t == std::vector<double>{0.0});
  CHECK(start.comparison.verdict != study::Verdict::inconsistent);
  config["time"] = {{"end", 0}, {"snapshots", 2}};
  CHECK(has(refusal(config.dump()), "time.end"));

  config = relaxation();
  config["ensemble"]["energy"] = {{"distribution", "delta"},
                                  {"value", 1.0}};  // E > delta_e does not hold
  const study::RunResult blocked = run(config);
  CHECK(blocked.performance.strokes == 0);
  CHECK(blocked.quantity("phi").values.back() == 0.0);
}

TEST_CASE("extremes: no number that is none, and none beyond a double, is taken anywhere") {
  int refused = 0;
  for (const auto& entry :
       fs::recursive_directory_iterator(std::string(POWERSTROKE_SOURCE_DIR) + "/examples")) {
    if (entry.path().extension() != ".json") continue;
    CAPTURE(entry.path().string());
    json config = json::parse(io::read_config(entry.path()).json, nullptr, true, true);
    for_each_number(config, "", [&](const std::string& path, json& number) {
      CAPTURE(path);
      const json before = number;
      number = "@@@";
      const std::string text = config.dump();
      for (const char* wrong : {"NaN", "Infinity", "-Infinity", "1e400", "-1e400", "\"NaN\"",
                                "\"inf\"", "\"1e400\"", "null"}) {
        CAPTURE(wrong);
        const std::string changed = std::string(text).replace(text.find("\"@@@\""), 5, wrong);
        CHECK(refusal(changed) != "accepted");
        ++refused;
      }
      number = before;
    });
  }
  MESSAGE(refused << " configs refused");
}

TEST_CASE(
    "extremes: keys given twice, deep nesting and bytes that are no text are refused with the "
    "place") {
  const std::string good = relaxation().dump();
  std::string twice = good;
  twice.replace(twice.find("\"dimension\":3"), 13, "\"dimension\":3,\"dimension\":2");
  CHECK(has(refusal(twice), "dimension"));
  CHECK(has(refusal(twice), "twice"));
  CHECK(refusal(std::string(1'000'000, '[')) != "accepted");
  CHECK(refusal("{\"format\":\"powerstroke/1\",\"title\":" + std::string(300'000, '[') +
                std::string(300'000, ']') + "}") != "accepted");
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "{\"ensemble\":";
  CHECK(refusal(deep + "1" + std::string(100'000, '}')) != "accepted");
  for (const char* bytes : {"\xff", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82",
                            "\\ud800", "\\udc00x"}) {
    CAPTURE(bytes);
    std::string odd = good;
    odd.insert(1, std::string("\"title\":\"a") + bytes + "b\",");
    CHECK(refusal(odd) != "accepted");
  }
  std::string nul = good;
  nul.insert(1, "\"title\":\"a\\u0000b\",");
  CHECK(has(refusal(nul), "title"));
  CHECK(refusal("\xef\xbb\xbf" + good) == "accepted");  // a byte order mark is no fault
}

TEST_CASE(
    "extremes: a title of ten megabytes, and one of everything that shells, gnuplot, HTML and "
    "paths know") {
  json config = relaxation();
  for (const std::string& title :
       {std::string(10'000'000, 'x'),
        std::string(
            "`touch evil` $(touch evil) '; touch evil; # \" \n\r\t <script>alert(1)</script> "
            "& %s {} \\n @ _^ ../../evil \xe2\x80\xae\xf0\x9f\x92\xa9")}) {
    config["title"] = title;
    const test_support::TemporaryFolder place;
    const fs::path before = fs::current_path();
    fs::current_path(place.path());
    io::write_result(run(config), "result", false, test_support::page);
    fs::current_path(before);
    std::vector<std::string> names;
    for (const auto& entry : fs::directory_iterator(place.path()))
      names.push_back(entry.path().filename().string());
    CHECK(names == std::vector<std::string>{"result"});
    CHECK(io::read_result(place.path() / "result").config.title == title);
    const std::string report = io::read_bytes(place.path() / "result" / "report.html");
    CHECK_FALSE(has(report, "<script>alert"));
    CHECK(has(report, title.substr(0, 12)));
    CHECK(json::parse(io::read_bytes(place.path() / "result" /
                                     "summary.json"))["config"]["title"] == title);
  }
}
