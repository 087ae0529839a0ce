#include <fmt/format.h>

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <cstdint>
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
double candidate_rate(const laws::StrokeLaw& law, const laws::Transition& transition, double rate, int powers = 1) {
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
        tests.push_back({"", fmt::format("the {} at t = {:g} (chi2 = {:.1f} for {:g} dof)", what, fit.t, fit.chi2, fit.dof),
                         fit.chi2, fit.dof, fit.p_value, true, true, TestKind::distribution, fit.t});
  };
  add_fits(comparison.master_equation, "histogram");
  add_fits(comparison.levels, "occupation of the levels");
  for (const CountTest& test : comparison.counts)
    tests.push_back({"",
                     fmt::format("the number of {}: {:.0f}, expected {:.0f} ({:+.1f} standard deviations)", test.what,
                                 test.counted, test.expected, test.z),
                     test.counted, test.expected, test.p_value, true, true, TestKind::count});
  return tests;
}

void remark_stationary(const Compared& run, std::vector<std::string>& remarks) {
  const StationaryFit& s = run.equation.stationary;
  if (!s.exists) {
    remarks.push_back(fmt::format("Stationary state: {}.", s.law));
    return;
  }
  const double left = s.solution_total_variation;
  if (std::isnan(left)) {  // there is no equation
    remarks.push_back(
        fmt::format("Stationary state: {}. The particles' last snapshot has p = {:.3g} against it, at a total "
                    "variation of {:.2g}: {}.",
                    s.law, s.p_value, s.total_variation, s.reached ? "reached" : "not reached, or not yet"));
  } else if (std::isnan(s.p_value) && left < near_stationary) {
    remarks.push_back(
        fmt::format("Stationary state: the equation has reached it ({}; total variation {:.2g}); the particles' "
                    "last snapshot could not be tested against it.",
                    s.law, left));
  } else if (s.reached) {
    remarks.push_back(fmt::format(
        "Stationary state: reached ({}). The equation is a total variation of {:.2g} from it; the particles' last "
        "snapshot has p = {:.3g} against it.",
        s.law, left, s.p_value));
  } else if (left < near_stationary) {
    remarks.push_back(
        fmt::format("Stationary state: a {}. The equation has reached it (total variation {:.2g}), the particles have not: "
                    "their last snapshot has p = {:.3g} against it.",
                    s.law, left, s.p_value));
  } else {
    remarks.push_back(
        fmt::format("Stationary state: not reached at t = {:g}. The law would be a {}; the equation itself is still a total "
                    "variation of {:.2g} away from it.",
                    run.config.snapshots.back(), s.law, left));
  }
  const char* which = keeps_energy(run.config) ? "with the same mean energy" : "at the same temperature";
  const double exponent = laws::state_exponent(run.config.strokes->law.rates);
  if (s.exponential_total_variation > 0.005 && exponent != 0.0) {
    remarks.push_back(fmt::format(
        "The paper's exponential (11) {} is a total variation of {:.2f} away from the law that holds: with the density of "
        "states of d = {} dimensions equilibrium is Maxwell-Boltzmann{}.",
        which, s.exponential_total_variation, run.config.ensemble.dimension,
        run.config.strokes->on_ladder() ? ", on each ladder of E modulo the transitions' common divisor" : ""));
  } else if (s.exponential_total_variation > 0.005) {
    remarks.push_back(fmt::format(
        "What the paper would have said: the exponential (11) {}. It is a total variation of {:.2f} away from the law "
        "that holds, and stays so: strokes of {} never change E modulo {}.",
        which, s.exponential_total_variation,
        run.config.strokes->law.transitions.size() == 1 ? "one delta_e" : "these delta_e",
        run.config.strokes->law.transitions.size() == 1 ? "delta_e" : "their greatest common divisor"));
  } else if (!run.config.strokes->on_ladder()) {
    if (s.reached)
      remarks.push_back("The paper's exponential (11) is the law that holds: incommensurate strokes mix all energies.");
  } else {
    remarks.push_back(fmt::format(
        "The paper's exponential (11) {} is within a total variation of {:.2g} of the law that holds: the start is "
        "spread over E modulo delta_e as an exponential is.",
        which, s.exponential_total_variation));
  }
}

