#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <exception>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "calibration/examination.hpp"
#include "calibration/limits.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/study/result/result.hpp"

/// Calibration at random: draws configs over all that the schema allows, runs some seeds of each,
/// and holds every error, bound, count and verdict against what is known.
///
///     calibrate [--configs N] [--stream S] [--first K] [--seeds R] [--only KIND] [--jobs J]
///     [--write FOLDER] [--quick] calibrate --show K [--stream S] calibrate --config FILE [--seeds
///     R] [--quick]     one of your own, in energy space
///
/// Ended early by a signal, it sums up what it has. Progress goes to standard error, tables and
/// findings to standard output; the exit status is 1 with findings. A config is its number in its
/// stream: --first K --configs 1 does it again, --show K prints it. --quick leaves out power and
/// foretold costs.
namespace {

using namespace calibration;

struct Options {
  std::uint64_t configs = 100, first = 1;
  std::string only;  ///< a kind
  int jobs = 1;
  std::string folder;  ///< for the configs of findings
  std::optional<std::uint64_t> show;
  Effort effort;
};

[[noreturn]] void stop(const std::string& why) {
  fmt::print(stderr, "calibrate: {}\n", why);
  std::exit(2);
}

Options options_of(int argc, char** argv) {
  Options options;
  options.effort.self = std::filesystem::read_symlink("/proc/self/exe").string();
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    if (name == "--quick") {
      options.effort.power = false;
      continue;
    }
    if (i + 1 == argc) stop(fmt::format("{} needs a value", name));
    const char* value = argv[++i];
    const auto number = [&] {
      char* end = nullptr;
      const std::uint64_t found = std::strtoull(value, &end, 10);
      if (end == value || *end != '\0')
        stop(fmt::format("{}: a number is needed, not {}", name, value));
      return found;
    };
    if (name == "--configs")
      options.configs = number();
    else if (name == "--stream")
      options.effort.stream = number();
    else if (name == "--first")
      options.first = number();
    else if (name == "--seeds")
      options.effort.seeds = std::clamp(static_cast<int>(number()), 4, 900);
    else if (name == "--jobs")
      options.jobs = std::clamp(static_cast<int>(number()), 1, 256);
    else if (name == "--only")
      options.only = value;
    else if (name == "--write")
      options.folder = value;
    else if (name == "--config") {
      options.effort.file = value;
      options.configs = 1;
    } else if (name == "--show")
      options.show = number();
    else
      stop(fmt::format("no such option: {}", name));
  }
  if (!options.only.empty() && std::ranges::find(kinds(), options.only) == kinds().end())
    stop(fmt::format("--only: no such kind: {}; there are {}", options.only,
                     fmt::join(kinds(), ", ")));
  return options;
}

/// A process that examines configs one after the other: a crash, a hang or exhausted memory is that
/// config's alone.
class Worker {
 public:
  explicit Worker(const Effort& effort) : effort_(&effort) {}
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  Worker(Worker&& other) noexcept { *this = std::move(other); }
  Worker& operator=(Worker&& other) noexcept {
    std::swap(effort_, other.effort_);
    std::swap(pid_, other.pid_);
    std::swap(to_, other.to_);
    std::swap(from_, other.from_);
    std::swap(text_, other.text_);
    std::swap(under_way_, other.under_way_);
    std::swap(cpu_at_begin_, other.cpu_at_begin_);
    return *this;
  }
  ~Worker() { end(); }

  bool is_idle() const { return !under_way_; }
  int readable() const { return from_; }

  void give(std::uint64_t number) {
    if (pid_ == 0) begin();
    under_way_ = number;
    cpu_at_begin_ = cpu();
    const std::string line = fmt::format("{}\n", number);
    if (::write(to_, line.data(), line.size()) != static_cast<ssize_t>(line.size()))
      stop("a worker does not listen");
  }

  /// What came, if it is whole; a worker that died leaves a finding.
  std::optional<Json> take() {
    char buffer[65536];
    const ssize_t size = ::read(from_, buffer, sizeof buffer);
    if (size <= 0) {
      int status = 0;
      ::waitpid(pid_, &status, 0);
      pid_ = 0;
      const std::string how = WIFSIGNALED(status)
                                  ? fmt::format("killed by signal {}", WTERMSIG(status))
                                  : fmt::format("ended with status {}", WEXITSTATUS(status));
      return lost(how);
    }
    text_.append(buffer, static_cast<std::size_t>(size));
    if (text_.back() != '\n') return {};
    Json outcome = Json::parse(text_);
    text_.clear();
    under_way_.reset();
    return outcome;
  }

