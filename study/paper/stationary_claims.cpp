#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/analysis/theory/closed_forms.hpp"
#include "powerstroke/study/paper/claims.hpp"
#include "powerstroke/study/paper/measures.hpp"

namespace powerstroke::study {
namespace {

/// Chi-square of a snapshot against the exponential of the start's mean energy.
analysis::ChiSquare against_exponential(const RunResult& run, std::size_t snapshot) {
  const std::vector<double> law = theory::exponential_bin_probabilities(
      laws::mean(run.config.ensemble.energy), run.histograms.edges);
  return analysis::chi_square(run.histograms.counts.at(snapshot), law,
                              run.config.ensemble.particles);
}

Findings exponential_is_reached(const PaperResults& results) {
  const RunResult& run = results["relaxation"];
  const RunResult& mixed = results["incommensurate"];
  const StationaryFit& fit = run.comparison.stationary;
  const std::size_t last = mixed.series.t.size() - 1;
  const double of_particles = analysis::total_variation(
      shares(run, run.series.t.size() - 1),
      theory::exponential_bin_probabilities(run.quantity("mean_energy").solution.front(),
                                            run.histograms.edges));
  Findings out;
  out.checks = {
      at_most(Role::claim, "one delta_e: total variation of the stationary law to the exponential",
              fit.exponential_total_variation, 1e-3, "a thousandth of all probability"),
      at_least(
          Role::condition,
          "thresholds 1 and sqrt 2: p-value of the particles at the end against the exponential",
          against_exponential(mixed, last).p_value, false_alarm_rate, "chance"),
      at_least(Role::witness, "one delta_e: the particles’ own total variation to the exponential",
               of_particles, 0.2, "the law’s is 0.29"),
      at_most(Role::witness,
              "one delta_e: total variation of equation and its stationary law at t = 100",
              fit.solution_total_variation, 0.005, "it is reached"),
      at_most(Role::witness, "thresholds 1 and sqrt 2: p-value at the start",
              against_exponential(mixed, 0).p_value, false_alarm_rate, "the test tells them apart"),
      follows_equation(run, "one delta_e"),
  };
  out.told = fmt::format(
      "One delta_e keeps E modulo delta_e: the levels become geometric, ratio {:.4g}, and the "
      "distance to the exponential "
      "stays {:.3f}. "
      "With thresholds 1 and sqrt 2 the particles end in the exponential, p = {:.2g}.",
      fit.ratio, fit.exponential_total_variation, against_exponential(mixed, last).p_value);
  return out;
}

/// Total variation between the first and the last snapshot of the equation.
double moved(const RunResult& run) {
  return analysis::total_variation(run.solution.bin_probability.front(),
                                   run.solution.bin_probability.back());
}

Findings maxwell_boltzmann_lasts(const PaperResults& results) {
  Findings out;
  for (const int d : {1, 2, 3}) {
    const Role role = d == 2 ? Role::condition : Role::claim;
    out.checks.push_back(at_most(
        role, fmt::format("d = {}, constant rates: total variation from the start at t = 100", d),
        moved(results[fmt::format("mb{}", d)]), 1e-8, "a hundred times the solver’s tolerance"));
  }
  for (const int d : {1, 2, 3}) {
    out.checks.push_back(
        at_most(Role::condition, fmt::format("d = {}, microreversible rates: the same", d),
                moved(results[fmt::format("mb{}_microreversible", d)]), 1e-8, "as before"));
  }
  out.checks.push_back(follows_equation(results["mb3"], "d = 3, constant rates"));
  out.checks.push_back(
      follows_equation(results["mb3_microreversible"], "d = 3, microreversible rates"));
  out.told = fmt::format(
      "Constant rates move a Maxwell-Boltzmann start by {:.3f} in total variation in d = 1, by "
      "{:.2g} in d = 2 and by "
      "{:.3f} in d = "
      "3. "
      "Microreversible rates leave it where it is in every d.",
      moved(results["mb1"]), moved(results["mb2"]), moved(results["mb3"]));
  return out;
}

}  // namespace

std::vector<Claim> stationary_claims() {
  return {
      {"exponential",
       "(11)",
       "The unique stationary solution is the exponential",
       "P(E + delta_e) proportional to P(E), it is said, has one integrable solution, the "
       "exponential, whatever delta_e and "
       "the "
       "rates are.",
       "thresholds share no common divisor, or the start is spread over E modulo delta_e as an "
       "exponential is",
       Outcome::holds_when,
       {"relaxation", "incommensurate"},
       exponential_is_reached},
      {"maxwell-boltzmann",
       "(11), (15), (17)",
       "Maxwell and Boltzmann’s distribution is stationary",
       "A gas whose momenta are Maxwell-Boltzmann distributed stays so. (Whether strokes lead "
       "there from another start is "
       "the "
       "claim before this one.)",
       "d = 2, or rates are microreversible",
       Outcome::holds_when,
       {"mb1", "mb2", "mb3", "mb1_microreversible", "mb2_microreversible", "mb3_microreversible"},
       maxwell_boltzmann_lasts},
  };
}

}  // namespace powerstroke::study
