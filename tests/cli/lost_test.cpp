#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "cli/program.hpp"
#include "powerstroke/io/checkpoint/checkpoints.hpp"
#include "powerstroke/io/files/durable_file.hpp"
#include "powerstroke/io/result/folder.hpp"
#include "support/same_result.hpp"

namespace fs = std::filesystem;
using namespace test_support;
using namespace powerstroke;
using test_support::bytes_of;
using test_support::everything_in;
using test_support::has;
using test_support::names_in;
using test_support::Outcome;
using test_support::Process;
using test_support::TemporaryFolder;
using test_support::text_of;

/// What a user computed is not lost: not for want of somebody who listens, not for the place of the
/// result, not to a refusal.
namespace {

using Milliseconds = std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

const fs::path examples = fs::path(POWERSTROKE_SOURCE_DIR) / "examples";

std::string small_run(const std::string& where) {
  return "run " + quoted(examples / "relaxation.json") + " --set ensemble.particles=20000 -o " +
         where + " ";
}

const std::vector<std::string> result_files = {"report.html", "result.h5", "summary.json"};

/// An unfinished run in `place`/`name`.
void leave_unfinished(const fs::path& place, const std::string& name, const std::string& example,
                      const std::vector<std::string>& settings = {}) {
  std::vector<std::string> arguments = {"run",     (examples / example).string(), "-o",  name,
                                        "--quiet", "--checkpoint-every",          "0.02"};
  for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
  const Process process(place, arguments);
  const auto deadline = Clock::now() + std::chrono::seconds(60);
  while (!fs::exists(place / name / io::previous_checkpoint_name) && Clock::now() < deadline)
    std::this_thread::sleep_for(Milliseconds(2));
  process.send(SIGKILL);
  REQUIRE(process.wait() == 128 + SIGKILL);
  for (const char* file : {"stdout.txt", "stderr.txt"}) fs::remove(place / file);
}

}  // namespace

TEST_CASE(
    "program: no stream that cannot be written ends a run or changes its exit code; results that "
    "cannot be printed do") {
  struct Case {
    std::string streams;
    bool out_is_lost;
  };
  const std::vector<Case> cases = {{"2>/dev/full", false},
                                   {"2>&-", false},
                                   {"2>&- <&-", false},
                                   {">/dev/full", true},
                                   {">&-", true},
                                   {">&- 2>&- <&-", true},
                                   {">/dev/full 2>/dev/full", true}};
  for (const Case& one : cases) {
    CAPTURE(one.streams);
    const TemporaryFolder place;
    const int expected = one.out_is_lost ? 4 : 0;
    const Outcome run = shell(place.path(), "\"$P\" " + small_run("run") + one.streams);
    CHECK(run.code == expected);
    CHECK(names_in(place.path() / "run") == result_files);
    CHECK_NOTHROW(io::read_result(place.path() / "run"));  // nothing that was said went into it
    CHECK(shell(place.path(), "\"$P\" compare run run " + one.streams).code == expected);
    CHECK(shell(place.path(), "\"$P\" --help " + one.streams).code == expected);
    CHECK(shell(place.path(), "\"$P\" solve " + quoted(examples / "relaxation.json") +
                                  " -o solved " + one.streams)
              .code == expected);
    // Whether it can be said or not.
    CHECK(shell(place.path(), "\"$P\" run nowhere.json " + one.streams).code == 4);
    CHECK(shell(place.path(), "\"$P\" run " + one.streams).code == 2);
    CHECK(shell(place.path(), "\"$P\" nonsense " + one.streams).code == 2);
  }
}

TEST_CASE("program: a pipe that nobody reads any more ends nothing") {
  const TemporaryFolder place;
  const Outcome run =
      shell(place.path(), "{ \"$P\" " + small_run("run") + "; echo $? >code; } 2>&1 | true");
  CHECK(text_of(place.path() / "code") == "4\n");
  CHECK(names_in(place.path() / "run") == result_files);
  shell(place.path(),
        "{ \"$P\" " + small_run("again") + " 2>&1 >/dev/null; echo $? >code; } | true");
  CHECK(text_of(place.path() / "code") == "0\n");
}

