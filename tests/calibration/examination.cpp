#include "calibration/examination.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <variant>
#include <vector>

#include "calibration/limits.hpp"
#include "calibration/reference.hpp"
#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/io/config/config.hpp"
#include "powerstroke/study/phase/setup.hpp"
#include "powerstroke/study/run/compare.hpp"
#include "powerstroke/study/run/probe.hpp"
#include "powerstroke/study/run/problem.hpp"
#include "powerstroke/study/run/run.hpp"

extern char** environ;  // NOLINT: of POSIX

namespace calibration {
namespace {

using namespace powerstroke;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

double cpu_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// Keys of the quantities of the particles and of the solution, in the order of SeriesName.
struct Column {
  const char* particles;
  const char* solution;
};
constexpr std::array<Column, series_count> columns{{
    {"mean_energy", "mean_energy"},
    {"phi", "phi"},
    {"mean_ln_E", "mean_ln_E"},
    {"S_E", "S_E"},
    {"S_1", "S_1"},
    {"S_E_spacing", "S_E"},
}};

/// Entropies have a bias inside their errors, which may be wider than the scatter but not smaller.
bool is_entropy(std::size_t series) { return series >= S_E; }

/// What of a run is kept.
struct Sample {
  std::array<std::vector<double>, series_count> value, error;
  std::vector<bool> tested;  ///< the verdict rests on this snapshot, too
  double uptakes = 0.0, releases = 0.0;
  std::vector<double> net;                                ///< by transition, at the end
  std::vector<std::vector<double>> excited;               ///< [transition][snapshot]
  std::vector<std::pair<std::string, double>> must_hold;  ///< p-values
  study::Verdict verdict = study::Verdict::not_comparable;
  std::optional<study::Verdict> of_compare;  ///< with the run's own solve
  std::string why;
};

struct Test {
  std::string statistic;
  double p = 1.0;
  double value = 0.0;  ///< what was seen
  std::string means;
};

class Examination {
 public:
  Examination(std::uint64_t number, const Effort& effort, DrawnConfig drawn, study::Config config)
      : number_(number), effort_(effort), drawn_(std::move(drawn)), config_(std::move(config)) {
    choose_snapshots();
  }

  Json examine() {
    Json outcome;
    const double begin = cpu_seconds();
    learn();
    Sample first = run(1, true);
    const double each = cpu_seconds() - begin;
    constexpr double most = 3.0;  // seconds a seed
    const double usual =
        effort_.file.empty()
            ? 1.0
            : HUGE_VAL;  // for all seeds; one's own config gets those that were asked for
    if (each > most) {
      outcome["state"] = "expensive";
      outcome["cpu_s"] = each;
      return outcome;
    }
    const int seeds = std::clamp(static_cast<int>(std::min(1000.0, usual / each)),
                                 std::min(8, effort_.seeds), effort_.seeds);
    tested_ = first.tested;
    std::vector<Sample> samples{std::move(first)};
    for (int seed = 2; seed <= seeds; ++seed)
      samples.push_back(run(static_cast<std::uint64_t>(seed), seed <= compared));
    check_nulls(samples);
    check_bound();
    const std::vector<Test> tests = all_tests(samples);
    std::set<std::string> again;
    for (const Test& test : tests)
      if (test.p < screening) again.insert(test.statistic);
    if (alarms(samples) > 0) again.insert("alarms");
    std::size_t rechecked = 0;
    if (!again.empty()) {
      const double long_time = effort_.file.empty() ? 12.0 : 120.0;
      const double one = std::max(1e-4, (cpu_seconds() - begin) / seeds);
      const int more = std::clamp(static_cast<int>(long_time / one), 48, 8 * effort_.seeds);
      rechecked = static_cast<std::size_t>(more);
      std::vector<Sample> fresh;
      for (int seed = 0; seed < more; ++seed)
        fresh.push_back(run(1000 + static_cast<std::uint64_t>(seed), again.contains("alarms")));
      confirm(all_tests(fresh), again, more);
      confirm_alarms(fresh, again);
    }
    pool(samples);
    outcome["state"] = "held";
    outcome["seeds"] = seeds;
    outcome["tests"] = tests.size();
    outcome["untested"] = untested_;
    outcome["rechecked"] = rechecked;
    outcome["pool"] = pool_;
    outcome["runs"] = samples.size();
    outcome["alarms"] = alarms(samples);
    outcome["comparable"] = std::count_if(samples.begin(), samples.end(), [](const Sample& sample) {
      return sample.verdict != study::Verdict::not_comparable;
    });
    if (effort_.power && drawn_.kind != "incommensurate" && !config_.phase_space &&
        number_ % 4 == 0)
      measure_power(outcome);
    if (effort_.power && number_ % 10 == 5) foretell(outcome);
    outcome["findings"] = findings_;
    outcome["cpu_s"] = cpu_seconds() - begin;
    return outcome;
  }

