#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "cli/program.hpp"
#include "powerstroke/io/result/folder.hpp"
#include "support/same_result.hpp"

namespace fs = std::filesystem;
using test_support::bytes_of;
using test_support::has;
using test_support::names_in;
using test_support::Outcome;
using test_support::Process;
using test_support::TemporaryFolder;
using test_support::text_of;
using test_support::trajectory_bytes;

/// What happens to machines: kills, signals, full and read-only disks. The program as a process of
/// its own.
namespace {

using Milliseconds = std::chrono::milliseconds;

const fs::path examples = fs::path(POWERSTROKE_SOURCE_DIR) / "examples";

std::vector<std::string> arguments_of(const std::string& example,
                                      const std::vector<std::string>& settings) {
  std::vector<std::string> arguments = {"run",     (examples / example).string(), "-o",  "killed",
                                        "--quiet", "--checkpoint-every",          "0.02"};
  for (const std::string& setting : settings) {
    arguments.emplace_back("--set");
    arguments.push_back(setting);
  }
  return arguments;
}

bool unfinished(const fs::path& folder) {
  return is_unfinished(powerstroke::io::result_folder(), folder);
}

/// Starts, kills and resumes it until it is done. @returns how many kills hit a process that had
/// not ended.
int kill_at_random(const fs::path& place, const std::vector<std::string>& run, unsigned seed,
                   int longest_ms, int kills) {
  std::mt19937 random(seed);
  int hits = 0;
  for (bool done = false; !done;) {
    const bool goes_on = unfinished(place / "killed");
    std::vector<std::string> arguments = run;
    if (goes_on)
      arguments = {"resume",
                   "killed",
                   "--quiet",
                   "--checkpoint-every",
                   "0.02",
                   "--threads",
                   std::to_string(1 + random() % 3)};
    const Process process(place, arguments);
    if (hits < kills) {
      std::this_thread::sleep_for(
          Milliseconds(std::uniform_int_distribution(1, longest_ms)(random)));
      process.send(SIGKILL);
    }
    const int code = process.wait();
    if (code == 128 + SIGKILL) {
      ++hits;
      done = powerstroke::io::is_finished(place / "killed");  // between its last file and its end
    } else {
      CAPTURE(text_of(place / "stderr.txt"));
      REQUIRE(code == 0);
      done = true;
    }
  }
  return hits;
}

}  // namespace

TEST_CASE(
    "program: killed at a hundred random moments and resumed each time, runs end with the bits of "
    "uninterrupted ones") {
  struct Case {
    std::string example;
    std::vector<std::string> settings;
    int longest_ms, kills;
  };
  const std::vector<Case> cases = {
      {"relaxation.json", {"ensemble.particles=400000"}, 250, 30},
      {"exchange.json", {"ensemble.particles=50000"}, 250, 20},
      {"bath.json", {"ensemble.particles=50000"}, 250, 10},
      {"rosen_zener.json", {"ensemble.particles=50000"}, 250, 20},
      {"trajectory.json", {"ensemble.particles=20000"}, 250, 20},
  };
  int all = 0;
  for (const Case& one : cases) {
    CAPTURE(one.example);
    const TemporaryFolder place;
    std::vector<std::string> arguments = arguments_of(one.example, one.settings);
    const int hits = kill_at_random(place.path(), arguments, 17, one.longest_ms, one.kills);
    CHECK(hits >= one.kills / 2);  // where a machine is fast, a run may have ended before that many
    all += hits;
    arguments[3] = "whole";
    REQUIRE(Process(place.path(), arguments).wait() == 0);
    const auto killed = powerstroke::io::read_result(place.path() / "killed"),
               whole = powerstroke::io::read_result(place.path() / "whole");
    CHECK((bytes_of(killed) == bytes_of(whole)));
    CHECK(names_in(place.path()) ==
          std::vector<std::string>{"killed", "stderr.txt", "stdout.txt", "whole"});
    CHECK(names_in(place.path() / "killed") == names_in(place.path() / "whole"));
    if (one.example == "trajectory.json")
      CHECK(
          (trajectory_bytes(place.path() / "killed") == trajectory_bytes(place.path() / "whole")));
  }
  MESSAGE(all << " kills");
}

