#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/checkpoint/checkpoints.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/io/result/folder.hpp"
#include "powerstroke/study/run/compare.hpp"
#include "powerstroke/study/run/run.hpp"
#include "support/same_result.hpp"

using namespace powerstroke;
using namespace powerstroke::io;
using namespace powerstroke::study;
namespace fs = std::filesystem;

namespace {

const fs::path example = fs::path(POWERSTROKE_SOURCE_DIR) / "examples" / "relaxation.json";

Config small() {
  return read_config(
      example, {{"ensemble.particles", "100"}, {"time.snapshots", "5"}, {"histogram.bins", "20"}});
}

/// Runs until that many checkpoints are there, and stops.
void stop_after(const Config& config, const fs::path& folder, int checkpoints) {
  Checkpoints run(folder, config,
                  {0.0, [&] { return --checkpoints > 0 ? Wish::keep : Wish::stop; }});
  REQUIRE_THROWS_AS(study::run(config, {}, &run), Interrupted);
}

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

/// What is said when the folder's run is taken up: remarks, or the error.
std::string said(const fs::path& folder) {
  std::vector<std::string> remarks;
  try {
    Checkpoints::resume(folder, {0.0}, remarks);
  } catch (const std::exception& error) {
    return std::string("error: ") + error.what();
  }
  std::string all;
  for (const std::string& remark : remarks) all += remark;
  return all;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string resumed(const fs::path& folder) {
  std::vector<std::string> remarks;
  Checkpoints run = Checkpoints::resume(folder, {0.0}, remarks);
  return test_support::bytes_of(study::run(run.config(), {}, &run));
}

}  // namespace

TEST_CASE(
    "checkpoints: the latest and the one before, and nothing else; a run that keeps none leaves "
    "nothing") {
  const test_support::TemporaryFolder place;
  stop_after(small(), place.path() / "a" / "b", 1);
  CHECK(names_in(place.path() / "a" / "b") == std::vector<std::string>{checkpoint_name});
  stop_after(small(), place.path() / "two", 4);
  CHECK(names_in(place.path() / "two") ==
        std::vector<std::string>{checkpoint_name, previous_checkpoint_name});
  {
    Checkpoints none(place.path() / "c" / "d", small(), {0.0});
    CHECK(fs::exists(place.path() / "c" / "d"));
    study::run(small(), {}, &none);
  }
  CHECK_FALSE(fs::exists(place.path() / "c"));
}

TEST_CASE(
    "checkpoints: another process in the folder is an error, and so is a folder without one") {
  const test_support::TemporaryFolder place;
  const Checkpoints first(place.path() / "run", small(), {0.0});
  CHECK_THROWS_WITH_AS(Checkpoints(place.path() / "run", small(), {0.0}),
                       doctest::Contains("another process works in"), IoError);
  CHECK(has(said(place.path() / "run"), "another process works in"));
  fs::create_directory(place.path() / "empty");
  CHECK(has(said(place.path() / "empty"),
            "holds no checkpoint ('checkpoint.h5'), so there is nothing to resume"));
  CHECK(has(said(place.path() / "nowhere"), "holds no checkpoint"));
}

TEST_CASE(
    "a folder with an unfinished run is neither overwritten without force nor taken for a result") {
  const test_support::TemporaryFolder place;
  stop_after(small(), place.path(), 2);
  CHECK_THROWS_WITH_AS(ResultFolder(place.path(), false),
                       doctest::Contains("go on with it by `powerstroke resume "), ConfigError);
  const ResultFolder forced(place.path(), true);
  CHECK_FALSE(is_finished(place.path()));
}

TEST_CASE(
    "checkpoints: wherever a bit is flipped or the file cut, that is named and the one before is "
    "taken") {
  const test_support::TemporaryFolder place;
  const std::string whole = test_support::bytes_of(study::run(small()));
  stop_after(small(), place.path() / "run", 3);
  const std::string latest = read_bytes(place.path() / "run" / checkpoint_name),
                    before = read_bytes(place.path() / "run" / previous_checkpoint_name);
  CHECK(said(place.path() / "run").empty());
  CHECK((resumed(place.path() / "run") == whole));
  const auto try_with = [&](const std::string& damaged) {
    write_durably(place.path() / "run" / checkpoint_name, damaged);
    write_durably(place.path() / "run" / previous_checkpoint_name, before);
    const std::string text = said(place.path() / "run");
    CHECK(has(text, "checkpoint.h5'"));
    CHECK(has(text, "; going on from 'checkpoint.previous.h5'"));
    CHECK((read_bytes(place.path() / "run" / checkpoint_name) ==
           damaged));  // until there is a better one
  };
  std::uint64_t flips = 0;
  // Every byte of the head, and bytes spread over the rest.
  for (std::size_t at = 0; at < latest.size(); at += at < 512 ? 1 : 997, ++flips) {
    CAPTURE(at);
    std::string damaged = latest;
    damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
    try_with(damaged);
  }
  for (const std::size_t bytes :
       {std::size_t{0}, std::size_t{10}, std::size_t{512}, latest.size() / 2, latest.size() - 1})
    try_with(latest.substr(0, bytes));
  try_with(latest + "x");
  CHECK((resumed(place.path() / "run") == whole));

  for (const char* name : {checkpoint_name, previous_checkpoint_name})
    write_durably(place.path() / "run" / name, "nonsense");
  CHECK(has(said(place.path() / "run"), "error: no checkpoint of '"));
  MESSAGE(flips << " flipped bits");
}

TEST_CASE("checkpoints: a newer version is refused by name, whatever else is in it") {
  const test_support::TemporaryFolder place;
  stop_after(small(), place.path() / "run", 1);
  const fs::path file = place.path() / "run" / checkpoint_name;
  std::string bytes = read_bytes(file);
  REQUIRE(bytes.starts_with("powerstroke-checkpoint/1\n"));
  bytes[std::string("powerstroke-checkpoint/").size()] = '2';
  write_durably(file, bytes);
  CHECK(has(said(place.path() / "run"),
            "its format 'powerstroke-checkpoint/2' is newer than 'powerstroke-checkpoint/1', the "
            "newest this program knows"));
}

TEST_CASE("checkpoints: a link that someone put in the folder is not followed") {
  const test_support::TemporaryFolder place;
  write_durably(place.path() / "precious", "mine");
  fs::create_directory(place.path() / "run");
  for (const char* name :
       {coming_checkpoint_name, checkpoint_name, previous_checkpoint_name, frame_log_name})
    fs::create_symlink(place.path() / "precious", place.path() / "run" / name);
  stop_after(small(), place.path() / "run", 3);
  CHECK(read_bytes(place.path() / "precious") == "mine");
  for (const char* name : {checkpoint_name, previous_checkpoint_name})
    CHECK(fs::symlink_status(place.path() / "run" / name).type() == fs::file_type::regular);
  fs::create_symlink(place.path() / "precious", place.path() / "link");
  CHECK_THROWS_AS(write_durably(place.path() / "link", "theirs"), IoError);
  CHECK(read_bytes(place.path() / "precious") == "mine");
}

/// A file as the first program that wrote this version left it, and the result that its run came to
/// then.
TEST_CASE("a checkpoint of version 1 is taken up, and its particles end as their law says") {
  const fs::path data = fs::path(POWERSTROKE_SOURCE_DIR) / "tests" / "data";
  const test_support::TemporaryFolder place;
  for (const std::string name : {"checkpoint-1", "checkpoint-1-phase-space"}) {
    CAPTURE(name);
    const fs::path folder = place.path() / name;
    fs::create_directory(folder);
    fs::copy_file(data / (name + ".h5"), folder / checkpoint_name);
    if (fs::exists(data / (name + ".frames")))
      fs::copy_file(data / (name + ".frames"), folder / frame_log_name);
    std::vector<std::string> remarks;
    Checkpoints run = Checkpoints::resume(folder, {0.0}, remarks);
    const RunResult resumed = study::run(run.config(), {}, &run), whole = study::run(run.config());
    CHECK(resumed.series.t == whole.series.t);
    // Where steps do not divide the time between frames, that version took others: what is left are
    // the snapshots.
    if (resumed.phase_space) continue;
    // Its kernel held w+ over each step in another way: the same start, and ends of the same law.
    CHECK(resumed.histograms.counts.front() == whole.histograms.counts.front());
    CHECK(resumed.quantity("mean_energy").values.front() ==
          whole.quantity("mean_energy").values.front());
    CHECK(resumed.comparison.verdict != Verdict::inconsistent);
    CHECK(study::compare(resumed, whole).verdict != Verdict::inconsistent);
    // What that version did not know is measured of the snapshots that it kept.
    const Quantity &temperature = resumed.quantity("kinetic_temperature"),
                   &energy = resumed.quantity("mean_energy");
    REQUIRE(temperature.values.size() == energy.values.size());
    for (std::size_t k = 0; k < energy.values.size(); ++k) {
      CHECK(temperature.values[k] * run.config().ensemble.dimension ==
            doctest::Approx(2.0 * energy.values[k]).epsilon(1e-14));
      CHECK(temperature.errors[k] > 0.0);
    }
  }
}