  /// Ends a worker that takes too long. @returns the outcome then.
  std::optional<Json> end_if_long() {
    constexpr double longest = 120.0;  // of a processor
    if (!under_way_ || cpu() - cpu_at_begin_ < longest) return {};
    const std::uint64_t number = *under_way_;
    end();
    under_way_ = number;
    return lost(fmt::format("took more than {:g} s", longest));
  }

 private:
  Json lost(const std::string& how) {
    const DrawnConfig drawn = draw_config(effort_->stream, *under_way_);
    Json outcome{{"number", *under_way_}, {"kind", drawn.kind}, {"state", "lost"}, {"why", how}};
    outcome["findings"] = Json::array({{{"statistic", "the program"}, {"what", how}}});
    close_pipes();
    text_.clear();
    under_way_.reset();
    return outcome;
  }

  double cpu() const {
    clockid_t clock{};
    timespec time{};
    if (pid_ == 0 || ::clock_getcpuclockid(pid_, &clock) != 0 || ::clock_gettime(clock, &time) != 0)
      return 0.0;
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
  }

  void begin() {
    int down[2], up[2];
    if (::pipe2(down, O_CLOEXEC) != 0 || ::pipe2(up, O_CLOEXEC) != 0) stop("no pipes");
    pid_ = ::fork();
    if (pid_ < 0) stop("no process");
    if (pid_ == 0) work(down[0], up[1]);
    ::close(down[0]);
    ::close(up[1]);
    to_ = down[1];
    from_ = up[0];
  }

  [[noreturn]] void work(int from, int to) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::signal(SIGINT, SIG_IGN);  // of the whole group: the parent ends us
    ::signal(SIGTERM, SIG_DFL);
    const powerstroke::parallel::Threads one_thread(1);
    std::FILE* const numbers = ::fdopen(from, "r");
    unsigned long long number = 0;
    while (std::fscanf(numbers, "%llu", &number) == 1) {
      Json outcome;
      try {
        outcome = examine(number, *effort_);
      } catch (const std::exception& error) {
        outcome = {{"number", number},
                   {"kind", draw_config(effort_->stream, number).kind},
                   {"state", "lost"},
                   {"why", error.what()}};
        outcome["findings"] = Json::array({{{"statistic", "the program"}, {"what", error.what()}}});
      }
      const std::string line = outcome.dump(-1, ' ', true, Json::error_handler_t::replace) + "\n";
      for (std::size_t at = 0; at < line.size();) {
        const ssize_t written = ::write(to, line.data() + at, line.size() - at);
        if (written <= 0) ::_exit(1);
        at += static_cast<std::size_t>(written);
      }
    }
    ::_exit(0);
  }

  void close_pipes() {
    if (to_ >= 0) ::close(to_);
    if (from_ >= 0) ::close(from_);
    to_ = from_ = -1;
  }

  void end() {
    if (pid_ != 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
      pid_ = 0;
    }
    close_pipes();
  }

  const Effort* effort_ = nullptr;
  pid_t pid_ = 0;
  int to_ = -1, from_ = -1;
  std::string text_;
  std::optional<std::uint64_t> under_way_;
  double cpu_at_begin_ = 0.0;
};

/// SIGINT, SIGTERM: what is done is summed up.
volatile std::sig_atomic_t is_over = 0;

/// All outcomes, in the order in which they come.
template <class Take>
void examine_all(const Options& options, const Take& take) {
  std::deque<std::uint64_t> numbers;
  for (std::uint64_t k = 0; k < options.configs; ++k) {
    const std::uint64_t number = options.first + k;
    if (options.only.empty() || !options.effort.file.empty() ||
        draw_config(options.effort.stream, number).kind == options.only)
      numbers.push_back(number);
  }
  std::vector<Worker> workers;
  for (int k = 0; k < options.jobs; ++k) workers.emplace_back(options.effort);
  while (is_over == 0) {
    std::vector<pollfd> waiting;
    std::vector<Worker*> who;
    for (Worker& worker : workers) {
      if (worker.is_idle() && !numbers.empty()) {
        worker.give(numbers.front());
        numbers.pop_front();
      }
      if (worker.is_idle()) continue;
      waiting.push_back({worker.readable(), POLLIN, 0});
      who.push_back(&worker);
    }
    if (waiting.empty()) return;
    constexpr int one_second = 1000;
    ::poll(waiting.data(), waiting.size(), one_second);
    for (std::size_t i = 0; i < who.size(); ++i) {
      std::optional<Json> outcome =
          waiting[i].revents != 0 ? who[i]->take() : who[i]->end_if_long();
      if (outcome) take(*outcome);
    }
  }
}