TEST_CASE(
    "program: SIGINT, SIGTERM and SIGHUP end a run with a checkpoint, SIGUSR1 does not end it") {
  const TemporaryFolder place;
  std::vector<std::string> run = arguments_of("relaxation.json", {"ensemble.particles=2000000"});
  run[6] = "0";  // only when asked
  int goes_on = 0;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    CAPTURE(signal);
    const Process process(
        place.path(),
        goes_on++ == 0 ? run : std::vector<std::string>{"resume", "killed", "--quiet"});
    std::this_thread::sleep_for(Milliseconds(200));
    process.send(signal);
    CHECK(process.wait() == 130);
    const std::string said = text_of(place.path() / "stderr.txt");
    CHECK(has(said, "powerstroke: interrupted at "));
    CHECK(has(said, "%; go on with `powerstroke resume killed`"));
    CHECK(names_in(place.path() / "killed").front() == "checkpoint.h5");
  }
  const Outcome refused = test_support::powerstroke(
      place.path(), "run '" + (examples / "relaxation.json").string() + "' -o killed");
  CHECK(refused.code == 2);
  CHECK(has(refused.err, "holds an unfinished run; go on with it by `powerstroke resume "));

  const Process process(place.path(), {"resume", "killed", "--quiet"});
  std::this_thread::sleep_for(Milliseconds(200));
  process.send(SIGUSR1);
  CHECK(process.wait() == 0);
  CHECK(has(text_of(place.path() / "stderr.txt"), "note: a checkpoint was written, at "));
  CHECK(powerstroke::io::is_finished(place.path() / "killed"));
  const Outcome again = test_support::powerstroke(place.path(), "resume killed");
  CHECK(again.code == 0);
  CHECK(has(again.out, "holds a finished result: there is nothing to resume"));
  CHECK(test_support::powerstroke(place.path(), "resume nowhere").code == 4);
}

TEST_CASE(
    "program: whenever SIGINT comes, a run ends with a checkpoint or with its result, figures and "
    "all") {
  std::mt19937 random(5);
  int stopped = 0, finished = 0;
  for (int k = 0; k < 12; ++k) {
    const TemporaryFolder place;
    std::vector<std::string> run = arguments_of("relaxation.json", {"ensemble.particles=200000"});
    run[6] = "0";
    const Process process(place.path(), run);
    // Before it has its folder, nothing is written and nothing is to be lost.
    for (int waited = 0; waited < 2000 && !fs::exists(place.path() / "killed"); ++waited)
      std::this_thread::sleep_for(Milliseconds(5));
    std::this_thread::sleep_for(Milliseconds(std::uniform_int_distribution(20, 860)(random)));
    process.send(SIGINT);
    const int code = process.wait();
    CAPTURE(k);
    if (code == 130) {
      ++stopped;
      CHECK(names_in(place.path() / "killed") == std::vector<std::string>{"checkpoint.h5"});
    } else {
      ++finished;
      CHECK(code == 0);
      CHECK(powerstroke::io::is_finished(place.path() / "killed"));
      CHECK(has(text_of(place.path() / "killed" / "report.html"), "<svg"));
    }
  }
  MESSAGE(stopped << " stopped, " << finished << " finished");
}

TEST_CASE("program: a wish that arrives twice, as from `timeout`, is one") {
  const TemporaryFolder folder;
  const auto started = [&](const std::string& name) {
    return Process(folder.path(),
                   {"run", std::string(POWERSTROKE_SOURCE_DIR) + "/examples/relaxation.json", "-o",
                    name, "--quiet", "--threads", "1", "--set", "ensemble.particles=4000000"});
  };
  {
    const Process twice = started("twice");
    std::this_thread::sleep_for(std::chrono::milliseconds(1000));
    twice.send(SIGINT);
    twice.send(SIGTERM);
    twice.send(SIGINT);
    CHECK(twice.wait() == 130);
    CHECK(fs::exists(folder.path() / "twice" / "checkpoint.h5"));
  }
}

