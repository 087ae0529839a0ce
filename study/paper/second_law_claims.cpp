#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/study/paper/claims.hpp"
#include "powerstroke/study/paper/measures.hpp"

namespace powerstroke::study {
namespace {

/// Quanta of the particles and of their two-level systems together.
std::int64_t all_quanta(const RunResult& run, std::size_t snapshot) {
  const double systems = static_cast<double>(run.config.strokes->bath.systems);
  return quanta(run.histograms, snapshot) +
         std::llround(run.series.excited.at(0).at(snapshot) * systems);
}

std::int64_t largest_loss(const RunResult& run) {
  std::int64_t loss = 0;
  for (std::size_t i = 0; i < run.series.t.size(); ++i)
    loss = std::max(loss, std::abs(all_quanta(run, i) - all_quanta(run, 0)));
  return loss;
}

Findings total_entropy_never_falls(const PaperResults& results) {
  const RunResult& run = results["bath"];
  const double lost = largest_fall(run.quantity("S_E").solution);  // the particles give energy away
  std::vector<double> total;
  for (const double entropy : run.quantity("total_entropy").solution)
    total.push_back(entropy - run.quantity("total_entropy").solution[0]);
  Findings out;
  out.checks = {
      at_most(Role::claim, "largest fall of the total entropy, k_B per particle",
              largest_fall(run.quantity("total_entropy").solution), 1e-9,
              "ten times the solver’s tolerance"),
      at_least(Role::claim, "rise of the total entropy by the end", total.back(), 0.1,
               "it is produced"),
      at_most(Role::claim, "quanta that appeared or were lost, particles and systems together",
              static_cast<double>(largest_loss(run)), 0.0, "counted as integers"),
      at_least(Role::witness, "largest fall of the particles’ own entropy, k_B", lost, 0.1,
               "they give energy away"),
      agrees(Role::witness, "particles: S_E at the end", run.quantity("S_E").values.back(),
             run.quantity("S_E").errors.back(), run.quantity("S_E").solution.back()),
      follows_equation(run, "bath"),
  };
  out.told = fmt::format(
      "With {} two-level systems, cold at the start, the total entropy rises by {:.4f} k_B per "
      "particle and never falls; "
      "energy is kept "
      "to the last quantum. The entropy of the particles alone falls by {:.4f}.",
      run.config.strokes->bath.systems, total.back(), lost);
  return out;
}

Findings exchange_produces_entropy(const PaperResults& results) {
  const RunResult& run = results["exchange"];
  std::int64_t lost = 0;
  for (std::size_t i = 0; i < run.series.t.size(); ++i)
    lost = std::max(lost, std::abs(quanta(run.histograms, i) - quanta(run.histograms, 0)));
  Findings out;
  out.checks = {
      at_most(Role::claim, "quanta that appeared or were lost", static_cast<double>(lost), 0.0,
              "counted as integers"),
      at_most(Role::claim, "largest fall of S_E, k_B", largest_fall(run.quantity("S_E").solution),
              1e-9, "ten times the solver’s tolerance"),
      at_least(Role::claim, "rise of S_E by the end",
               run.quantity("S_E").solution.back() - run.quantity("S_E").solution.front(), 0.1,
               "it is produced"),
      agrees(Role::witness, "particles: S_E at the end", run.quantity("S_E").values.back(),
             run.quantity("S_E").errors.back(), run.quantity("S_E").solution.back()),
      follows_equation(run, "exchange"),
  };
  out.told = fmt::format(
      "Quanta passed from particle to particle: S_E rises from {:.4f} to {:.4f} and not one "
      "quantum is lost.",
      run.quantity("S_E").solution.front(), run.quantity("S_E").solution.back());
  return out;
}

Findings rise_is_information_lost(const PaperResults& results) {
  const RunResult& run = results["information"];
  const std::vector<double>& t = run.solution.t;
  std::vector<double> gained, lost, minus;
  double apart = 0.0;
  for (std::size_t i = 0; i < t.size(); ++i) {
    gained.push_back(run.quantity("S_E").solution[i] - run.quantity("S_E").solution[0]);
    lost.push_back(run.quantity("information").solution[0] -
                   run.quantity("information").solution[i]);
    minus.push_back(-run.quantity("information").solution[i]);
    apart = larger(apart, std::abs(gained.back() - lost.back()));
  }
  const std::size_t two = snapshot_at(t, 2.0);
  Findings out;
  out.checks = {
      at_most(Role::claim, "largest |entropy gained - information lost|, k_B", apart, 1e-6,
              "far above the solver’s tolerance"),
      at_most(Role::condition, "largest rise of I(E_0; E_t), k_B", largest_fall(minus), 1e-9,
              "ten times the solver’s tolerance"),
      at_least(Role::condition, "information lost by the end, k_B", lost.back(), 0.1, "it falls"),
      agrees(Role::witness, "particles: I(E_0; E_t) at t = 2",
             run.quantity("information").values[two], run.quantity("information").errors[two],
             run.quantity("information").solution[two]),
      follows_equation(run, "information"),
  };
  out.told = fmt::format(
      "What a particle’s energy tells of its start, I(E_0; E_t), falls from {:.4f} to {:.4f} and "
      "never rises. S_E rises by "
      "{:.4f} "
      "meanwhile: a rise of entropy is what strokes add, H(E_t|E_0), less what they make a "
      "particle forget, H(E_0|E_t).",
      run.quantity("information").solution.front(), run.quantity("information").solution.back(),
      gained.back());
  return out;
}

Findings paths_average_to_one(const PaperResults& results) {
  Findings out;
  double farthest = 0.0;
  for (const char* name : {"paths_thermal", "paths_fixed"}) {
    const RunResult& run = results[name];
    const Quantity &average = run.quantity("path_average"), &entropy = run.quantity("path_entropy");
    double worst = 0.0;
    for (std::size_t i = 1; i < average.values.size(); ++i)
      worst = larger(worst, std::abs(average.values[i] - 1.0) / average.errors[i]);
    farthest = larger(farthest, worst);
    const std::string rates = std::string(name) == "paths_thermal" ? "thermal" : "fixed";
    out.checks.push_back(at_most(
        Role::claim, rates + " rates: <exp(-Delta s_tot)> from 1, in standard errors, at most",
        worst, largest_deviate(), "chance"));
    out.checks.push_back(at_least(Role::claim,
                                  rates + " rates: <Delta s_tot> at the end, in standard errors",
                                  entropy.values.back() / entropy.errors.back(), largest_deviate(),
                                  "positive beyond chance"));
    out.checks.push_back(follows_equation(run, rates + " rates"));
  }
  const RunResult& paths = results["paths_thermal"];
  const Quantity &average = paths.quantity("path_average"),
                 &entropy = paths.quantity("path_entropy");
  out.told = fmt::format(
      "Over the paths of {} particles <exp(-Delta s_tot)> is {:.4f} ± {:.4f} at the end, and 1 "
      "within {:.1f} standard "
      "errors at all "
      "times; on the average Delta s_tot = {:.4f} ± {:.4f}.",
      paths.config.ensemble.particles, average.values.back(), average.errors.back(), farthest,
      entropy.values.back(), entropy.errors.back());
  return out;
}

}  // namespace

std::vector<Claim> second_law_claims() {
  return {
      {"constant-energy",
       "sections 1, 5",
       "Entropy is produced at constant energy",
       "Exchange of energy with quantum degrees of freedom produces entropy while no energy is "
       "transferred in total.",
       "",
       Outcome::holds,
       {"exchange"},
       exchange_produces_entropy},
      {"second-law",
       "sections 1, 5",
       "The second law, with the quantum systems in sight",
       "Of particles and quantum systems together the energy stays and the entropy never falls.",
       "",
       Outcome::holds,
       {"bath"},
       total_entropy_never_falls},
      {"information",
       "section 5",
       "A rise of entropy is a loss of Shannon information",
       "The increase of Gibbs’ entropy is said to be equivalent to a decrease of Shannon "
       "information.",
       "it means that what a particle’s energy tells of its start only falls; the amounts differ",
       Outcome::holds_when,
       {"information"},
       rise_is_information_lost},
      {"paths",
       "reference 6",
       "Path by path, <exp(-Delta s_tot)> = 1",
       "The strokes are a Markov process: the entropy that paths produce obeys Seifert’s integral "
       "fluctuation theorem, from "
       "any "
       "start, at any time.",
       "",
       Outcome::holds,
       {"paths_thermal", "paths_fixed"},
       paths_average_to_one},
  };
}

}  // namespace powerstroke::study
