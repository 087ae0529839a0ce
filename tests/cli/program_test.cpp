#include "cli/program.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "support/temporary_folder.hpp"

namespace fs = std::filesystem;
using namespace test_support;

/// The program as a user has it: command lines in, exit codes, texts and files out.
namespace {

/// A folder with a quick config in it.
struct Workplace {
  TemporaryFolder folder;
  const fs::path& path = folder.path();

  Workplace() {
    std::ofstream(path / "quick.json") << R"({
  "format": "powerstroke/1",
  "title": "Quick",
  "ensemble": { "particles": 2000, "dimension": 3, "energy": { "distribution": "normal", "mean": 3.5, "sigma": 0.2 } },
  "strokes": { "transitions": [ { "delta_e": 1.0, "rate_down": 1.0 } ], "balance": "energy_conserving" },
  "time": { "end": 4, "snapshots": 3 },
  "histogram": { "max": 20, "bins": 100 }
}
)";
  }
};

}  // namespace

TEST_CASE("program: help, version, and what is not a command") {
  const Workplace place;
  const Outcome help = powerstroke(place.path, "--help");
  CHECK(help.code == 0);
  for (const char* verb :
       {"run", "resume", "sweep", "solve", "compare", "validate", "schema", "init"})
    CHECK(has(help.out, verb));
  const Outcome version = powerstroke(place.path, "--version");
  CHECK(version.code == 0);
  CHECK(has(version.out, "powerstroke 0."));
  for (const char* wrong :
       {"", "resume", "run", "run quick.json --checkpoint-every -1", "run quick.json --threads 0",
        "run quick.json --thread 2", "compare out/a", "run quick.json --set nothing"}) {
    CAPTURE(wrong);
    const Outcome outcome = powerstroke(place.path, wrong);
    CHECK(outcome.code == 2);
    CHECK(has(outcome.err, "powerstroke"));
    CHECK(outcome.out.empty());
  }
  CHECK(has(powerstroke(place.path, "rnu quick.json").err, "did you mean 'run'?"));
  CHECK(
      has(powerstroke(place.path, "continue out/x").err, "'continue' is not a command or option"));
  CHECK(!fs::exists(place.path / "out"));
}

TEST_CASE("program: run writes a whole result, keeps an old one, replaces it when told to") {
  const Workplace place;
  const Outcome first = powerstroke(place.path, "run quick.json");
  CHECK(first.code == 0);
  CHECK(has(first.out, "Verdict: consistent"));
  CHECK(has(first.out, "report.html"));
  const fs::path result = place.path / "out" / "quick";
  for (const char* file : {"result.h5", "summary.json", "report.html"})
    CHECK(fs::file_size(result / file) > 1000);
  const auto summary = nlohmann::json::parse(text_of(result / "summary.json"));
  CHECK(summary.at("format") == "powerstroke-summary/1");
  CHECK(summary.at("series").at("t") == nlohmann::json({0.0, 2.0, 4.0}));
  CHECK(summary.at("comparison").at("verdict") == "consistent");

  const Outcome again = powerstroke(place.path, "run quick.json");
  CHECK(again.code == 2);
  CHECK(has(again.err, "--force"));
  const Outcome forced = powerstroke(
      place.path,
      "run quick.json --force --set ensemble.particles=500 --set seed=7 --quiet --strict");
  CHECK(forced.code == 0);
  const auto replaced = nlohmann::json::parse(text_of(result / "summary.json"));
  CHECK(replaced.at("config").at("ensemble").at("particles") == 500);
  CHECK(replaced.at("config").at("seed") == 7);
  CHECK(forced.err.empty());
  // Nothing hidden is left beside the result.
  CHECK(std::distance(fs::directory_iterator(place.path / "out"), fs::directory_iterator()) == 1);
}

TEST_CASE("program: the same bits for any number of threads, in the files as well") {
  const Workplace place;
  const std::string more = " --quiet --set ensemble.particles=20000 -o ";
  REQUIRE(powerstroke(place.path, "run quick.json --threads 1" + more + "one").code == 0);
  const auto one = nlohmann::json::parse(text_of(place.path / "one" / "summary.json"));
  for (const char* threads : {"2", "4", "8"}) {
    CAPTURE(threads);
    REQUIRE(
        powerstroke(place.path, std::string("run quick.json --threads ") + threads + more + threads)
            .code == 0);
    const auto other = nlohmann::json::parse(text_of(place.path / threads / "summary.json"));
    for (const char* part : {"series", "histogram", "solution", "comparison"})
      CHECK(one.at(part) == other.at(part));
  }
}

