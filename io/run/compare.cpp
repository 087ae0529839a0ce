#include "powerstroke/io/run/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/io/phase/compare.hpp"
#include "powerstroke/io/run/equation_path.hpp"
#include "powerstroke/io/run/parts.hpp"
#include "powerstroke/io/run/problem.hpp"
#include "powerstroke/io/run/tally.hpp"

namespace powerstroke::io {
namespace {

struct Column {
  const char* name;
  std::vector<double> Series::*value;
  std::vector<double> Series::*error;
  std::vector<double> Solution::*solution;
};

constexpr Column columns[] = {
    {"mean energy", &Series::mean_energy, &Series::mean_energy_err, &Solution::mean_energy},
    {"phi", &Series::phi, &Series::phi_err, &Solution::phi},
    {"S_E", &Series::S_E, &Series::S_E_err, &Solution::S_E},
    {"S_1", &Series::S_1, &Series::S_1_err, &Solution::S_1},
    {"<ln E>", &Series::mean_ln_E, &Series::mean_ln_E_err, &Solution::mean_ln_E},
};

/// Whether a difference may be taken for a normal deviate of known variance: not with few particles, whose variance is
/// itself a guess. phi is a share of counts: next to 0 or 1 it is not normal, and the chi-square of the levels, which merges
/// rare classes, has the say.
bool nearly_normal(const Column& column, double value, std::uint64_t particles) {
  if (particles < few_particles) return false;
  return column.value != &Series::phi || static_cast<double>(particles) * value * (1.0 - value) >= analysis::least_expected;
}

std::uint64_t particles_of(const RunResult& result) { return result.config.ensemble.particles; }

bool same_bins(const RunResult& a, const RunResult& b) { return a.histograms.edges == b.histograms.edges; }

/// The scatter of the difference of two samples, one or both of which share rates: their excesses, each over its own N, in
/// units of 1/Na + 1/Nb.
class PairScatter {
 public:
  PairScatter(const RunResult& a, const RunResult& b) {
    const bool first = !given_rates(a.config), second = !given_rates(b.config);
    if (!first && !second) return;
    path_.emplace(first ? a.config : b.config, true);
    const double na = 1.0 / static_cast<double>(particles_of(a)), nb = 1.0 / static_cast<double>(particles_of(b));
    weight_ = ((first ? na : 0.0) + (second ? nb : 0.0)) / (na + nb);
  }
  /// @returns whether the scatter at t is known.
  bool advance(double t) {
    if (path_) path_->advance(t);
    return !path_ || path_->untestable().empty();
  }
  const analysis::SharedNoise* bins() { return path_ ? weigh(path_->scatter_of_bins()) : nullptr; }
  const analysis::SharedNoise* levels() { return path_ ? weigh(path_->scatter_of_levels()) : nullptr; }

 private:
  const analysis::SharedNoise* weigh(std::optional<analysis::SharedNoise> noise) {
    noise_ = std::move(noise);
    excess_.assign(noise_->excess.begin(), noise_->excess.end());
    for (double& x : excess_) x *= weight_;
    noise_->excess = excess_;
    return &*noise_;
  }

