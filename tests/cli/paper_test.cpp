#include <doctest/doctest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "support/temporary_folder.hpp"

namespace fs = std::filesystem;

/// `powerstroke paper` as a user has it.
namespace {

std::string text_of(const fs::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

int paper(const fs::path& folder, const std::string& arguments) {
  const std::string command = "cd '" + folder.string() + "' && '" + POWERSTROKE_PROGRAM +
                              "' paper " + arguments + " >stdout.txt 2>stderr.txt";
  const int status = std::system(command.c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("program: all claims of the paper have the expected verdicts" * doctest::timeout(600)) {
  const test_support::TemporaryFolder place;
  REQUIRE(paper(place.path(), "-o verdicts") == 0);
  const auto json = nlohmann::json::parse(text_of(place.path() / "verdicts/paper.json"));
  CHECK(json["as_expected"] == true);
  CHECK(json["claims"].size() >= 15);
  const std::string table = text_of(place.path() / "stdout.txt"),
                    page = text_of(place.path() / "verdicts/paper.html");
  for (const auto& claim : json["claims"]) {
    const auto id = claim["id"].get<std::string>();
    CAPTURE(id);
    CHECK(claim["verdict"] == claim["expected"]);
    CHECK(has(table, claim["title"].get<std::string>()));
    CHECK(has(page, "id=\"" + id + "\""));
    for (const auto& figure : claim["figures"])
      CHECK(has(page, "id=\"" + figure.get<std::string>() + "\""));
  }
  CHECK(!has(table, "expected:"));
  CHECK(!has(page, "src=\"http"));
  for (const fs::directory_entry& entry : fs::directory_iterator(place.path() / "verdicts"))
    CHECK(has("paper.html paper.json", entry.path().filename().string()));

  CHECK(paper(place.path(), "-o verdicts") == 2);
  CHECK(has(text_of(place.path() / "stderr.txt"), "--force"));
}

TEST_CASE("program: paper names what stands in its way") {
  const test_support::TemporaryFolder place;
  std::ofstream(place.path() / "file") << "no folder";
  CHECK(paper(place.path(), "-o file/inside") == 4);
  CHECK(has(text_of(place.path() / "stderr.txt"), "file/inside"));
  CHECK(paper(place.path(), "--threads 0") == 2);
}
