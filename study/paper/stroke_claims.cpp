#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/math/distributions/poisson.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/analysis/theory/passage.hpp"
#include "powerstroke/kernels/finite_strokes.hpp"
#include "powerstroke/kernels/laws/stroke_force.hpp"
#include "powerstroke/study/paper/claims.hpp"
#include "powerstroke/study/paper/measures.hpp"

namespace powerstroke::study {
namespace {

/// Largest and smallest power F v of an uptake of 1 over 0.1 among speeds from 0.01 to 100,
/// relative to 10.
double spread_of_power() {
  const laws::StrokeForce force{10.0};
  double spread = 0.0;
  for (double v = 0.01; v <= 100.0; v *= 1.1)
    spread = larger(spread, std::abs(force.along_velocity(v) * v / 10.0 - 1.0));
  return spread;
}

/// Free particles of speeds 0.1 to 10 under strokes that last, moved in uneven steps: by how much
/// the energy of an idle one misses a whole number of delta_e since the start.
double missed_energy(const Config& config) {
  constexpr std::size_t count = 500;
  std::vector<double> p(count), stroke(count), remaining(count), start(count);
  for (std::size_t i = 0; i < count; ++i) {
    p[i] = 0.1 * std::pow(100.0, static_cast<double>(i) / (count - 1));
    start[i] = 0.5 * p[i] * p[i];
  }
  const StrokedMomenta particles{MomentumView(p, 1.0), stroke, remaining};
  const FiniteStrokes strokes(config.strokes->law, 0.3, config.seed);
  StepClock clock;
  Ledger ledger;
  double t = 0.0;
  for (int step = 0; step < 200; ++step) {
    const double dt = 0.01 + 0.013 * (step % 7);
    strokes.advance(particles, t, dt, clock, ledger);
    t += dt;
  }
  double missed = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    const double gained = (0.5 * p[i] * p[i] - start[i]) / config.strokes->delta_e();
    if (stroke[i] == 0.0) missed = larger(missed, std::abs(gained - std::round(gained)));
  }
  return missed;
}

/// Prob(at least k strokes begun by t) at the rate w, when none begins while one lasts: the k-th
/// waits for k exponential times and k - 1 windows.
double begun(int k, double w, double t, double window) {
  const double idle = t - (k - 1) * window;
  if (k == 0) return 1.0;
  return idle > 0.0 ? boost::math::gamma_p(k, w * idle) : 0.0;
}

}  // namespace

double distance_of_window(double window) {
  constexpr double w = 1.0, t = 4.0;
  double sum = 0.0;
  for (int k = 0; k < 60; ++k) {
    const double lasting = begun(k, w, t, window) - begun(k + 1, w, t, window);
    sum += std::abs(lasting - boost::math::pdf(boost::math::poisson(w * t), k));
  }
  return 0.5 * sum;
}

std::vector<Passing> courses() {
  std::vector<Passing> all;
  for (const theory::NamedPassage& named : theory::passages_of_figure_2()) {
    std::vector<double> times;
    for (double x = -40.0; x <= 40.0; x += 0.05) times.push_back(x * named.passage.duration);
    Passing c{named.name,
              0.0,
              laws::flip_probability(named.passage),
              0.0,
              theory::passage_course(named.passage, times),
              named.passage.duration};
    c.flips = c.course.upper.back();
    c.norm = c.course.norm;
    all.push_back(std::move(c));
  }
  return all;
}