void remark_entropy(const Compared& run, std::vector<std::string>& remarks) {
  const Solution& s = run.equation.solution;
  if (run.equation.quantity("S_1").solution.size() < 2 || run.equation.stationary.frozen) return;
  if (!std::all_of(run.equation.quantity("S_1").solution.begin(), run.equation.quantity("S_1").solution.end(),
                   [](double x) { return std::isfinite(x); })) {
    remarks.push_back("Entropies: not defined for a start in which particles share an energy exactly (an atom of the law).");
    return;
  }
  const auto largest =
      std::max_element(run.equation.quantity("S_1").solution.begin(), run.equation.quantity("S_1").solution.end());
  const double drop = *largest - *std::min_element(largest, run.equation.quantity("S_1").solution.end());
  constexpr double shown = 5e-5;  // of the digits below
  if (drop > shown && keeps_energy(run.config))
    remarks.push_back(
        fmt::format("S^(1) falls by {:.4f} k_B after t = {:g}, from {:.4f} to {:.4f}. The appendix says that it never "
                    "falls; it takes <ln E> as constant, which it is not. S_E never falls.",
                    drop, s.t[static_cast<std::size_t>(largest - run.equation.quantity("S_1").solution.begin())], *largest,
                    *largest - drop));
  if (run.config.ensemble.dimension != 2 && run.equation.stationary.exists &&
      std::holds_alternative<laws::Constant>(run.config.strokes->law.rates))
    remarks.push_back(
        fmt::format("With constant rates an exponential in E is Maxwell-Boltzmann only in d = 2; this run has d = {}.",
                    run.config.ensemble.dimension));
}

void remark_particles(const Compared& run, std::vector<std::string>& remarks) {
  const Series& s = run.particles.series;
  double largest = 0.0, at = 0.0;
  std::size_t tested = 0;
  for (std::size_t k = 0; k < run.equation.quantity("S_E").solution.size(); ++k) {
    const double z = (run.equation.quantity("S_E_spacing").values[k] - run.equation.quantity("S_E").solution[k]) /
                     run.equation.quantity("S_E_spacing").errors[k];
    if (!std::isfinite(z)) continue;
    ++tested;
    if (std::abs(z) > std::abs(largest)) {
      largest = z;
      at = s.t[k];
    }
  }
  constexpr double surprising = 5.0;
  if (tested > 0 && std::abs(largest) < surprising)
    remarks.push_back(
        fmt::format("S_E without bins (spacings of sorted energies), at {} snapshots: within {:.1f} standard errors of the "
                    "equation, the farthest at t = {:g}.",
                    tested, std::abs(largest), at));
  else if (tested > 0)
    remarks.push_back(fmt::format(
        "S_E without bins (spacings of sorted energies) is {:.1f} standard errors away from the equation at t = {:g}: "
        "the spacings of this many particles are wider than the structure of P(E). The verdict does not rest on it.",
        std::abs(largest), at));
  if (!run.equation.quantity("S_E").values.empty() && std::isnan(run.equation.quantity("S_E").values.front()) &&
      !run.equation.quantity("S_E").solution.empty() && !std::isnan(run.equation.quantity("S_E").solution.front()))
    remarks.push_back(
        "S_E of the particles is not given: they are too few, or several have the same energy to the last digit.");
  std::uint64_t above = 0;
  for (const analysis::Snapshot& snapshot : run.particles.snapshots) above = std::max(above, snapshot.overflow);
  const double share = static_cast<double>(above) / static_cast<double>(run.config.ensemble.particles);
  if (share > 1e-4)
    remarks.push_back(fmt::format("Up to {:.2g} % of the particles lie above histogram.max = {:g}: raise it to see them.",
                                  100.0 * share, run.config.histogram.max));
}

/// Whether strokes arrive at energies where the start has no density: those above a bounded support, and the levels beside an
/// atom on its ladder. A law with an unbounded part has a density at all E >= 0.
bool leaves_energies_empty(const laws::EnergyLaw& law) { return !laws::is_everywhere(law) || !laws::atoms(law).empty(); }

bool has_one_way_strokes(const Config& config) {
  return std::ranges::any_of(config.strokes->law.transitions, [](const laws::Transition& transition) {
    return (transition.rate_up == 0.0) != (transition.rate_down == 0.0);
  });
}

void remark_paths(const Compared& run, std::vector<std::string>& remarks) {
  const Series& s = run.particles.series;
  if (run.equation.quantity("path_average").values.empty()) return;
  const double average = run.equation.quantity("path_average").values.back(),
               error = run.equation.quantity("path_average").errors.back();
  if (std::isnan(average)) return;
  // (sum of weights)^2 / sum of weights^2, from the mean and its standard error.
  const auto particles = static_cast<double>(run.config.ensemble.particles);
  const double effective = particles * average * average / ((particles - 1.0) * error * error + average * average);
  remarks.push_back(
      fmt::format("Path by path: <exp(-Delta s_tot)> = {:.4f} +- {:.4f} at t = {:g}, a mean that rests on {:.0f} effective "
                  "particles of {:.0f}; the theorem says 1.",
                  average, error, s.t.back(), effective, particles));
  constexpr double surprising = 5.0;
  const bool is_off = std::abs(average - 1.0) > surprising * error + 1e-12;
  if (is_off && average < 1.0 && has_one_way_strokes(run.config))
    remarks.back() += " It is less where strokes have no reverse: their paths back are missing (absolute irreversibility).";
  else if (is_off && average < 1.0 && leaves_energies_empty(run.config.ensemble.energy))
    remarks.back() +=
        " It is less where the start leaves energies empty: paths into them, which the reverse process has, are "
        "missing (absolute irreversibility).";
  else if (is_off || effective < static_cast<double>(few_particles))
    remarks.back() +=
        " Rare paths carry the mean, and its variance may be infinite: the standard error is not to be trusted, and the "
        "mean "
        "decides nothing.";
}

}  // namespace

