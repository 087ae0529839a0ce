#include "powerstroke/study/run/compare.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/study/phase/compare.hpp"
#include "powerstroke/study/run/equation_path.hpp"
#include "powerstroke/study/run/parts.hpp"
#include "powerstroke/study/run/problem.hpp"
#include "powerstroke/study/run/tally.hpp"

namespace powerstroke::study {
namespace {

/// Whether a difference may be taken for a normal deviate of known variance: not with few
/// particles, whose variance is itself a guess. A share of counts next to 0 or 1 is not normal, and
/// the chi-square of the levels, which merges rare classes, has the say.
bool nearly_normal(const QuantityInfo& info, double value, std::uint64_t particles) {
  if (particles < few_particles) return false;
  return !info.is_share ||
         static_cast<double>(particles) * value * (1.0 - value) >= analysis::least_expected;
}

/// Calls `visit(info, of a, of b)` for the quantities that are compared.
template <class Visit>
void for_each_compared(const RunResult& a, const RunResult& b, const Visit& visit) {
  for (const QuantityInfo& info : followed_quantities())
    if (info.is_compared) visit(info, a.quantity(info.key), b.quantity(info.key));
}

std::uint64_t particles_of(const RunResult& result) { return result.config.ensemble.particles; }

bool same_bins(const RunResult& a, const RunResult& b) {
  return a.histograms.edges == b.histograms.edges;
}

/// The scatter of the difference of two samples, one or both of which share rates: their excesses,
/// each over its own N, in units of 1/Na + 1/Nb.
class PairScatter {
 public:
  PairScatter(const RunResult& a, const RunResult& b) {
    const bool first = !given_rates(a.config), second = !given_rates(b.config);
    if (!first && !second) return;
    path_.emplace(first ? a.config : b.config, true);
    const double na = 1.0 / static_cast<double>(particles_of(a)),
                 nb = 1.0 / static_cast<double>(particles_of(b));
    weight_ = ((first ? na : 0.0) + (second ? nb : 0.0)) / (na + nb);
  }
  /// @returns whether the scatter at t is known.
  bool advance(double t) {
    if (path_) path_->advance(t);
    return !path_ || path_->untestable().empty();
  }
  const analysis::SharedNoise* bins() { return path_ ? weigh(path_->scatter_of_bins()) : nullptr; }
  const analysis::SharedNoise* levels() {
    return path_ ? weigh(path_->scatter_of_levels()) : nullptr;
  }

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

/// Two numbers of events, or one and its mean, per exposure N t: both are Poisson and large, or
/// nothing is said.
void add_counts(Tally& tally, const char* name, double t, double a, double exposure_a, double b,
                double exposure_b, bool b_is_mean) {
  constexpr double large = 1000.0;
  if (a < large || b < large) return;
  const double error =
      std::sqrt(a / (exposure_a * exposure_a) + (b_is_mean ? 0.0 : b / (exposure_b * exposure_b)));
  tally.add_normal(name, t, a / exposure_a - b / exposure_b, error);
}

/// Attempts come at constant rates whatever happens, and none is turned down: to release, and under
/// `bath` to meet a two-level system, which takes or gives.
double attempts_of(const RunResult& run, std::size_t index) {
  const bool meets = laws::is<laws::Bath>(run.config.strokes->law.balance);
  return static_cast<double>(run.series.strokes_down[index] + run.series.blocked[index] +
                             (meets ? run.series.strokes_up[index] : 0));
}
double attempt_rate(const Config& config) {
  double rate = 0.0;
  for (const laws::Transition& transition : config.strokes->law.transitions)
    rate += transition.rate_down;
  return rate;
}
/// Where none that could be made is declined: at constant rates, and in d = 1 and 2 with
/// microreversible ones the releases alone.
bool counts_attempts(const Config& config) {
  const laws::StrokeLaw& law = config.strokes->law;
  if (!config.strokes_are_counted()) return false;
  if (std::holds_alternative<laws::Constant>(law.rates)) return true;
  const auto* const states = std::get_if<laws::Microreversible>(&law.rates);
  const bool releases_alone = !are_pairs(config);
  return states != nullptr &&
         (states->dimension == 2 || (states->dimension == 1 && releases_alone));
}
bool count_alike(const Config& a, const Config& b) {
  const auto is_bath = [](const Config& config) {
    return laws::is<laws::Bath>(config.strokes->law.balance);
  };
  return counts_attempts(a) && counts_attempts(b) && is_bath(a) == is_bath(b);
}

/// Strokes of a particle by each transition, on the average of so many.
struct CountedStrokes {
  std::vector<double> uptakes, releases;
  double particles;  ///< infinitely many of an equation
};

CountedStrokes counted_strokes(const RunResult& run, std::size_t index) {
  CountedStrokes counted{{}, {}, static_cast<double>(particles_of(run))};
  const auto take = [&](const std::vector<std::vector<std::uint64_t>>& by,
                        const std::vector<std::uint64_t>& all, std::vector<double>& mean) {
    for (const std::vector<std::uint64_t>& each : by)
      mean.push_back(static_cast<double>(each[index]) / counted.particles);
    // Results of earlier versions do not tell transitions apart.
    if (by.empty() && run.config.strokes->law.transitions.size() == 1 && index < all.size())
      mean.push_back(static_cast<double>(all[index]) / counted.particles);
  };
  take(run.series.uptakes, run.series.strokes_up, counted.uptakes);
  take(run.series.releases, run.series.strokes_down, counted.releases);
  return counted;
}

CountedStrokes expected_strokes(const Config& config, double t) {
  EquationPath path(config, false);
  path.advance(t);
  CountedStrokes expected{{}, {}, std::numeric_limits<double>::infinity()};
  for (std::size_t k = 0; k < config.strokes->law.transitions.size(); ++k) {
    expected.uptakes.push_back(path.equation().uptakes(k));
    expected.releases.push_back(path.equation().releases(k));
  }
  return expected;
}

/// What the equation of a config knows of its strokes at t.
std::vector<EquationPath::Strokes> strokes_at(const Config& config, double t) {
  EquationPath path(config, true);
  path.advance(t);
  return path.untestable().empty() ? path.strokes() : std::vector<EquationPath::Strokes>();
}

bool same_transitions(const Config& a, const Config& b) {
  return std::ranges::equal(a.strokes->law.transitions, b.strokes->law.transitions, {},
                            &laws::Transition::delta_e, &laws::Transition::delta_e);
}

/// The mean numbers of strokes of two ensembles, with the variances of their own equations.
void add_strokes(Tally& tally, double t, const CountedStrokes& a,
                 const std::vector<EquationPath::Strokes>& of_a, const CountedStrokes& b,
                 const std::vector<EquationPath::Strokes>& of_b) {
  const auto add = [&](const std::string& what, double x, double variance_x, double y,
                       double variance_y) {
    const double fewest =
        std::min(a.particles * std::min(x, variance_x), b.particles * std::min(y, variance_y));
    if (!(fewest >= least_strokes)) return;
    tally.add_normal(what, t, x - y,
                     std::sqrt(variance_x / a.particles + variance_y / b.particles));
  };
  const std::size_t known =
      std::min({a.uptakes.size(), b.uptakes.size(), of_a.size(), of_b.size()});
  for (std::size_t k = 0; k < known; ++k) {
    const std::string by = known == 1 ? "" : fmt::format(" by transition {}", k);
    add("uptakes" + by, a.uptakes[k], of_a[k].uptakes_variance, b.uptakes[k],
        of_b[k].uptakes_variance);
    add("releases" + by, a.releases[k], of_a[k].releases_variance, b.releases[k],
        of_b[k].releases_variance);
  }
}

double exposure_of(const RunResult& run, double t) {
  return static_cast<double>(particles_of(run)) * t;
}

ResultComparison compare_runs(const RunResult& a, const RunResult& b) {
  Tally tally;
  PairScatter scatter(a, b);
  const auto pairs = common_times(a.series.t, b.series.t);
  if (!pairs.empty() && a.series.t[pairs.back().first] > 0.0) {
    const auto [i, j] = pairs.back();
    const double t = a.series.t[i], exposure_a = exposure_of(a, t), exposure_b = exposure_of(b, t);
    if (count_alike(a.config, b.config))
      add_counts(tally, "attempted strokes", t, attempts_of(a, i), exposure_a, attempts_of(b, j),
                 exposure_b, false);
    if (a.config.strokes->on_ladder() && b.config.strokes->on_ladder() &&
        same_transitions(a.config, b.config))
      add_strokes(tally, t, counted_strokes(a, i), strokes_at(a.config, t), counted_strokes(b, j),
                  strokes_at(b.config, t));
  }
  const bool same_ladder =
      a.config.strokes->on_ladder() && a.config.strokes->spacing == b.config.strokes->spacing;
  for (const auto& [i, j] : pairs) {
    const double t = a.series.t[i];
    for_each_compared(
        a, b,
        [&, i = i, j = j](const QuantityInfo& info, const Quantity& of_a, const Quantity& of_b) {
          const double x = of_a.values[i], y = of_b.values[j];
          if (nearly_normal(info, x, particles_of(a)) && nearly_normal(info, y, particles_of(b)))
            tally.add_normal(std::string(info.symbol.plain), t, x - y,
                             with_rounding(std::hypot(of_a.errors[i], of_b.errors[j]), x));
        });
    tally.saw(t);
    if (!scatter.advance(t)) continue;
    if (same_bins(a, b))
      tally.add_chi_square("histogram", t,
                           analysis::chi_square_two_samples(a.histograms.counts[i], particles_of(a),
                                                            b.histograms.counts[j], particles_of(b),
                                                            scatter.bins()));
    if (same_ladder) {
      std::vector<std::uint64_t> first = a.histograms.levels[i], second = b.histograms.levels[j];
      first.resize(std::max(first.size(), second.size()), 0);
      second.resize(first.size(), 0);
      tally.add_chi_square("levels", t,
                           analysis::chi_square_two_samples(first, particles_of(a), second,
                                                            particles_of(b), scatter.levels()));
    }
  }
  return std::move(tally).verdict();
}

ResultComparison compare_run_with_solution(const RunResult& run, const RunResult& solved) {
  Tally tally;
  EquationPath path(run.config, true);
  // Bins that follow from the config may differ where rates do: the equation of the other is then
  // averaged over the run's.
  std::optional<EquationPath> other;
  if (!same_bins(run, solved)) {
    Config alike = solved.config;
    alike.histogram = run.config.histogram;
    other.emplace(alike, false);
  }
  const auto pairs = common_times(run.series.t, solved.solution.t);
  if (!pairs.empty() && run.series.t[pairs.back().first] > 0.0) {
    const std::size_t i = pairs.back().first;
    const double t = run.series.t[i], exposure = exposure_of(run, t);
    if (count_alike(run.config, solved.config))
      add_counts(tally, "attempted strokes", t, attempts_of(run, i), exposure,
                 attempt_rate(solved.config) * exposure, exposure, true);
    if (same_transitions(run.config, solved.config)) {
      const std::vector<EquationPath::Strokes> own = strokes_at(run.config, t);
      add_strokes(tally, t, counted_strokes(run, i), own, expected_strokes(solved.config, t), own);
    }
  }
  for (const auto& [i, j] : pairs) {
    const double t = run.series.t[i];
    for_each_compared(
        run, solved,
        [&, i = i, j = j](const QuantityInfo& info, const Quantity& ours, const Quantity& theirs) {
          const double expected = theirs.solution[j];
          if (nearly_normal(info, expected, particles_of(run)))
            tally.add_normal(std::string(info.symbol.plain), t, ours.values[i] - expected,
                             with_rounding(ours.errors[i], expected));
        });
    path.advance(t);
    if (other) other->advance(t);
    tally.saw(t);
    if (!path.untestable().empty()) continue;
    const std::optional<analysis::SharedNoise> noise = path.scatter_of_bins();
    tally.add_chi_square("histogram", t,
                         analysis::chi_square(run.histograms.counts[i],
                                              other ? other->bin_probabilities()
                                                    : solved.solution.bin_probability[j],
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
    for_each_compared(
        a, b,
        [&, i = i, j = j](const QuantityInfo& info, const Quantity& of_a, const Quantity& of_b) {
          const double x = of_a.solution[i], y = of_b.solution[j];
          if (std::isnan(x) && std::isnan(y)) return;
          const double difference = std::abs(x - y) / std::max(1.0, std::abs(x));
          tally.add_bounded(std::string(info.symbol.plain), a.solution.t[i], x - y,
                            difference <= allowed);
        });
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
    comparison.why = fmt::format("the results are in different units, {} and {}",
                                 words(a.config.units), words(b.config.units));
    return comparison;
  }
  if (a.phase_space || b.phase_space) return compare_phase_space(a, b);
  for (const RunResult* result : {&a, &b}) {
    if (result->config.strokes->on_ladder() || given_rates(result->config)) continue;
    ResultComparison comparison;
    comparison.why =
        "particles share their rates, and without a ladder it is not known how far that makes them "
        "scatter";
    return comparison;
  }
  if (a.has_particles && b.has_particles) return compare_runs(a, b);
  if (a.has_particles) return compare_run_with_solution(a, b);
  if (b.has_particles) return compare_run_with_solution(b, a);
  return compare_solutions(a, b);
}

}  // namespace powerstroke::study
