#include <fmt/format.h>

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/kernels/laws/energy_law.hpp"
#include "powerstroke/study/judge/judge.hpp"
#include "powerstroke/study/result/tested.hpp"
#include "powerstroke/study/run/parts.hpp"
#include "powerstroke/study/run/problem.hpp"
#include "powerstroke/study/run/rounding.hpp"
#include "powerstroke/study/run/tally.hpp"

namespace powerstroke::study {
namespace {

using Kind = Remark::Kind;

/// Two-sided probability of a Poisson number as far from its mean as this.
double poisson_p_value(double counted, double mean) {
  if (mean == 0.0) return counted == 0.0 ? 1.0 : 0.0;
  // Prob(K >= k) and Prob(K <= k) as incomplete gamma functions.
  const double at_least = counted > 0.0 ? boost::math::gamma_p(counted, mean) : 1.0;
  const double at_most = boost::math::gamma_q(counted + 1.0, mean);
  return std::min(1.0, 2.0 * std::min(at_least, at_most));
}

CountTest poisson_test(std::string what, double counted, double mean) {
  const double z = mean > 0.0 ? (counted - mean) / std::sqrt(mean) : 0.0;
  return {std::move(what), counted, mean, z, poisson_p_value(counted, mean)};
}

/// What a rates law's bound makes of a rate; `powers` of it.
double candidate_rate(const laws::StrokeLaw& law, const laws::Transition& transition, double rate,
                      int powers = 1) {
  return rate * std::pow(laws::bound(law.rates, transition.delta_e), powers);
}

/// What remarks are made of.
struct Compared {
  const Config& config;
  const ParticleRun& particles;
  const EquationResult& equation;
};

/// All tests of a comparison that could have failed.
std::vector<Test> tests_of(const Comparison& comparison) {
  std::vector<Test> tests;
  const auto add_fits = [&](const std::vector<Fit>& fits, const char* what) {
    for (const Fit& fit : fits)
      if (fit.dof > 0.0)
        tests.push_back({"",
                         fmt::format("the {} at t = {:g} (chi2 = {:.1f} for {:g} dof)", what, fit.t,
                                     fit.chi2, fit.dof),
                         fit.chi2, fit.dof, fit.p_value, true, true, TestKind::distribution,
                         fit.t});
  };
  add_fits(comparison.master_equation, "histogram");
  add_fits(comparison.levels, "occupation of the levels");
  for (const CountTest& test : comparison.counts)
    tests.push_back(
        {"",
         fmt::format("the number of {}: {:.0f}, expected {:.0f} ({:+.1f} standard deviations)",
                     test.what, test.counted, test.expected, test.z),
         test.counted, test.expected, test.p_value, true, true, TestKind::count});
  return tests;
}

void remark_stationary(const Compared& run, std::vector<Remark>& remarks) {
  const StationaryFit& s = run.equation.stationary;
  if (!s.exists) {
    remarks.push_back({Kind::no_stationary_law, {}, {s.law}});
    return;
  }
  const double left = s.solution_total_variation, away = s.exponential_total_variation;
  if (std::isnan(left))  // there is no equation
    remarks.push_back({s.reached ? Kind::particles_at_law : Kind::particles_not_at_law,
                       {s.p_value, s.total_variation},
                       {s.law}});
  else if (std::isnan(s.p_value) && left < near_stationary)
    remarks.push_back({Kind::equation_at_law, {left}, {s.law}});
  else if (s.reached)
    remarks.push_back({Kind::both_at_law, {left, s.p_value}, {s.law}});
  else if (left < near_stationary)
    remarks.push_back({Kind::equation_alone_at_law, {left, s.p_value}, {s.law}});
  else
    remarks.push_back({Kind::not_at_law, {run.config.snapshots.back(), left}, {s.law}});
  const double same_energy = keeps_energy(run.config) ? 1.0 : 0.0,
               on_ladder = run.config.strokes->on_ladder() ? 1.0 : 0.0;
  constexpr double far = 0.005;
  if (away > far && laws::state_exponent(run.config.strokes->law.rates) != 0.0)
    remarks.push_back(
        {Kind::exponential_of_density,
         {away, same_energy, static_cast<double>(run.config.ensemble.dimension), on_ladder}});
  else if (away > far)
    remarks.push_back(
        {Kind::exponential_of_offsets,
         {away, same_energy, static_cast<double>(run.config.strokes->law.transitions.size())}});
  else if (run.config.strokes->on_ladder())
    remarks.push_back({Kind::exponential_near, {away, same_energy}});
  else if (s.reached)
    remarks.push_back({Kind::exponential_holds});
}

void remark_entropy(const Compared& run, std::vector<Remark>& remarks) {
  const std::vector<double>& entropy = run.equation.quantity("S_1").solution;
  if (entropy.size() < 2 || run.equation.stationary.frozen) return;
  if (!std::ranges::all_of(entropy, [](double x) { return std::isfinite(x); })) {
    remarks.push_back({Kind::entropies_undefined});
    return;
  }
  const auto largest = std::ranges::max_element(entropy);
  const double drop = *largest - *std::min_element(largest, entropy.end());
  constexpr double shown = 5e-5;  // of the digits that words give
  if (drop > shown && keeps_energy(run.config))
    remarks.push_back(
        {Kind::one_particle_entropy,
         {drop, run.equation.solution.t[static_cast<std::size_t>(largest - entropy.begin())],
          *largest}});
  if (run.config.ensemble.dimension != 2 && run.equation.stationary.exists &&
      std::holds_alternative<laws::Constant>(run.config.strokes->law.rates))
    remarks.push_back(
        {Kind::maxwell_boltzmann_2d, {static_cast<double>(run.config.ensemble.dimension)}});
}

void remark_particles(const Compared& run, std::vector<Remark>& remarks) {
  const Quantity &entropy = run.equation.quantity("S_E"),
                 &spacing = run.equation.quantity("S_E_spacing");
  double largest = 0.0, at = 0.0, tested = 0.0;
  for (std::size_t k = 0; k < entropy.solution.size(); ++k) {
    const double z = std::abs(spacing.values[k] - entropy.solution[k]) / spacing.errors[k];
    if (!std::isfinite(z)) continue;
    ++tested;
    if (z > largest) {
      largest = z;
      at = run.particles.series.t[k];
    }
  }
  constexpr double surprising = 5.0;
  if (tested > 0.0 && largest < surprising)
    remarks.push_back({Kind::spacings_agree, {tested, largest, at}});
  else if (tested > 0.0)
    remarks.push_back({Kind::spacings_too_wide, {largest, at}});
  if (!entropy.values.empty() && std::isnan(entropy.values.front()) && !entropy.solution.empty() &&
      !std::isnan(entropy.solution.front()))
    remarks.push_back({Kind::entropy_not_given});
  std::uint64_t above = 0;
  for (const analysis::Snapshot& snapshot : run.particles.snapshots)
    above = std::max(above, snapshot.overflow);
  const double share =
      static_cast<double>(above) / static_cast<double>(run.config.ensemble.particles);
  if (share > 1e-4)
    remarks.push_back({Kind::above_histogram, {100.0 * share, run.config.histogram.max}});
}

/// Whether strokes arrive at energies where the start has no density: those above a bounded
/// support, and the levels beside an atom on its ladder. A law with an unbounded part has a density
/// at all E >= 0.
bool leaves_energies_empty(const laws::EnergyLaw& law) {
  return !laws::is_everywhere(law) || !laws::atoms(law).empty();
}

bool has_one_way_strokes(const Config& config) {
  return std::ranges::any_of(config.strokes->law.transitions,
                             [](const laws::Transition& transition) {
                               return (transition.rate_up == 0.0) != (transition.rate_down == 0.0);
                             });
}

void remark_paths(const Compared& run, std::vector<Remark>& remarks) {
  const Quantity& paths = run.equation.quantity("path_average");
  if (paths.values.empty()) return;
  const double average = paths.values.back(), error = paths.errors.back();
  if (std::isnan(average)) return;
  // (sum of weights)^2 / sum of weights^2, from the mean and its standard error.
  const auto particles = static_cast<double>(run.config.ensemble.particles);
  const double effective =
      particles * average * average / ((particles - 1.0) * error * error + average * average);
  constexpr double surprising = 5.0;
  const bool is_off = std::abs(average - 1.0) > surprising * error + 1e-12;
  Kind kind = Kind::path_average;
  if (is_off && average < 1.0 && has_one_way_strokes(run.config))
    kind = Kind::path_average_one_way;
  else if (is_off && average < 1.0 && leaves_energies_empty(run.config.ensemble.energy))
    kind = Kind::path_average_of_gaps;
  else if (is_off || effective < static_cast<double>(few_particles))
    kind = Kind::path_average_of_few;
  remarks.push_back({kind, {average, error, run.particles.series.t.back(), effective, particles}});
}

}  // namespace

/// Attempts come at the bounds of their rates, whatever a particle's energy: Poisson numbers with
/// means that the config gives. To release, in every balance but `bath`, whose attempts find an
/// excited system or not; to take up, at given rates. Under (8) the net number of strokes is a
/// martingale: mean 0, and its variance is the number of strokes.
std::vector<CountTest> count_tests(const Config& config, const Ledger& ledger, double particles) {
  const laws::StrokeLaw& law = config.strokes->law;
  const double exposure = particles * config.snapshots.back();
  double up = 0.0, down = 0.0, pairs = 0.0;
  for (const laws::Transition& transition : law.transitions) {
    up += candidate_rate(law, transition, transition.rate_up);
    down += candidate_rate(law, transition, transition.rate_down);
    pairs += candidate_rate(law, transition, transition.rate_down, 2);
  }
  const auto attempted_releases = static_cast<double>(ledger.attempted_releases());
  const auto strokes = static_cast<double>(ledger.strokes());
  constexpr double enough_to_be_normal = 1000.0;
  std::vector<CountTest> tests;
  if (exposure == 0.0 || !config.strokes_are_counted()) return tests;
  if (laws::has_given_rates(law.balance)) {
    tests.push_back(poisson_test("attempted releases", attempted_releases, exposure * down));
    if (up > 0.0 || ledger.attempted_uptakes() > 0)  // none of none is no test
      tests.push_back(poisson_test("attempted uptakes",
                                   static_cast<double>(ledger.attempted_uptakes()), exposure * up));
  } else if (laws::is<laws::Conserving>(law.balance)) {
    tests.push_back(poisson_test("attempted releases", attempted_releases, exposure * down));
    if (strokes >= enough_to_be_normal) {
      const auto net = static_cast<double>(ledger.net_quanta());
      const double z = net / std::sqrt(strokes);
      tests.push_back({"net strokes", net, 0.0, z, analysis::normal_p_value(z)});
    }
  } else if (laws::is<laws::Exchange>(law.balance)) {
    tests.push_back(poisson_test("attempted exchanges",
                                 attempted_releases + static_cast<double>(ledger.declined_uptakes),
                                 exposure * pairs));
  } else {
    tests.push_back(poisson_test(
        "encounters with two-level systems",
        attempted_releases + static_cast<double>(ledger.attempted_uptakes()), exposure * down));
  }
  return tests;
}

Comparison judge(const Config& config, const ParticleRun& particles,
                 const EquationResult& equation) {
  Comparison comparison;
  comparison.master_equation = equation.master_equation;
  comparison.levels = equation.levels;
  comparison.counts =
      count_tests(config, particles.ledger, static_cast<double>(config.ensemble.particles));
  comparison.counts.insert(comparison.counts.end(), equation.counts.begin(), equation.counts.end());
  comparison.stationary = equation.stationary;
  comparison.false_alarm_rate = verdict_false_alarm_rate;
  const Tested snapshots = tested_snapshots(comparison);
  const std::vector<Test> tests = tests_of(comparison);
  const Judgement judgement = judge(tests, verdict_false_alarm_rate);
  if (tests.empty()) {
    comparison.why = {Kind::no_test};
  } else {
    comparison.tests = judgement.required;
    comparison.p_limit = judgement.limit;
    comparison.verdict = judgement.agrees() ? Verdict::consistent : Verdict::inconsistent;
    const Test& worst = *judgement.worst;
    const auto required = static_cast<double>(judgement.required);
    if (judgement.agrees())
      comparison.why = {
          Kind::agrees,
          {static_cast<double>(snapshots.snapshots), static_cast<double>(snapshots.of), required,
           worst.p_value, judgement.limit},
          {worst.what}};
    else
      comparison.why = {Kind::disagrees, {worst.p_value, judgement.limit, required}, {worst.what}};
  }
  const auto tested = [](const Fit& fit) { return fit.dof > 0.0 && fit.t > 0.0; };
  const auto none_tested = [&](const std::vector<Fit>& fits) {
    return std::ranges::none_of(fits, tested);
  };
  const std::optional<Remark>& untested = equation.untested;
  if (comparison.verdict == Verdict::consistent && none_tested(comparison.levels) &&
      (untested || none_tested(comparison.master_equation))) {
    comparison.verdict =
        Verdict::not_comparable;  // numbers of events alone do not make a run consistent
    comparison.why = untested.value_or(Remark{Kind::no_distribution});
  }
  std::vector<Remark>& remarks = comparison.remarks;
  if (untested && comparison.why != *untested) remarks.push_back(*untested);
  if (comparison.verdict == Verdict::consistent && !untested && !snapshots.all())
    remarks.push_back({Kind::some_untested});
  if (const std::optional<Remark> rounded = rounded_bath(config)) remarks.push_back(*rounded);
  const Compared run{config, particles, equation};
  remark_stationary(run, remarks);
  remark_entropy(run, remarks);
  remark_particles(run, remarks);
  remark_paths(run, remarks);
  if (comparison.stationary.frozen) remarks.push_back({Kind::nothing_moves});
  return comparison;
}

}  // namespace powerstroke::study