TEST_CASE(
    "program: signals are answered as ever where standard error is full, closed, or is a pipe that "
    "is full and not read") {
  for (const std::string streams : {"2>/dev/full", "2>&-", "2>full"}) {
    CAPTURE(streams);
    const TemporaryFolder place;
    // A pipe that `sleep` holds open, full to the brim.
    const std::string full =
        "mkfifo full; sleep 30 <full & sleeps=$!; exec 9>full; dd if=/dev/zero bs=65536 count=1 "
        ">&9 2>/dev/null; ";
    const Outcome run = shell(
        place.path(),
        full + "\"$P\" run " + quoted(examples / "relaxation.json") +
            " --set ensemble.particles=4000000 --checkpoint-every 0 --threads 1 -o run " + streams +
            " & run=$!; sleep 0.5; kill -USR1 $run; sleep 0.5; kill -TERM $run; "
            "wait $run; code=$?; kill $sleeps; exit $code");
    CHECK(run.code == 130);
    CHECK(names_in(place.path() / "run").front() == "checkpoint.h5");
  }
}

TEST_CASE("program: `script` goes away, its terminal with it, and the run ends with a checkpoint") {
  if (std::system("command -v script >/dev/null") != 0) {
    MESSAGE("there is no `script` to make a terminal: not tested");
    return;
  }
  const TemporaryFolder place;
  const std::string run = "'" POWERSTROKE_PROGRAM "' run " + quoted(examples / "relaxation.json") +
                          " --set ensemble.particles=4000000 --threads 1 -o run; echo $? >code";
  std::ofstream(place.path() / "in_terminal.sh") << "cd " << quoted(place.path()) << "\n"
                                                 << run << "\n";
  shell(place.path(),
        "script -qc 'sh in_terminal.sh' /dev/null </dev/null >/dev/null & pty=$!; sleep 1; kill "
        "-KILL $pty; "
        "for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.5; test -s code && exit; done");
  // The shell may get SIGHUP, too, and then say nothing.
  for (int tries = 0; tries < 100 && !fs::exists(place.path() / "run" / "checkpoint.h5"); ++tries)
    std::this_thread::sleep_for(Milliseconds(50));
  CHECK(fs::exists(place.path() / "run" / "checkpoint.h5"));
}

TEST_CASE(
    "program: SIGTERM during the equation is answered within a second, with a checkpoint that has "
    "all strokes") {
  const TemporaryFolder place;
  std::ofstream(place.path() / "grows.json") << R"({
    "format": "powerstroke/1", "seed": 1,
    "ensemble": { "particles": 2000, "dimension": 3, "energy": { "distribution": "normal", "mean": 3.5, "sigma": 0.2 } },
    "strokes": { "transitions": [ { "delta_e": 1.0, "rate_down": 1.0, "rate_up": 3.0 } ], "balance": "fixed",
                 "timing": "snapshots" },
    "time": { "snapshots": [0, 1, 30000] }, "comparison": { "stationary": false }
  })";
  std::vector<std::string> arguments = {"run", "grows.json",         "-o",
                                        "run", "--checkpoint-every", "0"};
  for (int k = 0; k < 2; ++k) {
    const Process process(place.path(), arguments);
    std::this_thread::sleep_for(Milliseconds(1500));
    CHECK(process.is_running());
    const auto sent = Clock::now();
    process.send(SIGTERM);
    CHECK(process.wait() == 130);
    CHECK(std::chrono::duration<double>(Clock::now() - sent).count() < 1.0);
    CAPTURE(text_of(place.path() / "stderr.txt"));
    CHECK(has(text_of(place.path() / "stderr.txt"), "interrupted at 100 %; go on with"));
    CHECK(names_in(place.path() / "run").front() == "checkpoint.h5");
    arguments = {"resume", "run", "--checkpoint-every", "0"};
  }
}