struct Pooled {
  double configs = 0.0, n = 0.0, sum = 0.0, squares = 0.0, covered = 0.0, missing = 0.0;
};
struct Seen {
  int draws = 0, seen = 0, visible = 0, visible_seen = 0;
  std::string missed;  ///< number of a config in which it was visible and not seen
};

class Summary {
 public:
  explicit Summary(const Options& options) : options_(options) {}

  void add(const Json& outcome) {
    const std::string kind = outcome.at("kind"), state = outcome.value("state", "held");
    ++states_[kind][state];
    cpu_s_ += outcome.value("cpu_s", 0.0);
    tests_ += outcome.value("tests", 0.0);
    untested_ += outcome.value("untested", 0.0);
    rechecked_ += outcome.value("rechecked", 0.0) > 0.0 ? 1 : 0;
    runs_ += outcome.value("runs", 0.0);
    comparable_ += outcome.value("comparable", 0.0);
    alarms_ += outcome.value("alarms", 0.0);
    large_runs_ += outcome.contains("power") ? 1 : 0;
    large_alarms_ += outcome.value("large_alarms", 0.0);
    if (outcome.contains("pool"))
      for (const Json& row : outcome["pool"]) {
        Pooled& into = pool_[{kind, row["series"], row["when"]}];
        into.configs += 1.0;
        into.n += row["n"].get<double>();
        into.sum += row["sum"].get<double>();
        into.squares += row["squares"].get<double>();
        into.covered += row["covered"].get<double>();
        into.missing += row["missing"].get<double>();
      }
    if (outcome.contains("power"))
      for (const Json& row : outcome["power"]) {
        Seen& into = power_[{kind, row["parameter"]}];
        const bool seen = row["seen"], visible = row["deviation"].get<double>() > plain_to_see;
        ++into.draws;
        into.seen += seen;
        into.visible += visible;
        into.visible_seen += visible && seen;
        if (visible && !seen && row["comparable"].get<bool>())
          into.missed += fmt::format(" {}", outcome["number"].get<std::uint64_t>());
      }
    if (outcome.contains("foretold")) foretold_.push_back(outcome["foretold"]);
    if (outcome.contains("findings"))
      for (const Json& finding : outcome["findings"]) add_finding(outcome, finding);
    if (state == "refused" || state == "given up")
      ++reasons_[outcome.value("why", "").substr(0, 140)];
  }

  /// @returns whether nothing was found.
  bool print() {
    judge_power();
    judge_pool();
    fmt::print("\nConfigs by kind\n{:<18}{:>8}{:>9}{:>9}{:>10}{:>11}{:>6}\n", "", "drawn", "held",
               "refused", "given up", "expensive", "lost");
    for (const std::string& kind : kinds()) {
      if (!states_.contains(kind)) continue;
      auto& of = states_[kind];
      int all = 0;
      for (const auto& [state, count] : of) all += count;
      fmt::print("{:<18}{:>8}{:>9}{:>9}{:>10}{:>11}{:>6}\n", kind, all, of["held"], of["refused"],
                 of["given up"], of["expensive"], of["lost"]);
    }
    for (const auto& [why, count] : reasons_) fmt::print("  {} times: {}\n", count, why);
    fmt::print(
        "\n{:g} tests of series, counts and laws; {:g} left out (too few particles or strokes for "
        "a normal law); {} configs "
        "looked at again with fresh seeds\n"
        "False-alarm rate of all together {:g}: screening {:g}, confirmation {:.2g}\n",
        tests_, untested_, rechecked_, false_alarm_rate, screening, confirmation);
    fmt::print(
        "{:g} runs, {:g} comparable, {:g} called inconsistent by themselves or by compare with "
        "their own solve (two chances "
        "of {:g} each); "
        "{} large runs, {:g} alarms\n",
        runs_, comparable_, alarms_, powerstroke::study::verdict_false_alarm_rate, large_runs_,
        large_alarms_);
    print_pool();
    print_power();
    print_foretold();
    print_findings();
    return findings_.empty();
  }

 private:
  static constexpr double plain_to_see =
      12.0;  ///< deviations of a number of strokes, the square root of its mean each

  struct Finding {
    std::uint64_t number;
    std::string kind, statistic, what;
  };

  /// "mean_energy at t = 3: z too wide" -> "mean_energy: z too wide".
  static std::string sort_of(std::string statistic) {
    const std::size_t at = statistic.find(" at t = "),
                      colon = statistic.find(": ", at == std::string::npos ? 0 : at);
    if (at != std::string::npos)
      statistic.erase(at, (colon == std::string::npos ? statistic.size() : colon) - at);
    return statistic;
  }

