#include "powerstroke/study/phase/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/analysis/theory/trap_work.hpp"
#include "powerstroke/analysis/work_theorems.hpp"
#include "powerstroke/study/judge/judge.hpp"
#include "powerstroke/study/phase/simulation.hpp"
#include "powerstroke/study/run/parts.hpp"
#include "powerstroke/study/run/rounding.hpp"

namespace powerstroke::study {
namespace {

/// Distributions at the end against Boltzmann's law.
void test_marginals(const PhaseSetup& setup, const PhaseSide& side, std::vector<Test>& tests) {
  for (const Marginal& marginal : side.marginals) {
    if (marginal.probability.empty()) continue;
    const analysis::ChiSquare fit = analysis::chi_square(marginal.counts, marginal.probability, marginal.total);
    if (fit.dof == 0.0) continue;
    tests.push_back({side.name, fmt::format("{} at the end against Boltzmann's law (chi-square)", marginal.name),
                     fit.statistic, fit.dof, fit.p_value, setup.keeps_boltzmann && setup.starts_in_equilibrium, true,
                     TestKind::distribution});
  }
}

/// Attempts are Poisson numbers with means that the config gives, if every particle stands where the rates are given.
void test_counts(const Config& config, const PhaseSetup& setup, const Ledger& ledger, std::vector<Test>& tests) {
  const PhaseConfig& p = *config.phase_space;
  if (!setup.makes_strokes || p.strokes_at_walls || p.stroke_window > 0.0) return;
  if (!laws::has_given_rates(config.strokes->law.balance)) return;
  std::size_t active = 0;
  for (const SpeciesConfig& species : p.species)
    if (species.strokes) active += species.particles;
  for (const CountTest& test : count_tests(config, ledger, static_cast<double>(active)))
    tests.push_back(
        {setup.name, "number of " + test.what, test.counted, test.expected, test.p_value, true, true, TestKind::count});
}

void test_value(const std::string& side, const std::string& what, const analysis::Estimate& measured, double expected,
                bool required, bool decides, std::vector<Test>& tests) {
  if (!std::isfinite(measured.value) || !(measured.error > 0.0)) return;
  tests.push_back({side, what, measured.value, expected,
                   analysis::normal_p_value((measured.value - expected) / measured.error), required, decides,
                   TestKind::work});
}

/// <exp(-W/T)>, forward and reverse, and Bennett's DeltaF, against the closed form.
void test_work(const Config& config, const std::vector<PhaseSetup>& setups, const std::vector<PhaseObserver>& observers,
               PhaseJudgement& found) {
  const auto* trap = std::get_if<laws::Trap>(&config.phase_space->potential);
  const PhaseSetup& run = setups.front();
  if (trap == nullptr || !std::isfinite(run.temperature)) return;
  const PhaseSide &forward = observers.front().side, &reverse = observers.back().side;
  const double delta_f =
      theory::trap_free_energy(config.ensemble.dimension, run.temperature, trap->stiffness.from, trap->stiffness.to);
  for (const PhaseSide* side : {&forward, &reverse}) {
    const double sign = side == &forward ? 1.0 : -1.0;
    const analysis::Jarzynski average = analysis::jarzynski(side->work, run.temperature);
    // Whether exp(-W/T) has a variance depends on the protocol, and no sample shows it: a mean over its standard error need
    // not be a normal deviate. Bennett's acceptances below lie in [0, 1].
    test_value(side->name, "<exp(-(W - DeltaF)/T)> (Jarzynski)",
               analysis::exponential_average(side->work, sign * delta_f, run.temperature), 1.0, false, false, found.tests);
    found.comparison.remarks.push_back(fmt::format(
        "Work, {}: <W> = {:.4f}; by Jarzynski DeltaF = {:.4f} +- {:.4f} (exact {:.4f}; the bias of the exponential average "
        "is "
        "about {:.1g}; {:.0f} effective samples of {} carry it{}).",
        side->name, analysis::mean_work(side->work).value, average.delta_f.value, average.delta_f.error, sign * delta_f,
        average.bias, average.effective_samples, side->work.size(),
        average.is_trusted ? "; it decides nothing, for its variance may be infinite" : ", too few to trust it"));
  }
  const analysis::AcceptanceRatio both = analysis::acceptance_ratio(forward.work, reverse.work, run.temperature);
  const bool fair = run.keeps_boltzmann && run.starts_in_equilibrium;
  test_value(forward.name, "DeltaF by Bennett's acceptance ratio", both.delta_f, delta_f, fair && both.is_trusted, true,
             found.tests);
  const analysis::Crooks crooks = analysis::crooks(forward.work, reverse.work);
  if (!crooks.line) return;
  found.comparison.remarks.push_back(fmt::format(
      "Crooks: ln P_F(W)/P_R(-W) has the slope {:.3f} +- {:.3f} in W/T (1 expected) and crosses 0 at W = {:.4f} +- {:.4f}.",
      run.temperature * crooks.line->slope, run.temperature * crooks.line->slope_error, crooks.delta_f.value,
      crooks.delta_f.error));
}

void remark_end(const PhaseSetup& setup, const PhaseSide& side, bool keeps, std::vector<std::string>& remarks) {
  if (!std::isfinite(side.temperature)) return;
  std::string text;
  for (const Marginal& marginal : side.marginals) {
    if (marginal.probability.empty()) continue;
    text += fmt::format("{}{} {:.3f}", text.empty() ? "" : ", ", marginal.name,
                        analysis::total_variation(marginal.counts, marginal.probability, marginal.total));
  }
  if (text.empty()) return;
  remarks.push_back(fmt::format("{}: total variation at the end to Boltzmann's law at T = {:g}: {}.{}", setup.name,
                                side.temperature, text, keeps ? "" : " What acts here does not leave that law alone."));
}

/// A step that is too long makes energy of nothing: what strokes, baths and walls did not give, where nothing drives.
void remark_integrator(const PhaseSetup& setup, const PhaseSide& side, std::vector<std::string>& remarks) {
  const Quantity *const work = side.quantity("work"), *const kinetic = side.quantity("kinetic_energy");
  constexpr double small = 0.01;
  const double gained = work->values.back();
  if (std::abs(gained) < small * kinetic->values.back() || std::abs(gained) < 5.0 * work->errors.back()) return;
  remarks.push_back(
      fmt::format("{}: the integrator changed the mean energy by {:.3g} +- {:.1g}: a smaller phase_space.step "
                  "makes this smaller by its square.",
                  setup.name, gained, work->errors.back()));
}

/// In a harmonic well of frequency w velocity Verlet keeps p^2/2m + (1 - h^2 w^2/4) V, and with a Langevin bath <p^2/m> is
/// (1 - h^2 w^2/4) T, <V> exact (B. Leimkuhler, C. Matthews, Appl. Math. Res. Express 2013, 34): said where it is more than a hundredth.
void remark_step(const Config& config, std::vector<std::string>& remarks) {
  constexpr double worth_saying = 0.01;
  const double h = longest_step(config), frequency = highest_frequency(*config.phase_space);
  const double bias = 0.25 * std::pow(h * frequency, 2);
  if (!(bias > worth_saying)) return;
  remarks.push_back(
      fmt::format("The step {:.4g} is long for this well, whose frequency is {:.4g} where it is stiffest: the integrator's "
                  "own equilibrium has a mean "
                  "kinetic energy lower by about {:.1f} % (h^2 w^2/4). A disagreement of momenta or energies by as much is "
                  "the step's; a shorter one makes it smaller by its square.",
                  h, frequency, 100.0 * bias));
}

/// The verdict, and why.
void decide(const PhaseSetup& run, bool driven, const std::vector<Test>& tests, const Judgement& judgement,
            Comparison& comparison) {
  // Numbers of events alone do not make a run consistent: it must agree in everything else that is tested of itself.
  const Test* shape = nullptr;
  for (const Test& test : tests)
    if (test.side == run.name && test.decides && test.kind != TestKind::count &&
        (shape == nullptr || test.p_value < shape->p_value))
      shape = &test;
  const double limit = judgement.limit;
  const Test* const must = judgement.worst;
  const auto told = [](const Test& test) {
    return fmt::format("{}: {}: measured {:.6g}, expected {:.6g}, p = {:.2g}", test.side, test.what, test.measured,
                       test.expected, test.p_value);
  };
  if (!judgement.agrees()) {
    comparison.verdict = Verdict::inconsistent;
    comparison.why = fmt::format("{}, below the limit {:.1e}", told(*must), limit);
  } else if (shape != nullptr && shape->p_value >= limit) {
    comparison.verdict = Verdict::consistent;
    comparison.why = must == nullptr ? "the run ends in Boltzmann's law; the worst is " + told(*shape)
                                     : fmt::format("all {} tests that must hold do; the worst is {}; the limit is {:.1e}",
                                                   judgement.required, told(*must), limit);
  } else if (shape == nullptr) {
    comparison.why = driven ? "too few trajectories of one direction look like those of the other to test the work"
                            : "no law is known that the end of this run could be compared with";
  } else if (driven) {
    comparison.why = "what acts here does not keep the theorems of work, and the run shows it: " + told(*shape);
  } else if (run.keeps_boltzmann) {
    comparison.why =
        "the run does not end in Boltzmann's law, and need not: it did not start there, and is not there yet or never will "
        "be";
  } else {
    comparison.why = "what acts here does not leave Boltzmann's law alone, and the run shows it: " + told(*shape);
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
    remark_end(setups[k], side, setups[k].keeps_boltzmann, comparison.remarks);
    remark_integrator(setups[k], side, comparison.remarks);
  }
  remark_step(config, comparison.remarks);
  if (const std::string rounded = rounded_bath(config); !rounded.empty()) comparison.remarks.push_back(rounded + ".");
  test_work(config, setups, observers, found);

  const Judgement judgement = judge(tests, verdict_false_alarm_rate);
  comparison.false_alarm_rate = verdict_false_alarm_rate;
  comparison.tests = judgement.required;
  comparison.p_limit = judgement.limit;
  decide(setups.front(), driven, tests, judgement, comparison);
  return found;
}

}  // namespace powerstroke::study
