#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/io/paper/claims.hpp"
#include "powerstroke/io/paper/measures.hpp"
#include "powerstroke/io/report/series.hpp"

namespace powerstroke::io {
namespace {

/// Quanta of the particles and of their two-level systems together.
std::int64_t all_quanta(const RunResult& run, std::size_t snapshot) {
  const double systems = static_cast<double>(run.config.strokes.bath_systems);
  return quanta(run.histograms, snapshot) + std::llround(run.series.excited.at(0).at(snapshot) * systems);
}

std::int64_t largest_loss(const RunResult& run) {
  std::int64_t loss = 0;
  for (std::size_t i = 0; i < run.series.t.size(); ++i)
    loss = std::max(loss, std::abs(all_quanta(run, i) - all_quanta(run, 0)));
  return loss;
}

Findings total_entropy_never_falls(const PaperResults& results) {
  const RunResult& run = results["bath"];
  const Solution& s = run.solution;
  const double lost = largest_fall(s.S_E);
  std::vector<double> of_bath, total, of_particles;
  for (std::size_t i = 0; i < s.t.size(); ++i) {
    of_bath.push_back(s.total_entropy[i] - s.S_E[i] - (s.total_entropy[0] - s.S_E[0]));
    total.push_back(s.total_entropy[i] - s.total_entropy[0]);
    of_particles.push_back(s.S_E[i] - s.S_E[0]);
  }
  Findings out;
  out.checks = {
      at_most(Role::claim, "largest fall of the total entropy, k_B a particle", largest_fall(s.total_entropy), 1e-9,
              "ten times the solver's tolerance"),
      at_least(Role::claim, "rise of the total entropy by the end", total.back(), 0.1, "it is produced"),
      at_most(Role::claim, "quanta that appeared or were lost, particles and systems together",
              static_cast<double>(largest_loss(run)), 0.0, "counted as integers"),
      agrees(Role::witness, "particles: S_E at the end", run.series.S_E.back(), run.series.S_E_err.back(), s.S_E.back()),
      follows_equation(run, "bath"),
  };
  out.told = fmt::format(
      "With {} two-level systems, cold at the start, the total entropy rises by {:.4f} k_B a particle and never falls; "
      "energy is kept "
      "to the last quantum. The entropy of the particles alone falls by up to {:.4f}.",
      run.config.strokes.bath_systems, total.back(), lost);
  Panel panel;
  panel.x = {"{/:Italic t}  (1/{/:Italic w}^-)", 0.0, s.t.back()};
  panel.curves = {curve("together", Mark::line, Ink::solution, s.t, total),
                  curve("particles", Mark::dashed, Ink::law, s.t, of_particles),
                  curve("two-level systems", Mark::dotted, Ink::exponential, s.t, of_bath)};
  panel.y = fitted_axis("entropy gained  (k_B)", panel.curves, 0.1);
  out.figures.push_back(single_figure("fig-bath", "Entropy of particles and two-level systems", std::move(panel),
                                      "Entropy gained since the start, per particle, of the equation with a bath.",
                                      "The line of both together rises at all times."));
  return out;
}

Findings exchange_produces_entropy(const PaperResults& results) {
  const RunResult& run = results["exchange"];
  std::int64_t lost = 0;
  for (std::size_t i = 0; i < run.series.t.size(); ++i)
    lost = std::max(lost, std::abs(quanta(run.histograms, i) - quanta(run.histograms, 0)));
  Findings out;
  out.checks = {
      at_most(Role::claim, "quanta that appeared or were lost", static_cast<double>(lost), 0.0, "counted as integers"),
      at_most(Role::claim, "largest fall of S_E, k_B", largest_fall(run.solution.S_E), 1e-9,
              "ten times the solver's tolerance"),
      at_least(Role::claim, "rise of S_E by the end", run.solution.S_E.back() - run.solution.S_E.front(), 0.1,
               "it is produced"),
      agrees(Role::witness, "particles: S_E at the end", run.series.S_E.back(), run.series.S_E_err.back(),
             run.solution.S_E.back()),
      follows_equation(run, "exchange"),
  };
  out.told =
      fmt::format("Quanta passed from particle to particle: S_E rises from {:.4f} to {:.4f} and not one quantum is lost.",
                  run.solution.S_E.front(), run.solution.S_E.back());
  return out;
}

}  // namespace

std::vector<Claim> second_law_claims() {
  return {
      {"constant-energy",
       "sections 1, 5",
       "Entropy is produced at constant energy",
       "Exchange of energy with quantum degrees of freedom produces entropy while no energy is transferred in total.",
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
  };
}

}  // namespace powerstroke::io