  void add_finding(const Json& outcome, const Json& finding) {
    const std::uint64_t number = outcome["number"];
    findings_.push_back({number, outcome["kind"], finding["statistic"], finding["what"]});
    fmt::print(stderr, "config {} ({}): {}: {}\n", number, findings_.back().kind,
               findings_.back().statistic, findings_.back().what);
    if (options_.folder.empty()) return;
    std::filesystem::create_directories(options_.folder);
    std::ofstream(fmt::format("{}/{}-{}.json", options_.folder, options_.effort.stream, number))
        << draw_config(options_.effort.stream, number).json.dump(1) << '\n';
  }

  /// A parameter whose 2 % are plain in the counted strokes and mostly not seen is a finding.
  void judge_power() {
    constexpr int enough = 4;
    for (const auto& [key, seen] : power_)
      if (seen.visible >= enough && 2 * seen.visible_seen < seen.visible)
        findings_.push_back(
            {std::strtoull(seen.missed.c_str(), nullptr, 10), key.first, "power: " + key.second,
             fmt::format("2 % off is plain in the strokes of {} runs and seen by compare in {}; "
                         "missed in{}",
                         seen.visible, seen.visible_seen, seen.missed.substr(0, 100))});
  }

  /// All configs of a kind together see what is too small for one: variances of z off by more than
  /// a tenth, and 95 % bars of entropies that cover less than 90 %. Seeds of one config share the
  /// bias of its entropies: there configs count, not seeds.
  void judge_pool() {
    constexpr double tenth = 0.1, least_cover = 0.9, enough = 20.0,
                     quantile = 6.4;  // 1e-6 over some hundred rows, two-sided
    for (const auto& [key, pooled] : pool_) {
      const auto& [kind, series, when] = key;
      if (pooled.configs < enough) continue;
      const bool is_entropy = series.starts_with("S_");
      const double squares = pooled.squares / pooled.n, cover = pooled.covered / pooled.n;
      const double width = quantile * std::sqrt(2.0 / pooled.n);
      const bool off =
          is_entropy
              ? cover < least_cover -
                            quantile * std::sqrt(least_cover * (1.0 - least_cover) / pooled.configs)
              : squares > 1.0 + tenth + width || squares < 1.0 - tenth - width;
      if (off)
        findings_.push_back({0, kind, fmt::format("all of {} at the {}", series, when),
                             fmt::format("mean square of z {:.3f}, {:.1f} % within 1.96 errors, "
                                         "over {:g} configs and {:g} runs",
                                         squares, 100.0 * cover, pooled.configs, pooled.n)});
    }
  }

  void print_pool() const {
    fmt::print(
        "\nz = (value - solution)/error; cover: share within 1.96 errors; null: share without "
        "error or value\n"
        "{:<18}{:<14}{:<7}{:>9}{:>8}{:>10}{:>8}{:>7}\n",
        "", "", "", "n", "mean", "variance", "cover", "null");
    for (const auto& [key, pooled] : pool_) {
      const auto& [kind, series, when] = key;
      const double mean = pooled.sum / pooled.n;
      fmt::print("{:<18}{:<14}{:<7}{:>9g}{:>8.3f}{:>10.3f}{:>7.1f}%{:>6.1f}%\n", kind, series, when,
                 pooled.n, mean, pooled.squares / pooled.n - mean * mean,
                 100.0 * pooled.covered / pooled.n,
                 100.0 * pooled.missing / (pooled.n + pooled.missing));
    }
  }

  void print_power() const {
    if (power_.empty()) return;
    fmt::print(
        "\nPower: a large run against a solve with one parameter off by 2 %; plain: counted "
        "strokes of a transition differ "
        "by {:g} deviations\n"
        "{:<18}{:<20}{:>7}{:>7}{:>8}{:>14}\n",
        plain_to_see, "", "", "draws", "seen", "plain", "seen of plain");
    for (const auto& [key, seen] : power_)
      fmt::print("{:<18}{:<20}{:>7}{:>7}{:>8}{:>14}{}\n", key.first, key.second, seen.draws,
                 seen.seen, seen.visible, seen.visible_seen,
                 seen.missed.empty() ? "" : "   missed:" + seen.missed.substr(0, 60));
  }