TEST_CASE(
    "program: one long call of a split is left at once, and the run ends with the bits of one that "
    "was not stopped") {
  const TemporaryFolder place;
  const std::vector<std::string> settings = {"--set", "ensemble.particles=600000", "--threads", "1",
                                             "--quiet"};
  const auto with = [&](std::vector<std::string> arguments) {
    if (arguments.front() == "run")
      arguments.insert(arguments.end(), settings.begin(), settings.end());
    return arguments;
  };
  const std::string config = (examples / "trajectory.json").string();
  std::vector<std::string> next = with({"run", config, "-o", "stopped", "--checkpoint-every", "0"});
  int stops = 0;
  Milliseconds wait{600};
  for (int tries = 0; tries < 4; ++tries) {
    const Process process(place.path(), next);
    std::this_thread::sleep_for(wait);
    if (!process.is_running()) break;
    const auto sent = Clock::now();
    process.send(SIGINT);
    const int code = process.wait();
    if (code == 0) break;
    CHECK(code == 130);
    CHECK(std::chrono::duration<double>(Clock::now() - sent).count() < 1.0);
    // On a busy machine it may not have begun yet, and there is nothing to resume: once more, later.
    if (!fs::exists(place.path() / "stopped" / io::checkpoint_name)) {
      wait *= 2;
      continue;
    }
    ++stops;
    next = {"resume", "stopped", "--quiet", "--checkpoint-every", "0"};
  }
  CHECK(stops > 0);
  if (!io::is_finished(place.path() / "stopped"))
    REQUIRE(Process(place.path(), {"resume", "stopped", "--quiet"}).wait() == 0);
  REQUIRE(Process(place.path(), with({"run", config, "-o", "whole"})).wait() == 0);
  CHECK((bytes_of(io::read_result(place.path() / "stopped")) ==
         bytes_of(io::read_result(place.path() / "whole"))));
  CHECK((test_support::trajectory_bytes(place.path() / "stopped") ==
         test_support::trajectory_bytes(place.path() / "whole")));
}

TEST_CASE("program: names of 240 bytes and more are places like others") {
  const TemporaryFolder place;
  for (const std::size_t length : {100U, 101U, 240U, 255U}) {
    const std::string name(length, 'n');
    CHECK(shell(place.path(), "\"$P\" " + small_run(name)).code == 0);
    CHECK(names_in(place.path() / name) == result_files);
    CHECK(shell(place.path(), "\"$P\" " + small_run(name) + "--force").code == 0);
    CHECK(names_in(place.path() / name) == result_files);
  }
  CHECK(names_in(place.path()).size() == 4);
  const Outcome refused = shell(place.path(), "\"$P\" " + small_run(std::string(256, 'n')));
  CHECK(refused.code == 4);
  CHECK(has(refused.err, "File name too long"));
  CHECK(refused.out.empty());
}

TEST_CASE(
    "program: `-o .` fills the folder that the shell stands in, and a link to nothing leads to "
    "where it says") {
  const TemporaryFolder place;
  const Outcome here = shell(place.path(), "mkdir here; cd here; \"$P\" " + small_run(".") +
                                               "&& ls >/dev/null && touch still && pwd -P");
  CHECK(here.code == 0);
  CHECK(names_in(place.path() / "here") ==
        std::vector<std::string>{"report.html", "result.h5", "still", "summary.json"});
  const Outcome again = shell(place.path(), "cd here; \"$P\" " + small_run("."));
  CHECK(again.code == 2);
  CHECK(has(again.err, "holds a result already"));
  CHECK(shell(place.path(),
              "cd here; \"$P\" " + small_run(".") + "--force --set seed=7 && test -e still")
            .code == 0);
  CHECK(io::read_result(place.path() / "here").config.seed == 7);
  CHECK(names_in(place.path()) == std::vector<std::string>{"here"});

  CHECK(shell(place.path(), "ln -s new/target link; \"$P\" " + small_run("link")).code == 0);
  CHECK(names_in(place.path() / "new" / "target") == result_files);
  CHECK(fs::is_symlink(place.path() / "link"));
  const Outcome loop = shell(place.path(), "ln -s b a; ln -s a b; \"$P\" " + small_run("a"));
  CHECK(loop.code == 4);
  CHECK(has(loop.err, "Too many levels of symbolic links"));
}