  std::optional<EquationPath> path_;
  std::optional<analysis::SharedNoise> noise_;
  std::vector<double> excess_;
  double weight_ = 1.0;
};

/// Two numbers of events, or one and its mean, per exposure N t: both are Poisson and large, or nothing is said.
void add_counts(Tally& tally, const char* name, double t, double a, double exposure_a, double b, double exposure_b,
                bool b_is_mean) {
  constexpr double large = 1000.0;
  if (a < large || b < large) return;
  const double error = std::sqrt(a / (exposure_a * exposure_a) + (b_is_mean ? 0.0 : b / (exposure_b * exposure_b)));
  tally.add_normal(name, t, a / exposure_a - b / exposure_b, error);
}

double attempts_of(const RunResult& run, std::size_t index) {
  return static_cast<double>(run.series.strokes_down[index]) + static_cast<double>(run.series.blocked[index]);
}

/// Releases and blocked attempts are all attempts that there are, at a constant rate: one transition, constant rates.
bool counts_attempts(const Config& config) {
  return config.strokes.are_counted() && laws::is_plain(config.strokes.law) &&
         (given_rates(config) || config.strokes.law.closure == laws::Closure::conserving);
}

/// Strokes of a particle, on the average of so many.
struct CountedStrokes {
  double uptakes, releases, particles;  ///< infinitely many of an equation
};

std::optional<CountedStrokes> counted_strokes(const RunResult& run, std::size_t index) {
  if (index >= run.series.strokes_up.size()) return {};
  const double n = static_cast<double>(particles_of(run));
  return CountedStrokes{static_cast<double>(run.series.strokes_up[index]) / n,
                        static_cast<double>(run.series.strokes_down[index]) / n, n};
}

/// What the equation of a config knows of its strokes at t.
std::optional<EquationPath::Strokes> strokes_at(const Config& config, double t) {
  EquationPath path(config, true);
  path.advance(t);
  return path.untestable().empty() ? path.strokes() : std::nullopt;
}

/// The mean numbers of strokes of two ensembles, with the variances of their own equations.
void add_strokes(Tally& tally, double t, const std::optional<CountedStrokes>& a,
                 const std::optional<EquationPath::Strokes>& of_a, const std::optional<CountedStrokes>& b,
                 const std::optional<EquationPath::Strokes>& of_b) {
  if (!a || !b || !of_a || !of_b) return;
  const auto add = [&](const char* what, double x, double variance_x, double y, double variance_y) {
    const double fewest = std::min(a->particles * std::min(x, variance_x), b->particles * std::min(y, variance_y));
    if (!(fewest >= least_strokes)) return;
    tally.add_normal(what, t, x - y, std::sqrt(variance_x / a->particles + variance_y / b->particles));
  };
  add("uptakes", a->uptakes, of_a->uptakes_variance, b->uptakes, of_b->uptakes_variance);
  add("releases", a->releases, of_a->releases_variance, b->releases, of_b->releases_variance);
}

double exposure_of(const RunResult& run, double t) { return static_cast<double>(particles_of(run)) * t; }

ResultComparison compare_runs(const RunResult& a, const RunResult& b) {
  Tally tally;
  PairScatter scatter(a, b);
  const auto pairs = common_times(a.series.t, b.series.t);
  if (!pairs.empty() && a.series.t[pairs.back().first] > 0.0) {
    const auto [i, j] = pairs.back();
    const double t = a.series.t[i], exposure_a = exposure_of(a, t), exposure_b = exposure_of(b, t);
    if (counts_attempts(a.config) && counts_attempts(b.config))
      add_counts(tally, "attempted releases", t, attempts_of(a, i), exposure_a, attempts_of(b, j), exposure_b, false);
    if (a.config.strokes.on_ladder() && b.config.strokes.on_ladder())
      add_strokes(tally, t, counted_strokes(a, i), strokes_at(a.config, t), counted_strokes(b, j), strokes_at(b.config, t));
  }
  const bool same_ladder = a.config.strokes.on_ladder() && a.config.strokes.spacing == b.config.strokes.spacing;
  for (const auto& [i, j] : pairs) {
    const double t = a.series.t[i];
    for (const Column& column : columns) {
      const double x = (a.series.*column.value)[i], y = (b.series.*column.value)[j];
      if (nearly_normal(column, x, particles_of(a)) && nearly_normal(column, y, particles_of(b)))
        tally.add_normal(column.name, t, x - y,
                         with_rounding(std::hypot((a.series.*column.error)[i], (b.series.*column.error)[j]), x));
    }
    if (!scatter.advance(t)) continue;
    if (same_bins(a, b))
      tally.add_chi_square("histogram", t,
                           analysis::chi_square_two_samples(a.histograms.counts[i], particles_of(a), b.histograms.counts[j],
                                                            particles_of(b), scatter.bins()));
    if (same_ladder) {
      std::vector<std::uint64_t> first = a.histograms.levels[i], second = b.histograms.levels[j];
      first.resize(std::max(first.size(), second.size()), 0);
      second.resize(first.size(), 0);
      tally.add_chi_square(
          "levels", t, analysis::chi_square_two_samples(first, particles_of(a), second, particles_of(b), scatter.levels()));
    }
  }
  return std::move(tally).verdict();
}

ResultComparison compare_run_with_solution(const RunResult& run, const RunResult& solved) {
  Tally tally;
  EquationPath path(run.config, true);
  const auto pairs = common_times(run.series.t, solved.solution.t);
  if (!pairs.empty() && run.series.t[pairs.back().first] > 0.0) {
    const std::size_t i = pairs.back().first;
    const double t = run.series.t[i], exposure = exposure_of(run, t);
    const laws::Transition& rates = solved.config.strokes.law.transitions.front();
    if (counts_attempts(run.config) && counts_attempts(solved.config))
      add_counts(tally, "attempted releases", t, attempts_of(run, i), exposure, rates.rate_down * exposure, exposure, true);
    EquationPath other(solved.config, false);
    other.advance(t);
    std::optional<CountedStrokes> expected;
    if (const auto own = strokes_at(run.config, t)) {
      const theory::MasterEquation& equation = other.equation();
      expected = CountedStrokes{0.0, 0.0, std::numeric_limits<double>::infinity()};
      for (std::size_t k = 0; k < equation.law().transitions.size(); ++k) {
        expected->uptakes += equation.uptakes(k);
        expected->releases += equation.releases(k);
      }
      add_strokes(tally, t, counted_strokes(run, i), own, expected, own);
    }
  }
  for (const auto& [i, j] : pairs) {
    const double t = run.series.t[i];
    for (const Column& column : columns) {
      const double expected = (solved.solution.*column.solution)[j];
      if (nearly_normal(column, expected, particles_of(run)))
        tally.add_normal(column.name, t, (run.series.*column.value)[i] - expected,
                         with_rounding((run.series.*column.error)[i], expected));
    }
    path.advance(t);
    if (!path.untestable().empty() || !same_bins(run, solved)) continue;
    const std::optional<analysis::SharedNoise> noise = path.scatter_of_bins();
    tally.add_chi_square("histogram", t,
                         analysis::chi_square(run.histograms.counts[i], solved.solution.bin_probability[j],
                                              particles_of(run), noise ? &*noise : nullptr));
  }
  return std::move(tally).verdict();
}

/// No scatter here: what differs by more than the stated errors differs. Ten of them: an
/// observable may carry a few times the error of a probability.
ResultComparison compare_solutions(const RunResult& a, const RunResult& b) {
  Tally tally;
  const double allowed = 10.0 * (a.solution.error_estimate + b.solution.error_estimate) + 1e-8;
  for (const auto& [i, j] : common_times(a.solution.t, b.solution.t))
    for (const Column& column : columns) {
      const double x = (a.solution.*column.solution)[i], y = (b.solution.*column.solution)[j];
      if (std::isnan(x) && std::isnan(y)) continue;
      const double difference = std::abs(x - y) / std::max(1.0, std::abs(x));
      tally.add(column.name, a.solution.t[i], x - y, 0.0, difference <= allowed ? 1.0 : 0.0);
    }
  return std::move(tally).verdict();
}

}  // namespace

ResultComparison compare(const RunResult& a, const RunResult& b) {
  if (!same_units(a.config.units, b.config.units)) {
    const auto words = [](const Units& units) {
      return units.reduced ? std::string("reduced units")
                           : fmt::format("{}, {} and {}", units.energy, units.time, units.mass);
    };
    ResultComparison comparison;
    comparison.why =
        fmt::format("the results are in different units, {} and {}", words(a.config.units), words(b.config.units));
    return comparison;
  }
  if (a.phase_space || b.phase_space) return compare_phase_space(a, b);
  for (const RunResult* result : {&a, &b}) {
    if (result->config.strokes.on_ladder() || given_rates(result->config)) continue;
    ResultComparison comparison;
    comparison.why = "particles share their rates, and without a ladder it is not known how far that makes them scatter";
    return comparison;
  }
  if (a.has_particles && b.has_particles) return compare_runs(a, b);
  if (a.has_particles) return compare_run_with_solution(a, b);
  if (b.has_particles) return compare_run_with_solution(b, a);
  return compare_solutions(a, b);
}

}  // namespace powerstroke::io