 private:
  bool shares_rates() const { return !study::given_rates(config_); }
  /// In phase space, and without a ladder, nobody knows how far particles scatter that act on each
  /// other.
  bool scatter_is_unknown() const {
    if (config_.phase_space)
      return study::independence(config_, "strokes") == study::Independence::unknown;
    return shares_rates() && !config_.strokes->on_ladder();
  }
  double particles() const { return static_cast<double>(config_.ensemble.particles); }

  void choose_snapshots() {
    const std::size_t count = config_.snapshots.size();
    std::set<std::size_t> chosen{0, count / 3, 2 * count / 3, count - 1};
    snapshots_.assign(chosen.begin(), chosen.end());
  }

  void learn() {
    if (drawn_.known == Known::equation) expected_ = solve_finely(config_);
    if (drawn_.known == Known::equilibrium) expected_ = in_equilibrium(config_, drawn_.temperature);
  }

  /// @param comparing also with the run's own solve.
  Sample run(std::uint64_t seed, bool comparing) {
    study::Config config = config_;
    constexpr std::uint64_t apart =
        100'000;  // equal seeds would draw alike in all configs, and their pool be one sample
    config.seed = number_ * apart + seed;
    Ledger booked;
    study::RunResult result;
    if (config.phase_space) {
      result = study::run(config);
    } else {
      study::Sides sides = study::sides(config);
      sides.strokes = [honest = std::move(sides.strokes), &booked](
                          study::Ensemble& ensemble, double t, double dt, StepClock& clock,
                          Ledger& ledger) mutable {
        Ledger moved;
        honest(ensemble, t, dt, clock, moved);
        booked += moved;
        ledger += moved;
      };
      result = study::run(config, sides);
    }
    Sample sample;
    for (std::size_t s = 0; s < series_count; ++s) {
      sample.value[s] = result.quantity(columns[s].particles).values;
      sample.error[s] = result.quantity(columns[s].particles).errors;
    }
    const std::size_t count = config.snapshots.size();
    sample.tested.assign(count, true);
    for (std::size_t k = 0; k < result.comparison.levels.size(); ++k)
      sample.tested[k] =
          result.comparison.levels[k].dof > 0.0 || result.comparison.master_equation[k].dof > 0.0;
    if (!result.series.strokes_up.empty()) {
      sample.uptakes = static_cast<double>(result.series.strokes_up.back());
      sample.releases = static_cast<double>(result.series.strokes_down.back());
    }
    for (std::size_t k = 0; config.strokes && k < config.strokes->law.transitions.size(); ++k)
      sample.net.push_back(static_cast<double>(booked.net[k]));
    sample.excited = result.series.excited;
    if (result.phase_space)
      for (const study::Test& test : result.phase_space->tests)
        if (test.required)
          sample.must_hold.emplace_back(test.side + ": " + test.what, test.p_value);
    sample.verdict = result.comparison.verdict;
    sample.why = clause(result.comparison.why);
    if (drawn_.known == Known::equation && !config.phase_space) {
      if (!solved_) solved_ = study::solve(config);
      if (comparing) {
        const study::ResultComparison comparison = study::compare(result, *solved_);
        sample.of_compare = comparison.verdict;
        if (comparison.verdict == study::Verdict::inconsistent)
          sample.why = "compare: " + comparison.why;
      }
    }
    return sample;
  }

  static std::int64_t alarms(const std::vector<Sample>& samples) {
    return std::count_if(samples.begin(), samples.end(), [](const Sample& sample) {
      return sample.verdict == study::Verdict::inconsistent ||
             sample.of_compare == study::Verdict::inconsistent;
    });
  }