  void print_foretold() const {
    if (foretold_.empty()) return;
    // Of what is small nobody asks for the ratio.
    constexpr double small_time = 0.1, small_memory = 20e6, factor = 2.0;
    std::vector<double> times, memories;
    int times_told = 0, memories_told = 0;
    const auto add = [](double told, double measured, double small, std::vector<double>& ratios) {
      ratios.push_back(told / std::max(1e-3 * small, measured));
      return std::abs(told - measured) <= small ||
                     (ratios.back() <= factor && ratios.back() >= 1.0 / factor)
                 ? 1
                 : 0;
    };
    for (const Json& told : foretold_) {
      times_told += add(told["time_s"], told["measured_s"], small_time, times);
      memories_told += add(told["memory"], told["measured_memory"], small_memory, memories);
    }
    const auto quantiles = [](std::vector<double>& values) {
      std::ranges::sort(values);
      const auto at = [&](double q) {
        return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
      };
      return fmt::format("{:>9.2f}{:>9.2f}{:>9.2f}{:>9.2f}{:>9.2f}", at(0.0), at(0.1), at(0.5),
                         at(0.9), at(1.0));
    };
    fmt::print(
        "\nvalidate's foretold cost by what was measured, {} runs (no "
        "test)\n{:<10}{:>9}{:>9}{:>9}{:>9}{:>9}\n{:<10}{}\n{:<10}{}\n"
        "within a factor of {:g}, or {:g} s and {:g} MB: time of {} runs, memory of {}\n",
        foretold_.size(), "", "least", "10 %", "median", "90 %", "most", "time", quantiles(times),
        "memory", quantiles(memories), factor, small_time, small_memory / 1e6, times_told,
        memories_told);
  }

  void print_findings() const {
    std::map<std::pair<std::string, std::string>, std::vector<const Finding*>> sorted;
    for (const Finding& finding : findings_)
      sorted[{sort_of(finding.statistic), finding.kind}].push_back(&finding);
    std::vector<std::uint64_t> numbers;
    for (const Finding& finding : findings_)
      if (finding.number > 0) numbers.push_back(finding.number);
    std::ranges::sort(numbers);
    numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
    fmt::print("\n{} findings, in {} of the configs\n", findings_.size(), numbers.size());
    for (const auto& [key, list] : sorted) {
      std::string where;
      for (std::size_t i = 0; i < std::min<std::size_t>(list.size(), 6); ++i)
        where += fmt::format(" {}", list[i]->number);
      fmt::print("\n{} ({}): {} times, in{}\n", key.first, key.second, list.size(), where);
      const Finding& one = *list.front();
      fmt::print("  {}: {}\n", one.statistic, one.what);
      if (one.number == 0) continue;  // of all configs
      fmt::print("  again: calibrate --stream {} --first {} --configs 1 --seeds {}\n",
                 options_.effort.stream, one.number, options_.effort.seeds);
    }
    constexpr std::size_t shown = 5;
    for (std::size_t i = 0; i < std::min(numbers.size(), shown); ++i)
      fmt::print("\nconfig {}:\n{}\n", numbers[i],
                 draw_config(options_.effort.stream, numbers[i]).json.dump());
  }

  const Options& options_;
  std::map<std::string, std::map<std::string, int>> states_;
  std::map<std::tuple<std::string, std::string, std::string>, Pooled> pool_;
  std::map<std::pair<std::string, std::string>, Seen> power_;
  std::map<std::string, int> reasons_;
  std::vector<Json> foretold_;
  std::vector<Finding> findings_;
  double cpu_s_ = 0.0, tests_ = 0.0, untested_ = 0.0, runs_ = 0.0, comparable_ = 0.0, alarms_ = 0.0,
         large_alarms_ = 0.0;
  int rechecked_ = 0, large_runs_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc == 3 && std::string_view(argv[1]) == "--run-alone") return run_alone(argv[2]);
  const Options options = options_of(argc, argv);
  if (options.show) {
    fmt::print("{}\n", draw_config(options.effort.stream, *options.show).json.dump(1));
    return 0;
  }
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { is_over = 1; });
  Summary summary(options);
  const auto begin = std::chrono::steady_clock::now();
  std::uint64_t done = 0;
  examine_all(options, [&](const Json& outcome) {
    summary.add(outcome);
    ++done;
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    if (done % 100 == 0)
      fmt::print(stderr, "{} configs, {:.2g} a second\n", done,
                 static_cast<double>(done) / seconds);
  });
  fmt::print("Calibration at random: stream {}, configs {} to {}, {} seeds each\n",
             options.effort.stream, options.first, options.first + options.configs - 1,
             options.effort.seeds);
  if (is_over != 0) fmt::print("Ended early: {} configs\n", done);
  return summary.print() ? 0 : 1;
}