TEST_CASE("program: solve, and compare in every pairing") {
  const Workplace place;
  REQUIRE(powerstroke(place.path, "run quick.json -o a --set ensemble.particles=50000").code == 0);
  REQUIRE(
      powerstroke(place.path, "run quick.json -o b --set ensemble.particles=20000 --set seed=99")
          .code == 0);
  REQUIRE(powerstroke(place.path,
                      "run quick.json -o c --set ensemble.particles=50000 --set seed=5 --set "
                      "strokes.transitions.0.rate_down=1.2")
              .code == 0);
  const Outcome solved = powerstroke(place.path, "solve quick.json -o s");
  REQUIRE(solved.code == 0);
  CHECK(has(solved.out, "Stationary state"));
  const auto summary = nlohmann::json::parse(text_of(place.path / "s" / "summary.json"));
  CHECK(summary.at("kind") == "solve");
  CHECK(summary.at("comparison").at("verdict") == "not_comparable");
  REQUIRE(
      powerstroke(place.path, "solve quick.json -o s2 --set strokes.transitions.0.rate_down=1.2")
          .code == 0);

  struct Pair {
    const char* folders;
    const char* verdict;
    int strict_code;
  };
  for (const Pair& pair :
       {Pair{"a b", "consistent", 0}, Pair{"a s", "consistent", 0}, Pair{"s a", "consistent", 0},
        Pair{"s s", "consistent", 0}, Pair{"a c", "inconsistent", 3},
        Pair{"c s", "inconsistent", 3}, Pair{"s s2", "inconsistent", 3}}) {
    const std::string folders = pair.folders;
    const Outcome outcome = powerstroke(place.path, "compare --strict " + folders);
    CAPTURE(folders);
    CAPTURE(outcome.out);
    CHECK(outcome.code == pair.strict_code);
    CHECK(has(outcome.out, std::string("Verdict: ") + pair.verdict));
    CHECK(powerstroke(place.path, std::string("compare ") + pair.folders).code == 0);
  }
}

TEST_CASE("program: validate says what a config means; init and schema print what validate takes") {
  const Workplace place;
  const Outcome meaning = powerstroke(place.path, "validate quick.json");
  CHECK(meaning.code == 0);
  for (const char* part : {"2000 in d = 3", "energy_conserving",
                           "geometric ladder, ratio q = n/(1+n) = 0.75", "E modulo delta_e"})
    CHECK(has(meaning.out, part));
  const Outcome frozen = powerstroke(
      place.path,
      R"(validate quick.json --set ensemble.energy='{"distribution":"uniform","low":0.1,"high":0.9}')");
  CHECK(frozen.code == 0);
  CHECK(has(frozen.out, "frozen"));
  CHECK(powerstroke(place.path, "init").code == 0);
  const std::string printed = text_of(place.path / "stdout.txt");
  std::ofstream(place.path / "init.json") << printed;
  CHECK(powerstroke(place.path, "validate init.json").code == 0);
  const Outcome schema = powerstroke(place.path, "schema");
  CHECK(schema.code == 0);
  CHECK(nlohmann::json::parse(schema.out).contains("properties"));
}

TEST_CASE("program: mistakes in a config say where, what and what is allowed") {
  const Workplace place;
  struct Mistake {
    const char* arguments;
    int code;
    const char* says;
  };
  for (const Mistake& m :
       {Mistake{"run missing.json", 4, "missing.json"},
        Mistake{"run quick.json --set ensemble.particels=5", 2, "particles"},
        Mistake{"run quick.json --set ensemble.particles=0", 2, "ensemble.particles"},
        Mistake{"run quick.json --set strokes.balance=thermal", 2, "temperature"},
        Mistake{"run quick.json --set strokes.rates=microreversable", 2, "microreversible"},
        Mistake{"run quick.json -o /proc/nothing/here", 4, "/proc"},
        Mistake{"run quick.json -o quick.json", 2, "quick.json"},
        Mistake{"compare out/a out/b", 4, "holds no result"}}) {
    CAPTURE(m.arguments);
    const Outcome outcome = powerstroke(place.path, m.arguments);
    CHECK(outcome.code == m.code);
    CHECK_MESSAGE(has(outcome.err, m.says), outcome.err);
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') <= 4);
  }
  CHECK(!fs::exists(place.path / "out"));
}

TEST_CASE("program: a standard output that cannot be written is an error") {
  const Workplace place;
  CHECK(powerstroke(place.path, "schema > /dev/full 2>e.txt #").code == 4);
}