  void find(const std::string& statistic, const std::string& what) {
    findings_.push_back({{"statistic", statistic}, {"what", what}});
  }

  std::string at(std::size_t snapshot) const {
    return fmt::format("t = {:g}", config_.snapshots[snapshot]);
  }

  /// What needs no distribution: values without errors, errors without values, errors of 0 that are
  /// wrong.
  void check_nulls(const std::vector<Sample>& samples) {
    std::set<std::string> found;
    const auto once = [&](const std::string& kind, const std::string& what) {
      if (found.insert(kind).second) find(kind, what);
    };
    for (std::size_t r = 0; r < samples.size(); ++r)
      for (std::size_t s = 0; s < series_count; ++s) {
        const std::vector<double>&value = samples[r].value[s], &error = samples[r].error[s];
        for (std::size_t k = 0; k < value.size() && k < error.size(); ++k) {
          const bool has_value = std::isfinite(value[k]), has_error = std::isfinite(error[k]);
          const std::string where = fmt::format("{}, {}, seed {}: {:.6g} ± {:.6g}", series_names[s],
                                                at(k), r + 1, value[k], error[k]);
          if (!has_value && has_error)
            once(fmt::format("{}: an error without a value", series_names[s]), where);
          if (has_value && has_error && error[k] < 0.0)
            once(fmt::format("{}: a negative error", series_names[s]), where);
          const bool unknowable =
              config_.snapshots[k] > 0.0 &&
              (scatter_is_unknown() || (shares_rates() && !samples[r].tested[k]));
          const bool is_known_not_to_exist =
              !expected_.empty() && !std::isfinite(expected_[k].of[s].mean);
          if (has_value && !has_error && !unknowable && !is_known_not_to_exist)
            once(fmt::format("{}: a value without an error", series_names[s]), where);
          if (expected_.empty()) continue;
          const double truth = expected_[k].of[s].mean;
          const bool exists = std::isfinite(truth);
          if (s != S_E_spacing && !config_.phase_space && solved_ &&
              exists != std::isfinite(solved_->quantity(columns[s].solution).solution[k]))
            once(fmt::format("{}: the solution is null, or is not", series_names[s]),
                 fmt::format("{}, {}: {:.6g}, on a finer grid {:.6g}", series_names[s], at(k),
                             solved_->quantity(columns[s].solution).solution[k], truth));
          if (has_value && has_error && !exists && drawn_.known == Known::equation)
            once(fmt::format("{}: a value where none exists", series_names[s]), where);
          if (s <= phi && !has_value && exists)
            once(fmt::format("{}: no value", series_names[s]), where);
          const double tolerance =
              1e-9 * std::max(1.0, std::abs(truth)) + drawn_.step_bias * std::abs(truth);
          if (has_value && exists && error[k] == 0.0 && std::abs(value[k] - truth) > tolerance)
            once(fmt::format("{}: an error of 0 beside a difference", series_names[s]),
                 fmt::format("{}, and {:.6g} is right", where, truth));
        }
      }
  }

  /// Against the finer grid. Ten bounds, as `compare` of two solutions allows: an observable may
  /// carry a few times the error of a probability.
  void check_bound() {
    if (!solved_ || expected_.empty()) return;
    const double bound = solved_->solution.error_estimate;
    const double allowed = 10.0 * bound + 1e-9;
    for (std::size_t s = 0; s <= S_1; ++s) {
      double worst = 0.0;
      std::size_t where = 0;
      for (std::size_t k = 0; k < expected_.size(); ++k) {
        const double x = solved_->quantity(columns[s].solution).solution[k],
                     y = expected_[k].of[s].mean;
        const double difference = std::abs(x - y) / std::max(1.0, std::abs(y));
        if (difference > worst) {
          worst = difference;
          where = k;
        }
      }
      if (worst > allowed)
        find(fmt::format("bound of {}", series_names[s]),
             fmt::format("{}: {:.12g}, on a finer grid {:.12g}: {:.2g} apart, and the stated bound "
                         "is {:.2g}",
                         at(where), solved_->quantity(columns[s].solution).solution[where],
                         expected_[where].of[s].mean, worst, bound));
    }
  }

