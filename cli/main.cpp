#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <new>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "messages.hpp"
#include "paper.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/parallel/ranks.hpp"
#include "powerstroke/io/checkpoint/checkpoints.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/io/config/nearest_key.hpp"
#include "powerstroke/io/files/shell_word.hpp"
#include "powerstroke/io/result/folder.hpp"
#include "powerstroke/report/report.hpp"
#include "powerstroke/study/result/provenance.hpp"
#include "powerstroke/study/run/compare.hpp"
#include "powerstroke/study/run/run.hpp"
#include "powerstroke/study/selftest/selftest.hpp"
#include "progress.hpp"
#include "signals.hpp"
#include "sweep.hpp"
#include "tables.hpp"

namespace powerstroke::cli {
namespace {

namespace fs = std::filesystem;

enum ExitCode { done = 0, wrong_input = 2, disagrees = 3, file_trouble = 4, interrupted = 130 };

struct Options {
  std::string config, output, other;
  std::vector<std::string> overrides, over;
  int threads = 0;
  parallel::Ranks ranks;  // that run and resume together
  double checkpoint_every = 600.0;
  bool quiet = false, force = false, strict = false, keep = false;
};

std::vector<study::Override> split(const std::vector<std::string>& settings) {
  std::vector<study::Override> overrides;
  for (const std::string& setting : settings) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0)
      throw ConfigError(fmt::format(
          "--set {}: expected path.to.key=VALUE, such as --set ensemble.particles=1000", setting));
    overrides.push_back({setting.substr(0, equals), setting.substr(equals + 1)});
  }
  return overrides;
}

study::Config config_of(const Options& options) {
  return io::read_config(options.config, split(options.overrides));
}

fs::path folder_of(const Options& options) {
  return options.output.empty() ? fs::path("out") / fs::path(options.config).stem()
                                : fs::path(options.output);
}

int finish(io::ResultFolder& folder, const study::RunResult& result, const fs::path& place,
           bool strict, const std::optional<fs::path>& frames = {}) {
  const Wishes to_its_end;
  std::vector<std::string> remarks;
  const auto page = [&remarks](const study::RunResult& of) {
    report::Report made = report::make_report(of);
    remarks = std::move(made.remarks);
    return std::move(made.html);
  };
  folder.write(result, page, frames);
  print("{}", result_table(result));
  for (const std::string& remark : remarks) say("note: {}\n", remark);
  print("\nResult: {}\n", (place / "report.html").string());
  return strict && result.comparison.verdict == study::Verdict::inconsistent ? disagrees : done;
}

io::Checkpoints::Options checkpoint_options(const Options& options) {
  return {options.checkpoint_every, Wishes::next,
          [](double fraction) {
            say("\nnote: a checkpoint was written, at {:.0f} % of the run\n", 100.0 * fraction);
          },
          options.ranks};
}

/// Runs to the end, or to a checkpoint from which it can go on. @param folder of the first rank;
/// the others write nothing.
int go_on(std::optional<io::ResultFolder>& folder, io::Checkpoints& checkpoints,
          const Options& options, const fs::path& place) {
  const study::Config& config = checkpoints.config();
  const Wishes wishes;  // also while the result is written: what has come so far comes to its end
  ProgressBar bar(options.quiet || !folder);
  const StopCheck stop([&bar] {
    bar.tick();
    return Wishes::to_stop();
  });
  int code = done;
  try {
    study::run(
        config,
        [&](double fraction, std::uint64_t strokes) {
          if (fraction < 1.0 || config.phase_space)
            bar(fraction, strokes);
          else
            bar.stage("solving the master equation");
        },
        &checkpoints,
        [&](const study::RunResult& result) {
          bar.end();
          const StopCheck::Inherited to_the_end(nullptr);
          std::optional<fs::path> frames;
          if (config.phase_space && config.phase_space->trajectory)
            frames = checkpoints.frame_log();
          try {
            code = finish(*folder, result, place, options.strict, frames);
          } catch (const std::bad_alloc&) {
            throw IoError(
                fmt::format("cannot write the result to '{}': not enough memory", place.string()));
          }
        },
        options.ranks);
  } catch (const study::Interrupted& stopped) {
    bar.end();
    if (folder && stopped.kept)
      say("\npowerstroke: interrupted at {:.0f} %; go on with `powerstroke resume {}`\n",
          100.0 * stopped.fraction, io::shell_word(place.string()));
    else if (folder)
      say("\npowerstroke: interrupted; nothing was written\n");
    return interrupted;
  } catch (const AskedToStop&) {  // before the particles were there
    bar.end();
    if (folder && checkpoints.has_own())
      say("\npowerstroke: interrupted; go on with `powerstroke resume {}`\n",
          io::shell_word(place.string()));
    else if (folder)
      say("\npowerstroke: interrupted; nothing was written\n");
    return interrupted;
  } catch (const IoError&) {
    bar.end();
    if (folder && checkpoints.has_own())
      say("note: what is computed is kept in '{}'; `powerstroke resume {} -o DIR` goes on from "
          "there, and writes the result "
          "to "
          "DIR\n",
          place.string(), io::shell_word(place.string()));
    throw;
  }
  return code;
}