TEST_CASE(
    "program: a mount point is filled in place, and a folder that takes no files is refused before "
    "anything is computed") {
  const TemporaryFolder place;
  const std::string alone = ::geteuid() == 0 ? "unshare -m" : "unshare -r -m";
  if (std::system((alone + " true 2>/dev/null").c_str()) != 0) {
    MESSAGE("this machine lets nobody mount a disk of his own: not tested");
    return;
  }
  const Outcome mounted =
      shell(place.path(),
            "mkdir out; mount -t tmpfs -o size=20m tmpfs out || exit 79\n\"$P\" " +
                small_run("out") + " || exit $?\n\"$P\" " + small_run("out") +
                "--force --set seed=7 || exit $?\n"
                "find out | sort >found; mkdir bound; mount --bind bound bound; \"$P\" " +
                small_run("bound") +
                " || exit $?\nmkdir -p holds/disk; mount -t tmpfs tmpfs holds/disk; \"$P\" " +
                small_run("holds/disk/deeper") + "|| exit $?\nmount -o remount,ro out; \"$P\" " +
                small_run("out/sub") + "; echo $? >code",
            alone + " sh");
  CAPTURE(mounted.err);
  CHECK(mounted.code == 0);
  CHECK(text_of(place.path() / "found") ==
        "out\nout/report.html\nout/result.h5\nout/summary.json\n");
  CHECK(text_of(place.path() / "code") == "4\n");
  CHECK(has(mounted.err, "Read-only file system"));
  CHECK(names_in(place.path() / "bound") == result_files);

  if (::geteuid() != 0) {  // root may write anywhere
    fs::create_directory(place.path() / "closed");
    fs::permissions(place.path() / "closed", fs::perms::owner_read | fs::perms::owner_exec);
    CHECK(shell(place.path(), "\"$P\" " + small_run("closed/run")).code == 4);
    CHECK(shell(place.path(), "\"$P\" " + small_run("closed")).code == 4);
    fs::permissions(place.path() / "closed", fs::perms::owner_all);
  }
}

TEST_CASE(
    "program: a result that finds no room leaves a checkpoint, and `resume -o` puts it elsewhere "
    "with the same bits") {
  for (const std::string example : {"relaxation.json", "trajectory.json"}) {
    CAPTURE(example);
    const TemporaryFolder place;
    const std::string run = "run " + quoted(examples / example) +
                            " --quiet --checkpoint-every 0 --set ensemble.particles=2000 -o ";
    REQUIRE(shell(place.path(), "\"$P\" " + run + "whole").code == 0);
    // Larger than the checkpoint: the report. (The limit is in blocks of 512 bytes.)
    const auto largest = std::max(fs::file_size(place.path() / "whole" / "report.html"),
                                  fs::file_size(place.path() / "whole" / "result.h5"));
    const Outcome full = shell(place.path(), "( ulimit -f " + std::to_string(largest / 512 - 8) +
                                                 "; \"$P\" " + run + "run )");
    CAPTURE(full.err);
    CHECK(full.code == 4);
    CHECK(has(full.err, "File too large"));
    CHECK(has(full.err, "note: what is computed is kept in 'run'"));
    CHECK(fs::exists(place.path() / "run" / "checkpoint.h5"));
    CHECK_FALSE(fs::exists(place.path() / "run" / "checkpoint.coming.h5"));
    CHECK(names_in(place.path()) == std::vector<std::string>{"run", "whole"});  // nothing hidden
    const auto before = everything_in(place.path() / "run");
    const Outcome resumed = shell(place.path(), "\"$P\" resume run --quiet -o elsewhere");
    CAPTURE(resumed.err);
    CHECK(resumed.code == 0);
    CHECK(has(resumed.err, "the unfinished run stays in 'run'"));
    CHECK(everything_in(place.path() / "run") == before);
    CHECK((bytes_of(io::read_result(place.path() / "elsewhere")) ==
           bytes_of(io::read_result(place.path() / "whole"))));
    if (example == "trajectory.json")
      CHECK((test_support::trajectory_bytes(place.path() / "elsewhere") ==
             test_support::trajectory_bytes(place.path() / "whole")));
    CHECK(names_in(place.path() / "elsewhere") == names_in(place.path() / "whole"));
    CHECK(shell(place.path(), "\"$P\" resume run --quiet").code == 0);  // and in its own place
  }
}

TEST_CASE("program: a limit on files ends a run with code 4, not with a signal") {
  const TemporaryFolder place;
  const Outcome run = shell(place.path(), "ulimit -f 0; \"$P\" " + small_run("run"));
  CHECK(run.code == 4);
  CHECK(names_in(place.path()).empty());
}

