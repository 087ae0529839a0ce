#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/io/run/parts.hpp"
#include "powerstroke/io/run/problem.hpp"

namespace powerstroke::io {
namespace {

/// Of the verdict as a whole: the smallest p-value is held against this over the number of tests (Bonferroni: right whatever
/// the correlations between snapshots).
constexpr double false_alarm_rate = 2e-4;

CountTest count_test(std::string what, double counted, double expected, double variance) {
  const double z = variance > 0.0 ? (counted - expected) / std::sqrt(variance) : 0.0;
  return {std::move(what), counted, expected, z, analysis::normal_p_value(z)};
}

/// Attempts to release come at w- for every particle, whatever its energy: a Poisson number with mean N w- t, in every
/// balance. Uptakes likewise at a fixed w+. Under (8) the net number of strokes is a martingale: mean 0, and its variance is
/// the number of strokes.
std::vector<CountTest> count_tests(const Config& config, const Ledger& ledger) {
  const laws::Transition rates = transition(config);
  const double exposure = static_cast<double>(config.ensemble.particles) * config.snapshots.back();
  const double attempts = static_cast<double>(ledger.releases) + static_cast<double>(ledger.blocked);
  std::vector<CountTest> tests;
  tests.push_back(count_test("attempted releases", attempts, exposure * rates.rate_down, exposure * rates.rate_down));
  if (conserving(config)) {
    tests.push_back(
        count_test("net strokes", static_cast<double>(ledger.net_quanta()), 0.0, static_cast<double>(ledger.strokes())));
  } else {
    tests.push_back(
        count_test("uptakes", static_cast<double>(ledger.uptakes), exposure * rates.rate_up, exposure * rates.rate_up));
  }
  return tests;
}

struct Worst {
  double p_value = 1.0;
  std::string what;
};

void consider(Worst& worst, double p_value, const std::string& what) {
  if (!(p_value >= worst.p_value)) worst = {p_value, what};
}

Worst worst_of(const Comparison& comparison) {
  Worst worst{1.0, "nothing"};
  for (const Fit& fit : comparison.master_equation)
    consider(worst, fit.p_value,
             fmt::format("the histogram at t = {:g} (chi2 = {:.1f} for {:g} dof)", fit.t, fit.chi2, fit.dof));
  for (const Fit& fit : comparison.levels)
    consider(worst, fit.p_value,
             fmt::format("the occupation of the levels at t = {:g} (chi2 = {:.1f} for {:g} dof)", fit.t, fit.chi2, fit.dof));
  for (const CountTest& test : comparison.counts)
    consider(worst, test.p_value,
             fmt::format("the number of {}: {:.0f}, expected {:.0f} ({:+.1f} standard deviations)", test.what, test.counted,
                         test.expected, test.z));
  return worst;
}

void remark_stationary(const RunResult& result, std::vector<std::string>& remarks) {
  const StationaryFit& s = result.comparison.stationary;
  if (!s.exists) {
    remarks.push_back(fmt::format("Stationary state: {}.", s.law));
    return;
  }
  if (s.reached) {
    remarks.push_back(
        fmt::format("Stationary state: reached ({}); the last snapshot has p = {:.3g} against it.", s.law, s.p_value));
  } else if (s.p_value < 1e-4 || std::isnan(s.p_value) || s.solution_total_variation >= 1e-3) {
    remarks.push_back(
        fmt::format("Stationary state: not reached at t = {:g}. The law would be a {}; the equation itself is still a total "
                    "variation of {:.2g} away from it.",
                    result.config.snapshots.back(), s.law, s.solution_total_variation));
  }
  if (s.exponential_total_variation > 0.005) {
    remarks.push_back(fmt::format(
        "What the paper would have said: the exponential (11) with the same mean energy. It is a total variation of {:.2f} "
        "away from the law that holds, and stays so: strokes of one delta_e never change E modulo delta_e.",
        s.exponential_total_variation));
  } else {
    remarks.push_back(fmt::format(
        "The paper's exponential (11) is within a total variation of {:.2g} of the law that holds: the start is spread "
        "over E modulo delta_e as an exponential is.",
        s.exponential_total_variation));
  }
}

void remark_entropy(const RunResult& result, std::vector<std::string>& remarks) {
  const Solution& s = result.solution;
  if (s.S_1.size() < 2 || result.comparison.stationary.frozen) return;
  if (!std::all_of(s.S_1.begin(), s.S_1.end(), [](double x) { return std::isfinite(x); })) {
    remarks.push_back("Entropies: not defined for a start in which particles share an energy exactly (an atom of the law).");
    return;
  }
  const auto largest = std::max_element(s.S_1.begin(), s.S_1.end());
  const double drop = *largest - *std::min_element(largest, s.S_1.end());
  if (drop > 1e-6 && conserving(result.config))
    remarks.push_back(
        fmt::format("S^(1) falls by {:.4f} k_B after t = {:g}, from {:.4f} to {:.4f}. The appendix says that it never "
                    "falls; it takes <ln E> as constant, which it is not. S_E never falls.",
                    drop, s.t[static_cast<std::size_t>(largest - s.S_1.begin())], *largest, *largest - drop));
  if (result.config.ensemble.dimension != 2 && result.comparison.stationary.exists)
    remarks.push_back(
        fmt::format("With constant rates an exponential in E is Maxwell-Boltzmann only in d = 2; this run has d = {}.",
                    result.config.ensemble.dimension));
}

void remark_particles(const RunResult& result, std::vector<std::string>& remarks) {
  const Series& s = result.series;
  double largest = 0.0, at = 0.0;
  std::size_t tested = 0;
  for (std::size_t k = 0; k < s.t.size(); ++k) {
    const double z = (s.S_E_spacing[k] - result.solution.S_E[k]) / s.S_E_spacing_err[k];
    if (!std::isfinite(z)) continue;
    ++tested;
    if (std::abs(z) > std::abs(largest)) {
      largest = z;
      at = s.t[k];
    }
  }
  if (tested > 0)
    remarks.push_back(
        fmt::format("S_E without bins (spacings of sorted energies), at {} snapshots: within {:.1f} standard errors of the "
                    "equation, the farthest at t = {:g}.",
                    tested, std::abs(largest), at));
  const std::uint64_t above = result.histograms.overflow.empty()
                                  ? 0
                                  : *std::max_element(result.histograms.overflow.begin(), result.histograms.overflow.end());
  const double share = static_cast<double>(above) / static_cast<double>(result.config.ensemble.particles);
  if (share > 1e-4)
    remarks.push_back(fmt::format("Up to {:.2g} of the particles lie above histogram.max = {:g}: raise it to see them.",
                                  share, result.config.histogram.max));
}

}  // namespace

void judge(const ParticleRun& particles, RunResult& result) {
  Comparison& comparison = result.comparison;
  comparison.counts = count_tests(result.config, particles.ledger);
  comparison.false_alarm_rate = false_alarm_rate;
  if (comparison.master_equation.empty()) {
    comparison.verdict = Verdict::not_comparable;
    comparison.why =
        "the scatter that a common phi(t) adds to this many levels over this time is too costly to compute, so nothing can "
        "be "
        "said; fewer levels (a larger delta_e) or a shorter run can be compared";
  } else {
    const std::size_t tests = comparison.master_equation.size() + comparison.levels.size() + comparison.counts.size();
    const double limit = false_alarm_rate / static_cast<double>(tests);
    comparison.tests = tests;
    comparison.p_limit = limit;
    const Worst worst = worst_of(comparison);
    const bool agrees = worst.p_value >= limit;
    comparison.verdict = agrees ? Verdict::consistent : Verdict::inconsistent;
    comparison.why =
        agrees
            ? fmt::format(
                  "all {} tests agree with the master equation; the smallest p-value is {:.2g}, of {}; the limit is {:.1e}",
                  tests, worst.p_value, worst.what, limit)
            : fmt::format("{} disagrees with the master equation: p = {:.2g}, below the limit {:.1e} of {} tests",
                          worst.what, worst.p_value, limit, tests);
  }
  std::vector<std::string>& remarks = comparison.remarks;
  remark_stationary(result, remarks);
  remark_entropy(result, remarks);
  remark_particles(result, remarks);
  if (comparison.stationary.frozen)
    remarks.push_back("Nothing moves. That looks like an equilibrium in every curve of this report and is none.");
}

}  // namespace powerstroke::io