  std::vector<Test> all_tests(const std::vector<Sample>& samples) {
    std::vector<Test> tests;
    untested_ = 0;
    for (const std::size_t k : snapshots_)
      for (std::size_t s = 0; s < series_count; ++s) {
        if (drawn_.known == Known::nothing) add_scatter(samples, s, k, tests);
        if (expected_.empty()) continue;
        add_deviates(samples, s, k, tests);
        if (!shares_rates() && !is_entropy(s)) add_exact(samples, s, k, tests);
      }
    add_counts(samples, tests);
    add_must_hold(samples, tests);
    return tests;
  }

  /// Whether a mean of so many particles over its standard error is all but normal: not with few,
  /// nor where a few of them carry it (the skewness of one particle's share says so).
  bool is_nearly_normal(std::size_t s, std::size_t k) const {
    const double skewness = expected_[k].of[s].skewness, n = particles();
    if (!(std::isfinite(expected_[k].of[s].mean) && n >= 300.0 &&
          n >= 100.0 * (1.0 + skewness * skewness)))
      return false;
    // All alike, or nearly: what scatters is rounding.
    if (expected_[k].of[s].variance < 1e-18 * std::max(1.0, std::pow(expected_[k].of[s].mean, 2)))
      return false;
    // Strokes that are shared: some must have happened, and their walk must be small, which the
    // program judges, too.
    const double strokes = expected_[k].strokes;
    return !shares_rates() || strokes == 0.0 ||
           (n * strokes >= 300.0 && strokes <= 0.1 * n && tested_[k]);
  }

  std::vector<double> deviates(const std::vector<Sample>& samples, std::size_t s,
                               std::size_t k) const {
    std::vector<double> z;
    for (const Sample& sample : samples) {
      if (k >= sample.value[s].size()) return {};
      const double one = (sample.value[s][k] - expected_[k].of[s].mean) / sample.error[s][k];
      if (sample.error[s][k] > 0.0 && std::isfinite(one)) z.push_back(one);
    }
    return z;
  }

  /// z of each seed: a standard normal deviate but for what skewness does to a mean over its own
  /// error (Student's ratio of a skew law has the mean -skewness/(2 sqrt N) and the variance 1 + (2
  /// + 7 skewness^2/4)/N to this order), the 1/N of a mean field and the step of an integrator.
  void add_deviates(const std::vector<Sample>& samples, std::size_t s, std::size_t k,
                    std::vector<Test>& tests) {
    const std::vector<double> z = deviates(samples, s, k);
    if (z.size() < std::max<std::size_t>(4, samples.size() / 2)) return;
    if (!is_nearly_normal(s, k)) {
      ++untested_;
      return;
    }
    const auto count = static_cast<double>(z.size());
    double sum = 0.0, squares = 0.0;
    for (const double one : z) {
      sum += one;
      squares += one * one;
    }
    const Observable& of = expected_[k].of[s];
    const double n = particles();
    constexpr double next_order = 1.5;
    const double variance = 1.0 + next_order * (2.0 + 1.75 * of.skewness * of.skewness) / n;
    double shift = next_order * 0.5 * std::abs(of.skewness) / std::sqrt(n);
    if (shares_rates()) shift += std::sqrt(expected_[k].strokes / n);
    if (drawn_.step_bias > 0.0)
      shift +=
          drawn_.step_bias * std::sqrt(n) *
          (is_entropy(s) || s == phi ? 1.0
                                     : std::max(1.0, std::abs(of.mean) / std::sqrt(of.variance)));
    const double widened = variance * (1.0 + shift * shift);
    const std::string name = fmt::format("{} at {}", series_names[s], at(k));
    tests.push_back({name + ": z too wide", chi_square_above(squares / widened, count),
                     squares / count,
                     fmt::format("mean square of z over {:g} seeds; 1 is right", count)});
    if (is_entropy(s)) return;
    tests.push_back({name + ": z too narrow", chi_square_below(squares * variance, count),
                     squares / count,
                     fmt::format("mean square of z over {:g} seeds; 1 is right", count)});
    const double beyond =
        std::max(0.0, std::abs(sum) - shift * count) / std::sqrt(count * variance);
    tests.push_back({name + ": mean of z", normal_p(beyond), sum / count,
                     fmt::format("mean of z over {:g} seeds; 0 is right", count)});
  }