/// Attempts come at the bounds of their rates, whatever a particle's energy: Poisson numbers with means that the config gives.
/// To release, in every balance but `bath`, whose attempts find an excited system or not; to take up, at given rates. Under (8)
/// the net number of strokes is a martingale: mean 0, and its variance is the number of strokes.
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
      tests.push_back(poisson_test("attempted uptakes", static_cast<double>(ledger.attempted_uptakes()), exposure * up));
  } else if (laws::is<laws::Conserving>(law.balance)) {
    tests.push_back(poisson_test("attempted releases", attempted_releases, exposure * down));
    if (strokes >= enough_to_be_normal) {
      const auto net = static_cast<double>(ledger.net_quanta());
      const double z = net / std::sqrt(strokes);
      tests.push_back({"net strokes", net, 0.0, z, analysis::normal_p_value(z)});
    }
  } else if (laws::is<laws::Exchange>(law.balance)) {
    tests.push_back(poisson_test("attempted exchanges", attempted_releases + static_cast<double>(ledger.declined_uptakes),
                                 exposure * pairs));
  } else {
    tests.push_back(poisson_test("encounters with two-level systems",
                                 attempted_releases + static_cast<double>(ledger.attempted_uptakes()), exposure * down));
  }
  return tests;
}

Comparison judge(const Config& config, const ParticleRun& particles, const EquationResult& equation) {
  Comparison comparison;
  comparison.master_equation = equation.master_equation;
  comparison.levels = equation.levels;
  comparison.counts = count_tests(config, particles.ledger, static_cast<double>(config.ensemble.particles));
  comparison.counts.insert(comparison.counts.end(), equation.counts.begin(), equation.counts.end());
  comparison.stationary = equation.stationary;
  const std::string& untested = equation.untested;
  comparison.false_alarm_rate = verdict_false_alarm_rate;
  const std::vector<Test> tests = tests_of(comparison);
  const Judgement judgement = judge(tests, verdict_false_alarm_rate);
  if (tests.empty()) {
    comparison.verdict = Verdict::not_comparable;
    comparison.why = "no test could have failed: too few particles, or nothing happens";
  } else {
    comparison.tests = judgement.required;
    comparison.p_limit = judgement.limit;
    comparison.verdict = judgement.agrees() ? Verdict::consistent : Verdict::inconsistent;
    const Test& worst = *judgement.worst;
    comparison.why =
        judgement.agrees()
            ? fmt::format(
                  "{}; {} tests agree with the master equation; the smallest p-value is {:.2g}, of {}; the limit is {:.1e}",
                  tested_words(tested_snapshots(comparison)), judgement.required, worst.p_value, worst.what, judgement.limit)
            : fmt::format("{} disagrees with the master equation: p = {:.2g}, below the limit {:.1e} of {} tests",
                          worst.what, worst.p_value, judgement.limit, judgement.required);
  }
  const auto tested = [](const Fit& fit) { return fit.dof > 0.0 && fit.t > 0.0; };
  const auto none_tested = [&](const std::vector<Fit>& fits) { return std::none_of(fits.begin(), fits.end(), tested); };
  if (comparison.verdict == Verdict::consistent && none_tested(comparison.levels) &&
      (!untested.empty() || none_tested(comparison.master_equation))) {
    comparison.verdict = Verdict::not_comparable;  // numbers of events alone do not make a run consistent
    comparison.why = untested.empty()
                         ? "no distribution after the start could be tested: there is none, or all particles are alike"
                         : untested;
  }
  std::vector<std::string>& remarks = comparison.remarks;
  if (!untested.empty() && comparison.why != untested) remarks.push_back("Not everything was tested: " + untested + ".");
  if (comparison.verdict == Verdict::consistent && untested.empty() && !tested_snapshots(comparison).all())
    remarks.push_back(
        "Not everything was tested: at some snapshots the particles are too few for a chi-square with a degree of freedom.");
  if (const std::string rounded = rounded_bath(config); !rounded.empty()) remarks.push_back(rounded + ".");
  const Compared run{config, particles, equation};
  remark_stationary(run, remarks);
  remark_entropy(run, remarks);
  remark_particles(run, remarks);
  remark_paths(run, remarks);
  if (comparison.stationary.frozen)
    remarks.push_back("Nothing moves. That looks like an equilibrium in every curve of this report and is none.");
  return comparison;
}

}  // namespace powerstroke::study