/// Says which config it was that a study could not make anything of.
template <class Work>
auto about(const std::string& config, const Work& work) {
  try {
    return work();
  } catch (const ConfigError& error) {
    throw ConfigError(fmt::format("{}: {}", config, error.what()));
  } catch (const NumericsError& error) {
    throw NumericsError(fmt::format("{}: {}", config, error.what()));
  }
}

int run(const Options& options) {
  const study::Config config = config_of(options);
  const fs::path place = folder_of(options);
  std::optional<io::ResultFolder> folder;
  io::Checkpoints::Lock lock;
  if (options.ranks.is_first()) lock = folder.emplace(place, options.force).lock();
  io::Checkpoints checkpoints(place, config, checkpoint_options(options), lock);
  return go_on(folder, checkpoints, options, place);
}

bool same_place(const fs::path& a, const fs::path& b) { return io::resolved(a) == io::resolved(b); }

int resume(const Options& options) {
  const fs::path source = options.config;
  const bool elsewhere = !options.output.empty() && !same_place(options.output, source);
  const fs::path place = elsewhere ? fs::path(options.output) : source;
  if (options.ranks.from_first(io::is_finished(source) ? 1 : 0) != 0) {
    if (options.ranks.is_first())
      print("{} holds a finished result: there is nothing to resume\n", source.string());
    return done;
  }
  std::optional<io::ResultFolder> folder;
  if (elsewhere && options.ranks.is_first()) folder.emplace(place, options.force).lock();
  std::vector<std::string> remarks;
  io::Checkpoints checkpoints =
      io::Checkpoints::resume(source, checkpoint_options(options), remarks);
  for (const std::string& remark : remarks) say("note: {}\n", remark);
  if (elsewhere)
    checkpoints.move_to(place, folder ? folder->lock() : nullptr);
  else if (options.ranks.is_first())
    folder.emplace(io::ResultFolder::in_place_of_unfinished(place, checkpoints.lock()));
  const int code = go_on(folder, checkpoints, options, place);
  if (elsewhere && folder && code != interrupted)
    say("note: the unfinished run stays in '{}'; it is of use no more\n", source.string());
  return code;
}

int sweep(const Options& options) {
  const fs::path folder =
      options.output.empty()
          ? fs::path("out") / (fs::path(options.config).stem().string() + "-sweep")
          : fs::path(options.output);
  const bool agrees = make_sweep({options.config, folder, split(options.overrides), options.over,
                                  options.quiet, options.force, options.keep});
  return options.strict && !agrees ? disagrees : done;
}

int solve(const Options& options) {
  const study::Config config = config_of(options);
  io::ResultFolder folder(folder_of(options), options.force);
  return finish(folder, about(options.config, [&] { return study::solve(config); }),
                folder_of(options), options.strict);
}

int compare(const Options& options) {
  const study::ResultComparison comparison =
      study::compare(io::read_result(options.config), io::read_result(options.other));
  print("{}", comparison_table(comparison));
  return options.strict && comparison.verdict == study::Verdict::inconsistent ? disagrees : done;
}

int validate(const Options& options) {
  const study::Config config = config_of(options);
  print("{}", meaning_table(config, about(options.config, [&] { return study::explain(config); })));
  return done;
}

int selftest(const Options& options) {
  std::vector<study::SelfCheck> checks;
  {
    ProgressBar bar(options.quiet);
    checks = study::selftest(io::parse_config, [&](std::size_t number, std::size_t all) {
      bar.stage(fmt::format("check {} of {}", number + 1, all));
    });
  }
  print("{}", selftest_table(checks));
  return std::all_of(checks.begin(), checks.end(),
                     [](const study::SelfCheck& check) { return check.passed; })
             ? done
             : disagrees;
}

int run_paper(const Options& options) {
  return paper(options.output.empty() ? "out/paper" : options.output, options.force, options.quiet)
             ? done
             : disagrees;
}

void add_config(CLI::App& command, Options& options) {
  command.add_option("CONFIG", options.config, "Config file (JSON; `powerstroke init` prints one)")
      ->required();
  command
      .add_option("--set", options.overrides,
                  "Replace a value of the config: path.to.key=VALUE (repeatable)")
      ->type_name("PATH=VALUE")
      ->allow_extra_args(false);
}

