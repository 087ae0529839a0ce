#include "powerstroke/study/phase/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/analysis/theory/trap_work.hpp"
#include "powerstroke/analysis/work_theorems.hpp"
#include "powerstroke/study/judge/judge.hpp"
#include "powerstroke/study/phase/simulation.hpp"
#include "powerstroke/study/run/parts.hpp"
#include "powerstroke/study/run/rounding.hpp"

namespace powerstroke::study {
namespace {

using Kind = Remark::Kind;

/// Distributions at the end against Boltzmann's law.
void test_marginals(const PhaseSetup& setup, const PhaseSide& side, std::vector<Test>& tests) {
  for (const Marginal& marginal : side.marginals) {
    if (marginal.probability.empty()) continue;
    const analysis::ChiSquare fit =
        analysis::chi_square(marginal.counts, marginal.probability, marginal.total);
    if (fit.dof == 0.0) continue;
    tests.push_back(
        {side.name,
         fmt::format("{} at the end against Boltzmann's law (chi-square)", marginal.name),
         fit.statistic, fit.dof, fit.p_value, setup.keeps_boltzmann && setup.starts_in_equilibrium,
         true, TestKind::distribution});
  }
}

/// Attempts are Poisson numbers with means that the config gives, if every particle stands where
/// the rates are given.
void test_counts(const Config& config, const PhaseSetup& setup, const Ledger& ledger,
                 std::vector<Test>& tests) {
  const PhaseConfig& p = *config.phase_space;
  if (!setup.makes_strokes || p.strokes_at_walls || p.stroke_window > 0.0) return;
  if (!laws::has_given_rates(config.strokes->law.balance)) return;
  std::size_t active = 0;
  for (const SpeciesConfig& species : p.species)
    if (species.strokes) active += species.particles;
  for (const CountTest& test : count_tests(config, ledger, static_cast<double>(active)))
    tests.push_back({setup.name, "number of " + test.what, test.counted, test.expected,
                     test.p_value, true, true, TestKind::count});
}

void test_value(const std::string& side, const std::string& what,
                const analysis::Estimate& measured, double expected, bool required, bool decides,
                std::vector<Test>& tests) {
  if (!std::isfinite(measured.value) || !(measured.error > 0.0)) return;
  tests.push_back({side, what, measured.value, expected,
                   analysis::normal_p_value((measured.value - expected) / measured.error), required,
                   decides, TestKind::work});
}

/// <exp(-W/T)>, forward and reverse, and Bennett's DeltaF, against the closed form.
void test_work(const Config& config, const std::vector<PhaseSetup>& setups,
               const std::vector<PhaseObserver>& observers, PhaseJudgement& found) {
  const auto* trap = std::get_if<laws::Trap>(&config.phase_space->potential);
  const PhaseSetup& run = setups.front();
  if (trap == nullptr || !std::isfinite(run.temperature) ||
      run.independence != Independence::always)
    return;
  const PhaseSide &forward = observers.front().side, &reverse = observers.back().side;
  const double delta_f = theory::trap_free_energy(config.ensemble.dimension, run.temperature,
                                                  trap->stiffness.from, trap->stiffness.to);
  for (const PhaseSide* side : {&forward, &reverse}) {
    const double sign = side == &forward ? 1.0 : -1.0;
    const analysis::Jarzynski average = analysis::jarzynski(side->work, run.temperature);
    // Whether exp(-W/T) has a variance depends on the protocol, and no sample shows it: a mean over
    // its standard error need not be a normal deviate. Bennett's acceptances below lie in [0, 1].
    test_value(side->name, "<exp(-(W - DeltaF)/T)> (Jarzynski)",
               analysis::exponential_average(side->work, sign * delta_f, run.temperature), 1.0,
               false, false, found.tests);
    found.comparison.remarks.push_back(
        {Kind::work,
         {analysis::mean_work(side->work).value, average.delta_f.value, average.delta_f.error,
          sign * delta_f, average.bias, average.effective_samples,
          static_cast<double>(side->work.size()), average.is_trusted ? 1.0 : 0.0},
         {side->name}});
  }
  const analysis::AcceptanceRatio both =
      analysis::acceptance_ratio(forward.work, reverse.work, run.temperature);
  const bool fair = run.keeps_boltzmann && run.starts_in_equilibrium;
  test_value(forward.name, "DeltaF by Bennett's acceptance ratio", both.delta_f, delta_f,
             fair && both.is_trusted, true, found.tests);
  const analysis::Crooks crooks = analysis::crooks(forward.work, reverse.work);
  if (!crooks.line) return;
  found.comparison.remarks.push_back(
      {Kind::crooks_line,
       {run.temperature * crooks.line->slope, run.temperature * crooks.line->slope_error,
        crooks.delta_f.value, crooks.delta_f.error}});
}

void remark_end(const PhaseSetup& setup, const PhaseSide& side, std::vector<Remark>& remarks) {
  if (!std::isfinite(side.temperature)) return;
  Remark remark{
      Kind::distance_to_law, {side.temperature, setup.keeps_boltzmann ? 1.0 : 0.0}, {setup.name}};
  for (const Marginal& marginal : side.marginals) {
    if (marginal.probability.empty()) continue;
    remark.numbers.push_back(
        analysis::total_variation(marginal.counts, marginal.probability, marginal.total));
    remark.names.push_back(marginal.name);
  }
  if (remark.names.size() > 1) remarks.push_back(remark);
}

/// A step that is too long makes energy of nothing: what strokes, baths and walls did not give,
/// where nothing drives.
void remark_integrator(const PhaseSetup& setup, const PhaseSide& side,
                       std::vector<Remark>& remarks) {
  const Quantity *const work = side.quantity("work"), *const kinetic =
                                                          side.quantity("kinetic_energy");
  constexpr double small = 0.01;
  const double gained = work->values.back();
  // Collisions do the particles' works in pairs whose sum is 0, so that the scatter of these is not
  // that of their mean.
  const double error = setup.independence == Independence::always ? work->errors.back() : 0.0;
  if (std::abs(gained) < small * kinetic->values.back() || std::abs(gained) < 5.0 * error) return;
  remarks.push_back({Kind::integrator_gain, {gained, error}, {setup.name}});
}

/// In a harmonic well of frequency w velocity Verlet keeps p^2/2m + (1 - h^2 w^2/4) V, and with a
/// Langevin bath <p^2/m> is (1 - h^2 w^2/4) T, <V> exact (B. Leimkuhler, C. Matthews, Appl. Math.
/// Res. Express 2013, 34): said where it is more than a hundredth.
void remark_step(const Config& config, std::vector<Remark>& remarks) {
  constexpr double worth_saying = 0.01;
  const double h = longest_step(config), frequency = highest_frequency(*config.phase_space);
  const double bias = 0.25 * std::pow(h * frequency, 2);
  if (!(bias > worth_saying)) return;
  remarks.push_back({Kind::long_step, {h, frequency, 100.0 * bias}});
}

/// The verdict, and why.
void decide(const PhaseSetup& run, bool driven, const std::vector<Test>& tests,
            const Judgement& judgement, Comparison& comparison) {
  // Numbers of events alone do not make a run consistent: it must agree in everything else that is
  // tested of itself.
  const Test* shape = nullptr;
  for (const Test& test : tests)
    if (test.side == run.name && test.decides && test.kind != TestKind::count &&
        (shape == nullptr || test.p_value < shape->p_value))
      shape = &test;
  const double limit = judgement.limit;
  const Test* const must = judgement.worst;
  const auto why = [&comparison](Kind kind, const Test& test) {
    comparison.why = {kind, {test.measured, test.expected, test.p_value}, {test.side, test.what}};
  };
  if (!judgement.agrees()) {
    comparison.verdict = Verdict::inconsistent;
    why(Kind::phase_disagrees, *must);
    comparison.why.numbers.push_back(limit);
  } else if (shape != nullptr && shape->p_value >= limit) {
    comparison.verdict = Verdict::consistent;
    if (must == nullptr) return why(Kind::ends_in_law, *shape);
    why(Kind::phase_agrees, *must);
    comparison.why.numbers.insert(comparison.why.numbers.end(),
                                  {static_cast<double>(judgement.required), limit});
  } else if (shape == nullptr) {
    comparison.why = {!driven                                    ? Kind::no_law_of_end
                      : run.independence == Independence::always ? Kind::too_few_paths
                                                                 : Kind::works_are_shared};
  } else if (driven) {
    why(Kind::work_breaks_law, *shape);
  } else if (run.keeps_boltzmann) {
    comparison.why = {Kind::not_in_law_yet};
  } else {
    why(Kind::end_breaks_law, *shape);
  }
}

}  // namespace

PhaseJudgement judge_phase_space(const Config& config, const std::vector<PhaseSetup>& setups,
                                 const std::vector<PhaseObserver>& observers) {
  PhaseJudgement found;
  std::vector<Test>& tests = found.tests;
  Comparison& comparison = found.comparison;
  const bool driven = std::holds_alternative<laws::Trap>(config.phase_space->potential);
  for (std::size_t k = 0; k < setups.size(); ++k) {
    const PhaseSide& side = observers[k].side;
    test_counts(config, setups[k], observers[k].ledger, tests);
    if (driven) continue;  // the end is none of equilibrium
    test_marginals(setups[k], side, tests);
    remark_end(setups[k], side, comparison.remarks);
    remark_integrator(setups[k], side, comparison.remarks);
  }
  remark_step(config, comparison.remarks);
  if (const std::optional<Remark> rounded = rounded_bath(config))
    comparison.remarks.push_back(*rounded);
  test_work(config, setups, observers, found);

  const Judgement judgement = judge(tests, verdict_false_alarm_rate);
  comparison.false_alarm_rate = verdict_false_alarm_rate;
  comparison.tests = judgement.required;
  comparison.p_limit = judgement.limit;
  decide(setups.front(), driven, tests, judgement, comparison);
  return found;
}

}  // namespace powerstroke::study