  /// Independent particles: the error of a mean is known exactly, whatever their number. Holds
  /// values and squared errors to it.
  void add_exact(const std::vector<Sample>& samples, std::size_t s, std::size_t k,
                 std::vector<Test>& tests) {
    const Observable& of = expected_[k].of[s];
    const double n = particles(), all = n * static_cast<double>(samples.size());
    if (!(of.variance > 1e-18 * std::max(1.0, of.mean * of.mean)) || !std::isfinite(of.mean) ||
        drawn_.step_bias > 0.0)
      return;
    double sum = 0.0, squares = 0.0;
    for (const Sample& sample : samples) {
      if (k >= sample.value[s].size() || !std::isfinite(sample.value[s][k]) ||
          !std::isfinite(sample.error[s][k]))
        return;
      sum += sample.value[s][k] - of.mean;
      squares += sample.error[s][k] * sample.error[s][k];
    }
    const auto count = static_cast<double>(samples.size());
    const std::string name = fmt::format("{} at {}", series_names[s], at(k));
    if (all >= 1000.0 * (1.0 + of.skewness * of.skewness)) {
      const double z = sum / count / std::sqrt(of.variance / all);
      tests.push_back(
          {name + ": mean", normal_p(z), z,
           fmt::format("deviation of the mean of {:g} seeds, in exact standard errors", count)});
    }
    if (s == phi || all < 1000.0 * of.kurtosis) return;
    const double ratio = squares / count * n / of.variance;
    const double beyond = std::max(0.0, std::abs(ratio - 1.0) - 2.0 / n);
    tests.push_back(
        {name + ": squared error",
         normal_p(beyond / std::sqrt(std::max(of.kurtosis - 1.0, 1e-6) / all)), ratio,
         fmt::format("mean squared error over the exact one, {:g} seeds; 1 is right", count)});
  }

  /// Nothing is known of the values: their scatter over seeds against their errors.
  void add_scatter(const std::vector<Sample>& samples, std::size_t s, std::size_t k,
                   std::vector<Test>& tests) {
    double mean = 0.0, squares = 0.0, errors = 0.0;
    for (const Sample& sample : samples) {
      if (k >= sample.value[s].size() || !std::isfinite(sample.value[s][k]) ||
          !std::isfinite(sample.error[s][k]))
        return;
      mean += sample.value[s][k] / static_cast<double>(samples.size());
      errors += sample.error[s][k] * sample.error[s][k] / static_cast<double>(samples.size());
    }
    for (const Sample& sample : samples)
      squares += (sample.value[s][k] - mean) * (sample.value[s][k] - mean);
    // A share of counts that are few is not normal.
    constexpr double many = 100.0;
    const bool is_rare = s == phi && particles() * mean * (1.0 - mean) < many;
    if (particles() < 300.0 || is_rare ||
        squares < 1e-18 * std::max(1.0, mean * mean) * static_cast<double>(samples.size())) {
      ++untested_;
      return;
    }
    const auto dof = static_cast<double>(samples.size() - 1);
    const double widened = 1.0 + 60.0 / particles();
    const std::string name = fmt::format("{} at {}", series_names[s], at(k));
    const std::string means =
        fmt::format("variance over {} seeds by the mean squared error; 1 is right", samples.size());
    tests.push_back({name + ": scatter too wide", chi_square_above(squares / errors / widened, dof),
                     squares / errors / dof, means});
    if (!is_entropy(s))
      tests.push_back({name + ": scatter too narrow",
                       chi_square_below(squares / errors * widened, dof), squares / errors / dof,
                       means});
  }

  /// A number of each seed against its expectation, by the scatter over the seeds themselves.
  static void add_students(const std::string& name, const std::vector<double>& values,
                           double expected, double allowed, std::vector<Test>& tests) {
    const auto count = static_cast<double>(values.size());
    double mean = 0.0, squares = 0.0;
    for (const double value : values) mean += value / count;
    for (const double value : values) squares += (value - mean) * (value - mean);
    const double error = std::sqrt(squares / (count - 1.0) / count);
    const double beyond =
        std::max(0.0, std::abs(mean - expected) - allowed - 1e-9 * std::abs(expected));
    const double t = error > 0.0 ? beyond / error : beyond > 0.0 ? HUGE_VAL : 0.0;
    tests.push_back({name, std::isinf(t) ? 0.0 : students_p(t, count - 1.0), mean,
                     fmt::format("mean of {:g} seeds; {:.8g} is right, standard error {:.2g}",
                                 count, expected, error)});
  }