void add_threads(CLI::App& command, Options& options) {
  command.add_option("--threads", options.threads, "Threads (default: all of the machine)")
      ->check(CLI::Range(1, 4096));
}

void add_checkpoints(CLI::App& command, Options& options) {
  command
      .add_option("--checkpoint-every", options.checkpoint_every,
                  "Seconds from one checkpoint to the next (default: 600; 0: only on SIGINT, "
                  "SIGTERM, SIGHUP and SIGUSR1)")
      ->type_name("SECONDS")
      ->check([](const std::string& text) {
        double seconds = 0.0;
        const bool fits =
            CLI::detail::lexical_cast(text, seconds) && seconds >= 0.0 && seconds <= 1e9;  // no NaN
        return fits ? std::string()
                    : fmt::format("found {}; allowed: a number from 0 to 1e9", text);
      });
}

void add_result(CLI::App& command, Options& options,
                const char* folder = "Result folder (default: out/<config's stem>)") {
  command.add_option("-o,--output", options.output, folder)
      ->type_name("DIR")
      ->check([](const std::string& text) {
        return text.empty() ? "the name of a folder is empty" : "";
      });
  add_threads(command, options);
  command.add_flag("--quiet", options.quiet, "No progress on standard error");
  command.add_flag("--force", options.force, "Replace a result that is there already");
}

std::string nearest_command(const CLI::App& app, const std::string& word) {
  std::vector<std::string> commands;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    commands.push_back(command->get_name());
  const std::string nearest = io::nearest_key(word, commands);
  return nearest.empty() ? "" : fmt::format("; did you mean '{}'?", nearest);
}

/// @param ranks that were launched; none but this one are left in it where the rest is its own.
int dispatch(int argc, char** argv, parallel::Ranks& ranks) {
  Options options;
  CLI::App app(
      "Stochastic particle Monte Carlo of power strokes: energy passed between classical motion "
      "and quantum levels.",
      "powerstroke");
  app.set_version_flag("--version", fmt::format("powerstroke {} ({})", study::provenance().version,
                                                study::provenance().revision));
  app.require_subcommand(0, 1);  // what else stands there is named below
  app.allow_extras();
  app.failure_message([](const CLI::App* command, const CLI::Error& error) {
    return fmt::format("powerstroke: {}\nRun `powerstroke{} --help` to see what is possible.\n",
                       error.what(),
                       command->get_parent() == nullptr ? "" : " " + command->get_name());
  });
  int code = done;
  const auto command = [&](const char* name, const char* does, int (*action)(const Options&)) {
    CLI::App* sub = app.add_subcommand(name, does);
    sub->allow_extras(false);
    // Several ranks run, and go on, together; all else is the first one's.
    const bool together = action == run || action == resume;
    sub->final_callback([&code, &options, &ranks, action, together] {
      if (!together && !ranks.is_first()) return;
      if (!together) ranks = {};
      options.ranks = ranks;
      const parallel::Threads threads(options.threads);
      code = action(options);
    });
    return sub;
  };

  CLI::App* run_command =
      command("run", "Simulate, solve the master equation, compare, write a result folder", run);
  add_config(*run_command, options);
  add_result(*run_command, options);
  run_command->add_flag("--strict", options.strict,
                        "Exit with 3 when particles and equation disagree");
  add_checkpoints(*run_command, options);
  CLI::App* resume_command = command(
      "resume", "Go on with a run that was interrupted, from its folder's checkpoint", resume);
  resume_command->add_option("DIR", options.config, "Folder of the run")->required();
  add_result(*resume_command, options,
             "Folder of the result, and of all that is kept from now on (default: the run's own)");
  resume_command->add_flag("--strict", options.strict,
                           "Exit with 3 when particles and equation disagree");
  add_checkpoints(*resume_command, options);
  CLI::App* sweep_command = command(
      "sweep", "Run a config once for each value of some of its keys: a table, fits, a figure",
      sweep);
  add_config(*sweep_command, options);
  sweep_command
      ->add_option("--over", options.over,
                   "Values of one key: path.to.key=V1,V2,... (repeatable: all combinations). "
                   "Temperatures under the balance "
                   "thermal and pressures of a gas are fitted")
      ->type_name("PATH=VALUES")
      ->allow_extra_args(false)
      ->required();
  add_result(*sweep_command, options, "Folder of the sweep (default: out/<config's stem>-sweep)");
  sweep_command->add_flag("--keep", options.keep,
                          "Keep each run's own result folder: 01, 02, ... in the sweep's");
  sweep_command->add_flag("--strict", options.strict,
                          "Exit with 3 when particles and equation disagree in one of the runs");
  CLI::App* solve_command =
      command("solve", "The deterministic solution alone, in the same layout", solve);
  add_config(*solve_command, options);
  add_result(*solve_command, options);
  CLI::App* compare_command = command(
      "compare", "Do two result folders show the same physics within their errors?", compare);
  compare_command->add_option("A", options.config, "Result folder")->required();
  compare_command->add_option("B", options.other, "Result folder")->required();
  compare_command->add_flag("--strict", options.strict, "Exit with 3 when they disagree");
  CLI::App& validate_command =
      *command("validate", "Check a config and say what it means and costs", validate);
  add_config(validate_command, options);
  add_threads(validate_command, options);
  CLI::App& selftest_command = *command("selftest",
                                        "Check the program on this machine: generator, equation, "
                                        "particles, equal bits; half a minute",
                                        selftest);
  add_threads(selftest_command, options);
  selftest_command.add_flag("--quiet", options.quiet, "No progress on standard error");
  CLI::App* paper_command =
      command("paper", "Run what the paper claims, claim by claim, and write one page of verdicts",
              run_paper);
  paper_command
      ->add_option("-o,--output", options.output,
                   "Folder of paper.html and paper.json (default: out/paper)")
      ->type_name("DIR");
  paper_command->add_option("--threads", options.threads, "Threads (default: all of the machine)")
      ->check(CLI::Range(1, 4096));
  paper_command->add_flag("--quiet", options.quiet, "No progress on standard error");
  paper_command->add_flag("--force", options.force, "Replace a page that is there already");
  command("schema", "Print the JSON Schema of a config", [](const Options&) {
    print("{}", io::config_schema());
    return static_cast<int>(done);
  });
  command("init", "Print a commented config to start from", [](const Options&) {
    print("{}", io::config_template());
    return static_cast<int>(done);
  });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::ostringstream out, message;
    const int wanted = app.exit(error, out, message);  // help, version or the message
    print(std::string_view(out.str()));
    say(std::string_view(message.str()));
    return wanted == 0 ? done : wrong_input;
  }
  if (app.get_subcommands().empty()) {
    const std::vector<std::string> words = app.remaining();
    throw ConfigError(
        words.empty()
            ? "no command is given; `powerstroke --help` lists them"
            : fmt::format("'{}' is not a command or option{} (`powerstroke --help` lists them)",
                          words.front(), nearest_command(app, words.front())));
  }
  return code;
}

