#include "powerstroke/io/result/folder.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include "io/result/sample_result.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/files/durable_file.hpp"
#include "support/page.hpp"
#include "support/temporary_folder.hpp"

using namespace powerstroke;
using namespace powerstroke::io;
using namespace powerstroke::study;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

RunResult titled(const std::string& title) {
  RunResult result = test_support::SampleResult::make();
  result.config = parse_config(test_support::small_config, "small.json", {{"title", title}});
  return result;
}

const std::vector<std::string> result_files = {"report.html", "result.h5", "summary.json"};

template <class Error>
std::string complaint(const fs::path& folder, bool force) {
  try {
    const ResultFolder refused(folder, force);
  } catch (const Error& error) {
    return error.what();
  }
  return "no such error";
}

}  // namespace

TEST_CASE("a result folder is made whole, with the folders above it, and nothing else is left") {
  const test_support::TemporaryFolder place;
  const fs::path folder = place.path() / "out" / "run";
  const ResultFolder nothing_yet(folder, false);
  CHECK_FALSE(fs::exists(place.path() / "out"));
  write_result(titled("one"), folder, false, test_support::page);
  CHECK(names_in(folder) == result_files);
  CHECK(names_in(folder.parent_path()) == std::vector<std::string>{"run"});
  CHECK(read_result(folder).config.title == "one");
}

TEST_CASE("an empty folder is taken, and so is a path with a slash at its end") {
  const test_support::TemporaryFolder place;
  fs::create_directory(place.path() / "empty");
  write_result(titled("one"), place.path() / "empty" / "", false, test_support::page);
  CHECK(names_in(place.path() / "empty") == result_files);
  CHECK(names_in(place.path()) == std::vector<std::string>{"empty"});
}

TEST_CASE("an existing result is replaced with force only, and what the user put beside it stays") {
  const test_support::TemporaryFolder place;
  const fs::path folder = place.path() / "run";
  write_result(titled("one"), folder, false, test_support::page);
  write_durably(folder / "notes.txt", "mine");
  fs::create_directory(folder / "figures");
  CHECK(complaint<ConfigError>(folder, false)
            .find("holds a result already; replace it with --force") != std::string::npos);
  CHECK_THROWS_AS(write_result(titled("two"), folder, false, test_support::page), ConfigError);
  CHECK(read_result(folder).config.title == "one");
  write_result(titled("two"), folder, true, test_support::page);
  CHECK(read_result(folder).config.title == "two");
  CHECK(read_bytes(folder / "notes.txt") == "mine");
  CHECK(names_in(folder) == std::vector<std::string>{"figures", "notes.txt", "report.html",
                                                     "result.h5", "summary.json"});
  CHECK(names_in(place.path()) == std::vector<std::string>{"run"});
}

TEST_CASE("a folder with anything else in it is never replaced") {
  const test_support::TemporaryFolder place;
  write_durably(place.path() / "thesis.tex", "years");
  for (const bool force : {false, true}) {
    CHECK(complaint<ConfigError>(place.path(), force).find("not even --force replaces it") !=
          std::string::npos);
    CHECK_THROWS_AS(write_result(titled("one"), place.path(), force, test_support::page),
                    ConfigError);
    CHECK(complaint<ConfigError>(place.path() / "thesis.tex", force)
              .find("is a file, and a result is a folder") != std::string::npos);
    CHECK(complaint<ConfigError>("/", force) != "no such error");
  }
  CHECK(names_in(place.path()) == std::vector<std::string>{"thesis.tex"});
}

TEST_CASE("a folder that cannot be made is an error of files that names it") {
  const test_support::TemporaryFolder place;
  write_durably(place.path() / "file", "");
  const std::string message = complaint<IoError>(place.path() / "file" / "run", false);
  CHECK(message.find("cannot ") == 0);
  CHECK(message.find((place.path() / "file").string()) != std::string::npos);
  CHECK_THROWS_AS(
      write_result(titled("one"), place.path() / "file" / "run", false, test_support::page),
      IoError);
}