  void add_counts(const std::vector<Sample>& samples, std::vector<Test>& tests) {
    if (drawn_.known != Known::equation || config_.phase_space || !config_.strokes_are_counted())
      return;
    const Expected& end = expected_.back();
    const double n = particles();
    constexpr double enough = 100.0;
    if (n * end.strokes < enough || (shares_rates() && end.strokes > 0.005 * n)) return;
    // The equation is that of very many particles: counts are off by as many strokes as one
    // particle makes, or a few times that.
    const double allowed = shares_rates() ? 2.0 * (1.0 + end.strokes) : 0.0;
    const auto add = [&](const std::string& name, double expected, auto&& value) {
      if (std::abs(expected) < enough && !(expected == 0.0)) return;
      std::vector<double> values;
      for (const Sample& sample : samples) values.push_back(value(sample));
      add_students(name, values, expected, allowed, tests);
    };
    double uptakes = 0.0, releases = 0.0;
    for (std::size_t k = 0; k < end.uptakes.size(); ++k) {
      uptakes += end.uptakes[k];
      releases += end.releases[k];
      add(fmt::format("net strokes of transition {}", k), n * (end.uptakes[k] - end.releases[k]),
          [&](const Sample& sample) { return sample.net[k]; });
    }
    add("uptakes", n * uptakes, [](const Sample& sample) { return sample.uptakes; });
    add("releases", n * releases, [](const Sample& sample) { return sample.releases; });
    for (std::size_t k = 0; k < end.excited.size(); ++k)
      for (const std::size_t snapshot : snapshots_) {
        if (n * expected_[snapshot].strokes < enough) continue;
        std::vector<double> values;
        for (const Sample& sample : samples) values.push_back(sample.excited[k][snapshot]);
        add_students(fmt::format("excited of transition {} at {}", k, at(snapshot)), values,
                     expected_[snapshot].excited[k],
                     allowed / static_cast<double>(config_.strokes->bath.systems), tests);
      }
  }

  /// p-values of what must hold are uniform: R. A. Fisher's -2 sum ln p is a chi-square of twice as
  /// many degrees of freedom.
  static void add_must_hold(const std::vector<Sample>& samples, std::vector<Test>& tests) {
    std::map<std::string, std::vector<double>> by_name;
    for (const Sample& sample : samples)
      for (const auto& [name, p] : sample.must_hold) by_name[name].push_back(p);
    for (const auto& [name, values] : by_name) {
      double sum = 0.0;
      for (const double p : values) sum -= 2.0 * std::log(std::max(p, 1e-300));
      const auto count = static_cast<double>(values.size());
      tests.push_back({name, chi_square_above(sum, 2.0 * count), sum / (2.0 * count),
                       fmt::format("mean of -ln p over {:g} seeds; 1 is right", count)});
    }
  }

  void confirm(const std::vector<Test>& tests, const std::set<std::string>& again, int seeds) {
    for (const Test& test : tests)
      if (again.contains(test.statistic) && test.p < confirmation)
        find(test.statistic, fmt::format("{:.4g}: {}; p = {:.2g} over {} fresh seeds, limit {:.1e}",
                                         test.value, test.means, test.p, seeds, confirmation));
  }

  /// A run's own verdict, and that of `compare` with its own solve, which are two chances.
  void confirm_alarms(const std::vector<Sample>& samples, const std::set<std::string>& again) {
    if (!again.contains("alarms")) return;
    const std::int64_t events = alarms(samples);
    const auto trials = static_cast<double>(samples.size());
    // Screening lets 16 chances of a seed through, not one in 5000.
    const double limit = confirmation * screening / (16.0 * 2.0 * study::verdict_false_alarm_rate);
    if (events == 0 || binomial_p(trials, 2.0 * study::verdict_false_alarm_rate,
                                  static_cast<double>(events)) >= limit)
      return;
    std::string why;
    for (const Sample& sample : samples)
      if (why.empty() && (sample.verdict == study::Verdict::inconsistent ||
                          sample.of_compare == study::Verdict::inconsistent))
        why = sample.why;
    find("false alarms", fmt::format("{} of {} fresh seeds; {}", events, trials, why));
  }