TEST_CASE(
    "program: a bath so cold that its law of positions has no width runs; positions drawn from "
    "such a law are refused") {
  const TemporaryFolder place;
  const std::string trap = "run " + quoted(examples / "phase_space" / "dragged_trap.json") +
                           " --set ensemble.particles=100 --quiet -o run ";
  const auto start = Clock::now();
  const Outcome cold = shell(
      place.path(), "timeout 60 \"$P\" " + trap +
                        "--set 'phase_space.langevin={\"friction\":1.0,\"temperature\":1e-300}'");
  CAPTURE(cold.err);
  CHECK(cold.code == 0);
  const Outcome drawn =
      shell(place.path(), "timeout 60 \"$P\" " + trap +
                              "--force --set phase_space.positions.temperature=1e-300 "
                              "--set phase_space.potential.centre=[1.5,2.0]");
  CAPTURE(drawn.err);
  CHECK(drawn.code == 2);
  CHECK(has(drawn.err, "phase_space.positions.temperature: found 1e-300"));
  CHECK(has(drawn.err, "; allowed: "));
  CHECK(std::chrono::duration<double>(Clock::now() - start).count() < 30.0);
}

TEST_CASE("program: OMP_THREAD_LIMIT is what a run reports") {
  const TemporaryFolder place;
  CHECK(shell(place.path(), "OMP_THREAD_LIMIT=1 \"$P\" " + small_run("run") + "--threads 8").code ==
        0);
  CHECK(io::read_result(place.path() / "run").performance.threads == 1);
}

TEST_CASE("program: a refusal changes nothing, whatever is refused and whatever lies there") {
  const TemporaryFolder place;
  leave_unfinished(place.path(), "energy", "relaxation.json", {"ensemble.particles=400000"});
  leave_unfinished(place.path(), "phase", "trajectory.json", {"ensemble.particles=20000"});
  REQUIRE(shell(place.path(), "\"$P\" " + small_run("finished")).code == 0);
  fs::copy(place.path() / "phase", place.path() / "damaged");
  for (const char* name : {io::checkpoint_name, io::previous_checkpoint_name})
    io::write_durably(place.path() / "damaged" / name, "nonsense");
  fs::copy(place.path() / "phase", place.path() / "newer");
  for (const char* name : {io::checkpoint_name, io::previous_checkpoint_name}) {
    std::string bytes = io::read_bytes(place.path() / "newer" / name);
    bytes[std::string("powerstroke-checkpoint/").size()] = '9';
    io::write_durably(place.path() / "newer" / name, bytes);
  }
  fs::copy(place.path() / "phase", place.path() / "no_frames");
  fs::remove(place.path() / "no_frames" / io::frame_log_name);
  fs::copy(place.path() / "phase", place.path() / "cut_frames");
  fs::resize_file(place.path() / "cut_frames" / io::frame_log_name, 100);
  fs::create_directory(place.path() / "users");
  io::write_durably(place.path() / "users" / "notes.txt", "mine");
  io::write_durably(place.path() / "file", "mine");
  const std::string config = "run " + quoted(examples / "relaxation.json") + " -o ",
                    streaming = "run " + quoted(examples / "trajectory.json") + " -o ";
  const auto before = everything_in(place.path());
  for (const std::string folder : {"energy", "phase", "finished", "damaged", "users", "file"}) {
    const std::vector<std::string> refusals = {
        config + folder,
        config + folder + " --force --set ensemble.particles=1e15",  // no memory for so many
        config + folder + " --force --set ensemble.particles=0",
        config + folder + " --force --set ensemble.energy.mean=1e40",
        streaming + folder + " --force --set ensemble.particles=1e15",
        streaming + folder + " --force --set seed=-1"};
    for (const std::string& refused : refusals) {
      CAPTURE(refused);
      const Outcome outcome = shell(place.path(), "\"$P\" " + refused);
      CHECK((outcome.code == 2 || outcome.code == 4));
      CHECK(outcome.out.empty());
      CHECK((everything_in(place.path()) == before));
    }
  }
  const std::vector<std::string> refusals = {"resume damaged",
                                             "resume newer",
                                             "resume no_frames",
                                             "resume cut_frames",
                                             "resume users",
                                             "resume file",
                                             "resume nowhere",
                                             "resume energy -o finished",
                                             "resume phase -o users --force",
                                             "resume phase -o file",
                                             "resume damaged -o new",
                                             "resume newer -o new",
                                             "resume no_frames -o new",
                                             "resume energy -o phase",
                                             "compare energy finished",
                                             "compare finished nowhere"};
  for (const std::string& refused : refusals) {
    CAPTURE(refused);
    const Outcome outcome = shell(place.path(), "\"$P\" " + refused);
    CHECK((outcome.code == 2 || outcome.code == 4));
    CHECK((everything_in(place.path()) == before));
  }
}