TEST_CASE("program: a config may come from a pipe, and what has no end or is no text is refused") {
  const Workplace place;
  CHECK(shell(place.path, "cat quick.json | \"$P\" validate /dev/stdin").code == 0);
  CHECK(shell(place.path, "mkfifo fifo; cat quick.json > fifo & \"$P\" validate fifo").code == 0);
  const Outcome endless = shell(place.path, "\"$P\" validate /dev/zero");
  CHECK(endless.code == 4);
  CHECK(has(endless.err, "no regular file"));
  const Outcome zero = shell(
      place.path, "(cat quick.json; printf '\\0 more') > zero.json; \"$P\" validate zero.json");
  CHECK(zero.code == 2);
  CHECK(has(zero.err, "zero.json:9: this is no text in UTF-8"));
  CHECK(
      shell(place.path, "iconv -t UTF-16 quick.json > wide.json; \"$P\" validate wide.json").code ==
      2);
}

TEST_CASE("program: what a title or a key holds gives no commands to a terminal") {
  const Workplace place;
  const Outcome title =
      shell(place.path, R"sh("$P" validate quick.json --set 'title="\u001b[31m\u202e red"')sh");
  CHECK(title.code == 0);
  CHECK(has(title.out, R"(\x1b[31m\u202e red)"));
  const Outcome key =
      shell(place.path, R"sh("$P" validate quick.json --set "$(printf 'k\033[2Jk=1')")sh");
  CHECK(key.code == 2);
  CHECK(key.err.find('\033') == std::string::npos);
}

TEST_CASE("program: no name of a folder and no number of seconds are no default") {
  const Workplace place;
  CHECK(powerstroke(place.path, "run quick.json -o ''").code == 2);
  for (const char* number : {"nan", "NaN", "-nan", "-1", "1e10", "x"})
    CHECK(
        powerstroke(place.path, std::string("run quick.json --checkpoint-every ") + number).code ==
        2);
  CHECK_FALSE(fs::exists(place.path / "out"));
}

TEST_CASE("program: validate says where Boltzmann's law is none, in every dimension") {
  const Workplace place;
  const std::string gas =
      "validate quick.json --set strokes.balance=thermal --set strokes.temperature=1 --set "
      "strokes.rates=microreversible "
      "--set ensemble.dimension=";
  for (const char* dimension : {"1", "2", "3"}) {
    CAPTURE(dimension);
    const auto with = [&](const std::string& phase) {
      return powerstroke(place.path,
                         gas + dimension + " --set 'phase_space={\"step\":0.1" + phase + "}'")
          .out;
    };
    const std::string morse = R"(,"potential":{"form":"morse","depth":2,"width":1})";
    CHECK(
        has(with(R"(,"box":{"low":0,"high":2,"sides":"reflecting"})"), "exp(-(E + V)/T) at T = 1"));
    CHECK(
        has(with(R"(,"potential":{"form":"harmonic","stiffness":1})"), "exp(-(E + V)/T) at T = 1"));
    CHECK(has(with(""), "the positions spread without end"));
    CHECK(has(with(morse), "neither the potential nor a box confines"));
  }
}

TEST_CASE("program: a stack of 64 kB is enough for every kind of run") {
  const TemporaryFolder place;
  const std::string examples = std::string(POWERSTROKE_SOURCE_DIR) + "/examples/";
  for (const char* example : {"relaxation", "rosen_zener", "exchange", "bath", "incommensurate",
                              "trajectory", "phase_space/oscillator"}) {
    CAPTURE(example);
    const Outcome outcome =
        shell(place.path(),
              "ulimit -s 64\n$P run '" + examples + example +
                  ".json' -o run --force --quiet --set ensemble.particles=2000 --set time.end=2");
    CAPTURE(outcome.err);
    CHECK(outcome.code == 0);
  }
}

TEST_CASE(
    "program: a value whose scatter is not known is marked, and what the mark means is said") {
  const TemporaryFolder place;
  const Outcome outcome =
      shell(place.path(), "$P run '" + std::string(POWERSTROKE_SOURCE_DIR) +
                              "/examples/phase_space/collisions.json' -o run --quiet --set "
                              "ensemble.particles=500 --set time.end=2 --set time.snapshots=2");
  CHECK(outcome.code == 0);
  CHECK(has(outcome.out, "(?)\n"));
  CHECK(has(outcome.out, "(?): how far it scatters from run to run is not known"));
  CHECK(has(test_support::text_of(place.path() / "run" / "report.html"), " ± ?"));
}