  /// z at the start and at the end, summed for the tables.
  void pool(const std::vector<Sample>& samples) {
    if (expected_.empty()) return;
    for (const std::size_t k : {std::size_t{0}, config_.snapshots.size() - 1})
      for (std::size_t s = 0; s < series_count; ++s) {
        if (!is_nearly_normal(s, k)) continue;
        const std::vector<double> z = deviates(samples, s, k);
        if (z.empty() || (k == 0 && config_.snapshots[0] > 0.0)) continue;
        double sum = 0.0, squares = 0.0;
        int covered = 0;
        for (const double one : z) {
          sum += one;
          squares += one * one;
          covered += std::abs(one) < 1.96 ? 1 : 0;
        }
        pool_.push_back({{"series", series_names[s]},
                         {"when", k == 0 ? "start" : "end"},
                         {"n", z.size()},
                         {"missing", samples.size() - z.size()},
                         {"sum", sum},
                         {"squares", squares},
                         {"covered", covered}});
      }
  }

  study::Config parsed(const Json& json) const {
    return io::parse_config(json.dump(1), "calibration.json");
  }

  /// Expected strokes of a particle by the end, by transition, uptakes first.
  static std::vector<double> strokes_of(const study::Config& config) {
    theory::MasterEquation equation(study::start_populations(config), config.strokes->law, 1e-7);
    equation.advance(config.snapshots.back());
    std::vector<double> strokes;
    for (std::size_t k = 0; k < config.strokes->law.transitions.size(); ++k) {
      strokes.push_back(equation.uptakes(k));
      strokes.push_back(equation.releases(k));
    }
    return strokes;
  }

  static bool is_alarm(const study::RunResult& run, const study::ResultComparison& own) {
    return run.comparison.verdict == study::Verdict::inconsistent ||
           own.verdict == study::Verdict::inconsistent;
  }

  /// A run of many particles against its own solve, and against solves that are 2 % off in one
  /// parameter.
  void measure_power(Json& outcome) {
    Json json = drawn_.json;
    const double strokes_each = std::max(1.0, expected_.back().strokes);
    const double n = std::clamp(3e6 / strokes_each, 2000.0, 2e5);
    if (json["strokes"].contains("bath")) {
      const double ratio = n / particles();
      auto& systems = json["strokes"]["bath"]["systems"];
      systems = static_cast<std::uint64_t>(std::llround(systems.get<double>() * ratio));
    }
    json["ensemble"]["particles"] = static_cast<std::uint64_t>(n);
    json["histogram"] = {{"max", config_.histogram.max}, {"bins", config_.histogram.bins}};
    json["seed"] = number_ * 100'000 + 50'000;
    study::Config right = parsed(json);
    const study::RunResult result = study::run(right);
    const study::ResultComparison own = study::compare(result, study::solve(right));
    if (is_alarm(result, own)) {  // once in 2500 runs by chance: thrice in five more is none
      constexpr std::uint64_t more = 5, too_many = 3;
      std::uint64_t events = 0;
      for (std::uint64_t seed = 0; seed < more; ++seed) {
        ++right.seed;
        const study::RunResult another = study::run(right);
        events += is_alarm(another, study::compare(another, study::solve(right))) ? 1U : 0U;
      }
      outcome["large_alarms"] = 1;
      if (events >= too_many)
        find("false alarms of large runs",
             fmt::format("{} of {} fresh seeds with N = {:g}; {}", events, more, std::floor(n),
                         own.verdict == study::Verdict::inconsistent
                             ? own.why
                             : clause(result.comparison.why)));
    }
    const std::vector<double> strokes = strokes_of(right);
    const std::vector<Parameter> parameters = parameters_of(json);
    Json power = Json::array();
    std::uint64_t which = number_ / 4 * 7919;
    for (int draws = 0; draws < 2; ++draws, which += 104729) {
      const Parameter& parameter = parameters[which % parameters.size()];
      study::Config wrong;
      try {
        wrong = parsed(put_off(json, parameter, which % 2 == 0 ? 1.02 : 0.98));
        const study::RunResult solved = study::solve(wrong);
        const std::vector<double> others = strokes_of(wrong);
        double visible = 0.0;
        if (right.strokes_are_counted())
          for (std::size_t i = 0; i < strokes.size(); ++i)
            if (n * strokes[i] > enough_strokes)
              visible = std::max(visible, n * std::abs(strokes[i] - others[i]) /
                                              std::sqrt(n * std::max(strokes[i], others[i])));
        const study::ResultComparison seen = study::compare(result, solved);
        power.push_back({{"parameter", parameter.name},
                         {"seen", seen.verdict == study::Verdict::inconsistent},
                         {"comparable", seen.verdict != study::Verdict::not_comparable},
                         {"deviation", visible},
                         {"at", parameter.at.front()}});
      } catch (const std::runtime_error&) {  // a wrong value may be one that is not allowed
      }
    }
    outcome["power"] = power;
  }