/// A thread that waits for its team shall not hold a processor that others on this machine could
/// use: GNU's OpenMP looks for work over and over for milliseconds unless its environment says
/// otherwise, and reads that before main. So this starts itself anew, with as many looks as it
/// takes to wake a thread. Where it cannot, all goes on as it is.
void wait_briefly(char** arguments) {
  constexpr const char* looks = "3000";
  if (std::getenv("OMP_WAIT_POLICY") != nullptr || std::getenv("GOMP_SPINCOUNT") != nullptr) return;
  std::error_code unknown;
  const fs::path self = fs::read_symlink("/proc/self/exe", unknown);
  if (unknown || ::setenv("GOMP_SPINCOUNT", looks, 0) != 0) return;
  ::execv(self.c_str(), arguments);
}

int complain(const char* problem, int code, parallel::Ranks ranks) {
  // What all ranks meet, the first one says; what one meets alone, it says when it is still there.
  if (!ranks.is_first()) std::this_thread::sleep_for(std::chrono::seconds(1));
  end_in_silence();
  say("powerstroke: {}\n", problem);
  ranks.abort(code);
  return code;
}

}  // namespace
}  // namespace powerstroke::cli

int main(int argc, char** argv) {
  using namespace powerstroke;
  cli::wait_briefly(argv);
  cli::prepare_streams();
  const parallel::LaunchedRanks launched;
  parallel::Ranks ranks = launched.all();
  cli::handle_signals();
  if (!ranks.is_first()) cli::end_in_silence();
  try {
    const int code = cli::dispatch(argc, argv, ranks);
    if (!cli::all_printed())
      return cli::complain(
          fmt::format("cannot write to standard output: {}", cli::why_not_printed()).c_str(),
          cli::file_trouble, ranks);
    return code;
  } catch (const ConfigError& error) {
    return cli::complain(error.what(), cli::wrong_input, ranks);
  } catch (const IoError& error) {
    return cli::complain(error.what(), cli::file_trouble, ranks);
  } catch (const NumericsError& error) {
    return cli::complain(error.what(), cli::wrong_input, ranks);
  } catch (const std::bad_alloc&) {
    return cli::complain("not enough memory for this many particles, bins or levels",
                         cli::wrong_input, ranks);
  } catch (const std::exception& error) {
    return cli::complain(error.what(), cli::file_trouble, ranks);
  }
}