TEST_CASE("program: --force forgets an earlier run with its own first checkpoint, not before") {
  const TemporaryFolder place;
  leave_unfinished(place.path(), "run", "trajectory.json", {"ensemble.particles=400000"});
  const auto before = everything_in(place.path() / "run");
  // Killed before it has a checkpoint of its own.
  {
    const Process process(place.path(),
                          {"run", (examples / "trajectory.json").string(), "-o", "run", "--force",
                           "--quiet", "--set", "seed=9", "--set", "ensemble.particles=400000"});
    std::this_thread::sleep_for(Milliseconds(200));
    process.send(SIGKILL);
    REQUIRE(process.wait() == 128 + SIGKILL);
  }
  for (const auto& [name, bytes] : before) {
    CAPTURE(name);
    CHECK((text_of(place.path() / "run" / name) == bytes));
  }
  CHECK(shell(place.path(), "cp -r run old; \"$P\" resume old --quiet").code == 0);
  CHECK(io::read_result(place.path() / "old").config.seed != 9);
  // Stopped with one.
  const fs::path checkpoint = place.path() / "run" / io::checkpoint_name;
  {
    const Process process(
        place.path(),
        {"run", (examples / "trajectory.json").string(), "-o", "run", "--force", "--quiet", "--set",
         "seed=9", "--set", "ensemble.particles=400000", "--checkpoint-every", "0.02"});
    const std::string earlier = text_of(checkpoint);
    const auto deadline = Clock::now() + std::chrono::seconds(60);
    while (text_of(checkpoint) == earlier && Clock::now() < deadline)
      std::this_thread::sleep_for(Milliseconds(2));
    process.send(SIGTERM);
    REQUIRE(process.wait() == 130);
  }
  CHECK(shell(place.path(), "\"$P\" resume run --quiet").code == 0);
  CHECK(io::read_result(place.path() / "run").config.seed == 9);
  CHECK(shell(place.path(), "\"$P\" run " + quoted(examples / "trajectory.json") +
                                " --set seed=9 --set ensemble.particles=400000 --quiet -o whole")
            .code == 0);
  CHECK((test_support::trajectory_bytes(place.path() / "run") ==
         test_support::trajectory_bytes(place.path() / "whole")));
}

TEST_CASE("program: a process of another container is refused, and touches nothing of the first") {
  const std::string alone = ::geteuid() == 0 ? "unshare -p -f" : "unshare -r -p -f";
  if (std::system((alone + " true 2>/dev/null").c_str()) != 0) {
    MESSAGE("this machine lets nobody have process numbers of his own: not tested");
    return;
  }
  const TemporaryFolder place;
  {
    const Process first(place.path(),
                        {"run", (examples / "relaxation.json").string(), "-o", "run", "--quiet",
                         "--set", "ensemble.particles=4000000", "--threads", "1"});
    std::this_thread::sleep_for(Milliseconds(500));
    // As if the first were about to write its result.
    const fs::path hidden = place.path() / ".run.tmp-999999999";
    fs::create_directory(hidden);
    io::write_durably(hidden / "result.h5", "half");
    for (const char* force : {"", "--force"}) {
      const Outcome second =
          shell(place.path(), "\"$P\" " + small_run("run") + force, alone + " sh");
      CHECK(second.code == 4);
      CHECK(has(second.err, "another process works in"));
      CHECK(text_of(hidden / "result.h5") == "half");
    }
    CHECK(first.is_running());
    first.send(SIGTERM);
    CHECK(first.wait() == 130);
  }
  // A hidden folder whose owner lives elsewhere is locked by it; nobody's is tidied up.
  io::FolderLock owner(place.path() / ".run.tmp-999999998");
  io::write_durably(place.path() / ".run.tmp-999999998" / "result.h5", "half");
  CHECK(shell(place.path(), "\"$P\" resume run --quiet").code == 0);
  CHECK(fs::exists(place.path() / ".run.tmp-999999998"));
  CHECK_FALSE(fs::exists(place.path() / ".run.tmp-999999999"));
}