  void foretell(Json& outcome) {
    const study::Meaning meaning = study::explain(config_);
    // Without the report, which the run alone does not write.
    Json told{{"time_s", meaning.time_s - study::report_seconds(config_)},
              {"memory", meaning.memory_bytes}};
    const std::filesystem::path path =
        std::filesystem::temp_directory_path() / fmt::format("calibrate-{}.json", ::getpid());
    std::ofstream(path) << drawn_.json.dump(1);
    std::string name = effort_.self, verb = "--run-alone", file = path.string();
    char* arguments[] = {name.data(), verb.data(), file.data(), nullptr};
    pid_t child = 0;
    if (::posix_spawn(&child, name.c_str(), nullptr, nullptr, arguments, environ) == 0) {
      int status = 0;
      rusage usage{};
      ::wait4(child, &status, 0, &usage);
      if (status == 0) {
        const auto seconds = [](const timeval& time) {
          return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
        };
        told["measured_s"] = seconds(usage.ru_utime) + seconds(usage.ru_stime);
        // Not ru_maxrss, which begins at what this process has.
        double peak = 0.0;
        std::ifstream(path.string() + ".peak") >> peak;
        told["measured_memory"] = peak;
        outcome["foretold"] = told;
      }
    }
    std::filesystem::remove(path.string() + ".peak");
    std::filesystem::remove(path);
  }

  static constexpr int compared = 3;  ///< seeds whose runs are held against their own solve
  static constexpr double enough_strokes = 1000.0;

  std::uint64_t number_;
  const Effort& effort_;
  DrawnConfig drawn_;
  study::Config config_;
  std::vector<std::size_t> snapshots_;
  std::vector<Expected> expected_;
  std::optional<study::RunResult> solved_;
  std::vector<bool> tested_;  ///< snapshots that the verdict rests on, too
  std::size_t untested_ = 0;
  Json findings_ = Json::array(), pool_ = Json::array();
};

DrawnConfig config_of_file(const std::string& path) {
  const study::Config config = io::read_config(path);
  DrawnConfig drawn;
  drawn.json = Json::parse(config.json);
  drawn.kind =
      config.strokes->on_ladder() ? laws::name(config.strokes->law.balance) : "incommensurate";
  drawn.known = config.strokes->on_ladder() ? Known::equation : Known::nothing;
  return drawn;
}

}  // namespace

Json examine(std::uint64_t number, const Effort& effort) {
  const DrawnConfig drawn =
      effort.file.empty() ? draw_config(effort.stream, number) : config_of_file(effort.file);
  Json outcome{{"number", number}, {"kind", drawn.kind}};
  const auto failed = [&](const char* state, const std::string& why) {
    outcome["state"] = state;
    outcome["why"] = why;
  };
  try {
    outcome.update(
        Examination(number, effort, drawn, io::parse_config(drawn.json.dump(1), "calibration.json"))
            .examine());
  } catch (const ConfigError& error) {
    failed("refused", error.what());
  } catch (const NumericsError& error) {
    failed("given up", error.what());
  }
  return outcome;
}

int run_alone(const std::string& path) {
  const study::RunResult result = study::run(io::read_config(path));
  std::ofstream(path + ".peak") << result.performance.peak_memory_bytes;
  return 0;
}

}  // namespace calibration