TEST_CASE("program: a full disk ends a run with code 4, and the last checkpoint stays good") {
  const TemporaryFolder place;
  const std::string run = "run '" + (examples / "relaxation.json").string() +
                          "' --quiet --set ensemble.particles=200000 --checkpoint-every 0.02 -o ";
  REQUIRE(test_support::powerstroke(place.path(), run + "whole").code == 0);
  // A limit on the size of files acts like a quota, and needs no rights: 800 kB of levels do not
  // fit.
  const std::string limited = "( trap '' XFSZ; ulimit -f 600; '" POWERSTROKE_PROGRAM "' ";
  const auto under_limit = [&](const std::string& arguments) {
    return test_support::powerstroke(place.path(),
                                     "--version >/dev/null; " + limited + arguments + " )");
  };
  const Outcome at_once = under_limit(run + "run");
  CHECK(at_once.code == 4);
  CHECK(has(at_once.err, "powerstroke: cannot write '"));
  CHECK(has(at_once.err, "checkpoint.coming.h5'"));
  CHECK_FALSE(fs::exists(place.path() / "run"));  // nothing to go on from

  const Process begun(place.path(),
                      {"run", (examples / "relaxation.json").string(), "-o", "run", "--quiet",
                       "--set", "ensemble.particles=200000", "--checkpoint-every", "0.02"});
  for (int waited = 0; waited < 2000 && !fs::exists(place.path() / "run" / "checkpoint.h5");
       ++waited)
    std::this_thread::sleep_for(Milliseconds(5));
  begun.send(SIGINT);
  const int stopped = begun.wait();
  REQUIRE(stopped == 130);
  const std::string before = text_of(place.path() / "run" / "checkpoint.h5");
  const Outcome later = under_limit("resume run --quiet --checkpoint-every 0.01");
  CHECK(later.code == 4);
  CHECK((text_of(place.path() / "run" / "checkpoint.h5") == before));
  CHECK_FALSE(fs::exists(place.path() / "run" / "checkpoint.coming.h5"));
  REQUIRE(test_support::powerstroke(place.path(), "resume run --quiet").code == 0);
  CHECK((bytes_of(powerstroke::io::read_result(place.path() / "run")) ==
         bytes_of(powerstroke::io::read_result(place.path() / "whole"))));
}

TEST_CASE("program: a disk that is full or was made read-only during the run") {
  const TemporaryFolder place;
  const std::string alone = ::geteuid() == 0 ? "unshare -m" : "unshare -r -m";
  if (std::system((alone + " true 2>/dev/null").c_str()) != 0) {
    MESSAGE("this machine lets nobody mount a disk of his own: not tested");
    return;
  }
  const std::string program = std::string("'") + POWERSTROKE_PROGRAM + "' ";
  const auto config = [](const char* particles) {
    return "'" + (examples / "relaxation.json").string() +
           "' --quiet --set ensemble.particles=" + particles + " ";
  };
  const auto on_a_disk_of = [&](const std::string& size, const std::string& commands) {
    const fs::path script = place.path() / "script.sh";
    std::ofstream(script) << "cd '" << place.path().string()
                          << "' || exit 78\nmkdir -p disk\nmount -t tmpfs -o size=" << size
                          << " tmpfs disk || exit 79\n"
                          << commands;
    const int status = std::system((alone + " sh '" + script.string() + "' >'" +
                                    (place.path() / "out.txt").string() + "' 2>&1")
                                       .c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  };
  // Room for one checkpoint and a part of the next.
  const int full = on_a_disk_of(
      "1400k",
      program + "run " + config("200000") +
          "-o disk/run --checkpoint-every 0.02; code=$?; mount -o remount,size=20m disk && " +
          program + "resume disk/run --quiet && exit $code");
  const std::string said = text_of(place.path() / "out.txt");
  CAPTURE(said);
  CHECK(full == 4);
  CHECK(has(said, "powerstroke: cannot write '"));
  CHECK(has(said, "Verdict: consistent"));  // of the run that went on where there was room again
  // Only while no file is open for writing can a disk be made read-only.
  const int read_only =
      on_a_disk_of("60m", program + "run " + config("4000000") +
                              "-o disk/run --checkpoint-every 0.1 & run=$!; until test -e "
                              "disk/run/checkpoint.h5; do kill -0 $run || exit 80; "
                              "sleep 0.02; done; "
                              "tries=0; until mount -o remount,ro disk 2>/dev/null; do "
                              "tries=$((tries + 1)); test $tries -lt 200 || exit 77; "
                              "sleep 0.01; done; wait $run; code=$?; mount -o remount,rw disk && " +
                              program + "resume disk/run --quiet && exit $code");
  const std::string then = text_of(place.path() / "out.txt");
  CAPTURE(then);
  CHECK(read_only == 4);
  CHECK(has(then, "Read-only file system"));
  CHECK(has(then, "Verdict: consistent"));
}