namespace {

Findings force_depends_on_velocity(const PaperResults& results) {
  const laws::StrokeForce force{1.0};
  const double missed = missed_energy(results["broadening"].config);
  const double order = std::log2(distance_of_window(0.0125) / distance_of_window(0.00625));
  Findings out;
  out.checks = {
      at_most(Role::claim,
              "F v against delta_e/Delta t, speeds 0.01 to 100: largest relative difference",
              spread_of_power(), 1e-15, "rounding"),
      within(Role::claim, "force at speed 0.5 over that at speed 5",
             force.along_velocity(0.5) / force.along_velocity(5.0), 10.0, 1e-12, "rounding"),
      at_most(Role::claim,
              "500 particles, speeds 0.1 to 10, strokes cut into steps: |dE| off a whole delta_e",
              missed, 1e-10, "a few hundred roundings of the energies"),
      within(Role::witness, "Delta t to 0: order of the convergence to instantaneous strokes",
             order, 1.0, 0.03, "the next order, about Delta t"),
  };
  out.told = fmt::format(
      "F v = delta_e/Delta t at every speed; strokes that last pass delta_e to {:.0e}, whatever "
      "the speed and however they "
      "are cut "
      "into steps. They become instantaneous ones at order {:.3f} in Delta t.",
      missed, order);
  return out;
}

Findings passages_of_the_figure(const PaperResults& results) {
  const std::vector<Passing> all = courses();
  double worst = 0.0, norm = 0.0;
  for (const Passing& c : all) {
    worst = larger(worst, std::abs(c.flips - c.closed_form));
    norm = larger(norm, std::abs(c.norm - 1.0));
  }
  const double lowest = *std::min_element(all[2].course.energy.begin(), all[2].course.energy.end());
  const RunResult& run = results["passages"];
  Findings out;
  out.checks = {
      at_most(Role::claim, "fast passage: probability that it flips the two-level system",
              all[0].flips, 0.01, "elastic"),
      at_least(Role::claim, "between: the same", all[1].flips, 0.5, "inelastic"),
      at_most(Role::claim, "slow passage: the same", all[2].flips, 1e-4, "elastic"),
      at_most(Role::claim, "slow passage: lowest energy on the way, delta_e (the level is -0.5)",
              lowest, -1.0, "a transient decrease"),
      at_most(Role::witness, "Schrödinger’s equation against Rosen and Zener’s formula", worst,
              1e-8, "both computed to 1e-9"),
      at_most(Role::witness, "largest |norm - 1| of the state", norm, 1e-8,
              "the integrator’s tolerance"),
      at_most(Role::witness,
              "strokes at such rates: total variation of a Maxwell-Boltzmann start at t = 10",
              analysis::total_variation(run.solution.bin_probability.front(),
                                        run.solution.bin_probability.back()),
              1e-8, "detailed balance keeps it"),
      follows_equation(run, "strokes at such rates"),
  };
  out.told = fmt::format(
      "Schrödinger’s equation of a two-level system that a particle passes: it flips with P = "
      "{:.4f} in a fast passage, "
      "{:.2f} "
      "between, {:.1e} in a slow one, where its energy sinks to {:.2f} delta_e and comes back.",
      all[0].flips, all[1].flips, all[2].flips, lowest);
  return out;
}

/// Probability of [low, high) of a snapshot of the equation.
double probability(const RunResult& run, std::size_t snapshot, double low, double high) {
  double sum = 0.0;
  for (std::size_t i = 0; i + 1 < run.histograms.edges.size(); ++i)
    if (run.histograms.edges[i] > low - 1e-9 && run.histograms.edges[i + 1] < high + 1e-9)
      sum += run.solution.bin_probability[snapshot][i];
  return sum;
}

Findings distributions_broaden(const PaperResults& results) {
  const RunResult& run = results["broadening"];
  const RunResult& slow = results["slow_particles"];
  const auto peak = [&](std::size_t k) {
    const std::vector<double>& p = run.solution.bin_probability[k];
    return *std::max_element(p.begin(), p.end()) /
           (run.histograms.edges[1] - run.histograms.edges[0]);
  };
  const double left = probability(run, 1, 0.5, 1.5) - probability(run, 0, 0.5, 1.5);
  const double right = probability(run, 1, 2.5, 3.5) - probability(run, 0, 2.5, 3.5);
  const double sped_up =
      slow.quantity("mean_energy").solution.back() - slow.quantity("mean_energy").solution.front();
  const auto gained = static_cast<double>(quanta(slow.histograms, 1) - quanta(slow.histograms, 0)) /
                      static_cast<double>(slow.config.ensemble.particles);
  Findings out;
  out.checks = {
      at_most(Role::claim, "height of the peak, over that at the start", peak(1) / peak(0), 0.9,
              "it falls"),
      at_least(Role::claim, "probability shifted to the left flank, 0.5 < E < 1.5", left, 0.05,
               "it rises"),
      at_least(Role::claim, "probability shifted to the right flank, 2.5 < E < 3.5", right, 0.05,
               "it rises"),
      at_least(Role::claim, "all E < delta_e: mean energy gained by t = 0.3, delta_e", sped_up,
               0.05, "they are sped up"),
      at_most(Role::claim, "all E < delta_e: particles with less energy than at the start",
              static_cast<double>(slow.histograms.levels.back().front()), 0.0,
              "they are not damped"),
      at_least(Role::witness, "all E < delta_e: blocked attempts to release",
               static_cast<double>(slow.series.blocked.back()), 1.0, "attempts there were"),
      agrees(Role::witness, "all E < delta_e: energy gained by the particles, delta_e", gained,
             std::sqrt(static_cast<double>(slow.performance.strokes)) /
                 static_cast<double>(slow.config.ensemble.particles),
             sped_up),
      follows_equation(run, "normal start"),
      follows_equation(slow, "start below delta_e"),
  };
  out.told = fmt::format(
      "By t = 0.3 the peak falls to {:.2f} of its height, {:.3f} of the probability is shifted to "
      "the left flank and {:.3f} "
      "to the "
      "right. Particles that start below delta_e gain {:.3f} delta_e each; {} attempts to slow "
      "them were blocked.",
      peak(1) / peak(0), left, right, gained, slow.series.blocked.back());
  return out;
}

}  // namespace

std::vector<Claim> stroke_claims() {
  return {
      {"force",
       "(4)",
       "A stroke is a force that depends on the velocity",
       "A stroke acts as the force F = delta_e/(v Delta t) along the velocity.",
       "",
       Outcome::holds,
       {"broadening"},
       force_depends_on_velocity},
      {"passages",
       "Figure 2",
       "Fast and slow collisions are elastic, those between are not",
       "A rapid passage leaves the internal energy as it is, an adiabatic one brings it back, and "
       "between them energy is "
       "passed.",
       "",
       Outcome::holds,
       {"passages"},
       passages_of_the_figure},
      {"broadening",
       "Figure 3",
       "Strokes shift probability to the flanks and flatten the peak",
       "Parts of the density move by delta_e to either side. What lies below delta_e cannot be "
       "damped, but is sped up.",
       "",
       Outcome::holds,
       {"broadening", "slow_particles"},
       distributions_broaden},
  };
}

}  // namespace powerstroke::study