TEST_CASE("a result that cannot be written leaves the old one as it was and no traces") {
  const test_support::TemporaryFolder place;
  const fs::path folder = place.path() / "run";
  write_result(titled("one"), folder, false, test_support::page);
  RunResult ragged = titled("two");
  ragged.histograms.counts[1].pop_back();
  CHECK_THROWS_AS(write_result(ragged, folder, true, test_support::page), IoError);
  CHECK(read_result(folder).config.title == "one");
  CHECK(names_in(folder) == result_files);
  CHECK(names_in(place.path()) == std::vector<std::string>{"run"});
}

TEST_CASE(
    "what an unfinished run kept in the folder gives way to its result, and what the user put "
    "there stays") {
  const test_support::TemporaryFolder place;
  const fs::path folder = place.path() / "run";
  fs::create_directory(folder);
  for (const char* name : {checkpoint_name, previous_checkpoint_name, coming_checkpoint_name,
                           frame_log_name, "notes.txt"})
    write_durably(folder / name, "something");
  ResultFolder::in_place_of_unfinished(folder).write(titled("one"), test_support::page);
  CHECK(names_in(folder) ==
        std::vector<std::string>{"notes.txt", "report.html", "result.h5", "summary.json"});
  CHECK(names_in(place.path()) == std::vector<std::string>{"run"});
  CHECK(is_finished(folder));
}

TEST_CASE("a result that comes after another was put in its place is refused without force") {
  const test_support::TemporaryFolder place;
  const fs::path folder = place.path() / "run";
  ResultFolder late(folder, false);
  write_result(titled("one"), folder, false, test_support::page);  // someone else was faster
  CHECK_THROWS_AS(late.write(titled("two"), test_support::page), ConfigError);
  CHECK(read_result(folder).config.title == "one");
}

TEST_CASE(
    "what a killed process left beside a folder is tidied up, and a user's file in it comes back") {
  const test_support::TemporaryFolder place;
  const fs::path folder = place.path() / "run", gone = place.path() / ".run.tmp-999999999",
                 busy = place.path() / (".run.tmp-" + std::to_string(::getpid()));
  write_result(titled("one"), folder, false, test_support::page);
  for (const fs::path& hidden : {gone, busy}) {
    fs::create_directory(hidden);
    write_durably(hidden / "result.h5", "half");
  }
  write_durably(gone / "notes.txt", "mine");
  recover_whole_folder(folder, result_folder());
  CHECK(names_in(place.path()) ==
        std::vector<std::string>{busy.filename().string(), "run"});  // that process lives
  CHECK(read_bytes(folder / "notes.txt") == "mine");
  CHECK(read_result(folder).config.title == "one");

  fs::rename(folder, place.path() /
                         ".run.old-999999999");  // where folders cannot change places in one step
  recover_whole_folder(folder, result_folder());
  CHECK(read_result(folder).config.title == "one");
}

TEST_CASE("files and folders have the permissions that the user's mask leaves") {
  for (const auto& [mask, file, folder] : {std::tuple{022, 0644, 0755}, {077, 0600, 0700}}) {
    CAPTURE(mask);
    const test_support::TemporaryFolder place;
    const mode_t before = ::umask(static_cast<mode_t>(mask));
    write_result(titled("one"), place.path() / "out" / "run", false, test_support::page);
    ::umask(before);
    const auto of = [](const fs::path& path) {
      return static_cast<int>(fs::status(path).permissions());
    };
    CHECK(of(place.path() / "out" / "run") == folder);
    for (const std::string& name : result_files)
      CHECK(of(place.path() / "out" / "run" / name) == file);
  }
}

TEST_CASE("a link to a folder leads to the folder") {
  const test_support::TemporaryFolder place;
  fs::create_directory(place.path() / "real");
  fs::create_directory_symlink(place.path() / "real", place.path() / "link");
  write_result(titled("one"), place.path() / "link", false, test_support::page);
  CHECK(fs::is_symlink(place.path() / "link"));
  CHECK(names_in(place.path() / "real") == result_files);
}

TEST_CASE("a folder without a result says so") {
  const test_support::TemporaryFolder place;
  try {
    read_result(place.path());
    FAIL("an empty folder was read as a result");
  } catch (const IoError& error) {
    CHECK(std::string(error.what()) ==
          "'" + place.path().string() + "' holds no result: there is no 'result.h5' in it");
  }
}
