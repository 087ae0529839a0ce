#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <numbers>

#include "powerstroke/analysis/theory/closed_forms.hpp"
#include "powerstroke/kernels/laws/energy_law.hpp"
#include "powerstroke/study/paper/claims.hpp"
#include "powerstroke/study/paper/measures.hpp"

namespace powerstroke::study {

double entropy_slope(const RunResult& run, double t) {
  constexpr double h = 0.02;
  const std::vector<double>& entropy = run.quantity("S_E").solution;
  const auto S = [&](double at) { return entropy[snapshot_at(run.solution.t, at)]; };
  return (S(t - 2 * h) - 8.0 * S(t - h) + 8.0 * S(t + h) - S(t + 2 * h)) / (12.0 * h);
}

namespace {

Findings production_is_that_of_appendix(const PaperResults& results) {
  const RunResult& run = results["relaxation"];
  const Solution& s = run.solution;
  const Quantity& entropy = run.quantity("S_E");
  const std::vector<double>& production = run.quantity("entropy_production").solution;
  double worst = 0.0;
  std::vector<double> slopes;
  for (const double t : slope_times) {
    slopes.push_back(entropy_slope(run, t));
    worst = larger(worst, std::abs(slopes.back() / production[snapshot_at(s.t, t)] - 1.0));
  }
  Findings out;
  out.checks = {
      at_most(Role::claim, "largest relative difference of dS_E/dt and (A.6), t = 1 to 20", worst,
              1e-5, "the differences’ own error, below 1e-5"),
      at_most(Role::claim, "largest fall of S_E, k_B", largest_fall(entropy.solution), 1e-9,
              "ten times the solver’s tolerance"),
      follows_equation(run, "relaxation"),
      agrees(Role::witness, "particles: S_E at the end", entropy.values.back(),
             entropy.errors.back(), entropy.solution.back()),
  };
  const std::size_t ten = snapshot_at(s.t, 10.0);
  out.told = fmt::format(
      "S_E rises from {:.4f} to {:.4f} and never falls; at t = 10 its slope is {:.8f}, and (A.6) "
      "says {:.8f}.",
      entropy.solution.front(), entropy.solution.back(), slopes[3], production[ten]);
  return out;
}

/// ln of the largest entropy of momenta at a mean energy: Maxwell and Boltzmann’s, d/2 ln(2 pi e m
/// T).
double largest_entropy(int dimension, double mass, double mean_energy) {
  const double temperature = 2.0 * mean_energy / dimension;
  return 0.5 * dimension * std::log(2.0 * std::numbers::pi * std::numbers::e * mass * temperature);
}

/// Standard error of S^(1) of independent particles in equilibrium at d = 3: -ln P is E/T and a
/// constant there. Those that share rates scatter less about the largest entropy of their own mean
/// energy.
double entropy_error(const RunResult& run) {
  return std::sqrt(1.5 / static_cast<double>(run.config.ensemble.particles));
}

Findings one_particle_entropy_never_falls(const PaperResults& results) {
  const RunResult& mb = results["mb3"];
  const RunResult& run = results["relaxation"];
  const RunResult& mixed = results["incommensurate_microreversible"];
  const double top = largest_entropy(3, 1.0, 3.5);
  const char* why = "ten times the solver’s tolerance";
  Findings out;
  out.checks = {
      at_most(Role::claim, "Maxwell-Boltzmann start, d = 3: largest fall of S^(1), k_B",
              largest_fall(mb.quantity("S_1").solution), 1e-9, why),
      at_most(Role::claim, "narrow start, d = 3: the same",
              largest_fall(run.quantity("S_1").solution), 1e-9, why),
      at_most(Role::condition, "microreversible, Maxwell-Boltzmann start: the same",
              largest_fall(results["mb3_microreversible"].quantity("S_1").solution), 1e-9, why),
      at_most(Role::condition, "microreversible, narrow start: the same",
              largest_fall(results["relaxation_microreversible"].quantity("S_1").solution), 1e-9,
              why),
      agrees(Role::condition,
             "microreversible, thresholds 1 and sqrt 2: S^(1) of particles at the end",
             mixed.quantity("S_1").values.back(), entropy_error(mixed),
             largest_entropy(3, 1.0, mixed.quantity("mean_energy").values.back())),
      at_most(Role::condition, "constant rates in d = 2: largest fall of S^(1), k_B",
              largest_fall(results["mb2"].quantity("S_1").solution), 1e-9, why),
      within(Role::witness, "Maxwell-Boltzmann start: S^(1), against 3/2 ln(2 pi e m T)",
             mb.quantity("S_1").solution.front(), top, 1e-8, "the solver’s grid"),
      follows_equation(mb, "Maxwell-Boltzmann start"),
      follows_equation(results["mb3_microreversible"], "microreversible"),
  };
  out.told = fmt::format(
      "From a Maxwell-Boltzmann start S^(1) falls from {:.6f} to {:.6f} at t = 100 while S_E rises "
      "from {:.4f} to {:.4f}; "
      "from the "
      "narrow start it reaches {:.4f} and falls to {:.4f}. With microreversible rates it never "
      "falls.",
      mb.quantity("S_1").solution.front(), mb.quantity("S_1").solution.back(),
      mb.quantity("S_E").solution.front(), mb.quantity("S_E").solution.back(),
      *std::max_element(run.quantity("S_1").solution.begin(), run.quantity("S_1").solution.end()),
      run.quantity("S_1").solution.back());
  return out;
}

/// The rate at which what S_E has yet to gain decays between two late snapshots, halved: it is of
/// second order in the distance from the stationary state, as is the production.
Findings equilibration_has_the_uptake_rate(const PaperResults& results) {
  const RunResult &run = results["relaxation"], &run_twice = results["relaxation_twice"];
  const Solution &s = run.solution, &twice = run_twice.solution;
  const std::vector<double>&phi = run.quantity("phi").solution,
        &production = run.quantity("entropy_production").solution,
        &production_twice = run_twice.quantity("entropy_production").solution;
  const std::size_t from = snapshot_at(s.t, 80.0), to = snapshot_at(s.t, 100.0);
  const double uptake_rate = phi[to];
  const double decay = 0.5 * std::log(production[from] / production[to]) / (s.t[to] - s.t[from]);
  const double slowest = theory::slowest_decay_rate(phi[to], 1.0);
  Findings out;
  out.checks = {
      at_least(Role::claim,
               "decay rate of the distance from the stationary state, t = 80 to 100, over w+",
               decay / uptake_rate, 0.5, "half of w+, generously"),
      within(
          Role::condition,
          "production of entropy when both rates are doubled, at half the time, over that before",
          production_twice[snapshot_at(twice.t, 1.0)] / production[snapshot_at(s.t, 2.0)], 2.0,
          1e-6, "the solver’s tolerance"),
      at_least(Role::witness, "the decay rate over its limit (√w- - √w+)²", decay / slowest, 1.0,
               "reached from above"),
  };
  out.told = fmt::format(
      "Doubled rates double the production. But at t = 100, with w+ = {:.3f} w-, the stationary "
      "state is approached at "
      "{:.3f} w-, on "
      "the way to (√w- - √w+)² = {:.3f} w-.",
      uptake_rate, decay, slowest);
  return out;
}

/// (10) by a quadrature over |p|: isotropic, P(p) = P(E) (|p|/m) / (Omega |p|^(d-1)).
double momentum_entropy_by_quadrature(const Config& config) {
  const int d = config.ensemble.dimension;
  const double m = config.ensemble.mass;
  constexpr std::array<double, 3> sphere = {2.0, 2.0 * std::numbers::pi, 4.0 * std::numbers::pi};
  const double solid_angle = sphere.at(static_cast<std::size_t>(d - 1));
  const auto integrand = [&](double p) {
    const double shell = solid_angle * std::pow(p, d - 1);
    const double density = laws::density(config.ensemble.energy, p * p / (2.0 * m)) * p / m / shell;
    return density > 0.0 ? -density * std::log(density) * shell : 0.0;
  };
  const auto momentum = [&](double energy) { return std::sqrt(2.0 * m * energy); };
  double sum = 0.0;  // by stretches, so that the narrow law is not missed
  for (double energy = 1.0; energy < 6.0; energy += 0.25)
    sum += boost::math::quadrature::gauss_kronrod<double, 31>::integrate(
        integrand, momentum(energy), momentum(energy + 0.25), 8, 1e-13);
  return sum;
}

Findings constant_of_appendix(const PaperResults& results) {
  Findings out;
  double worst = 0.0;
  for (const int d : {1, 2, 3}) {
    const RunResult& start = results[fmt::format("start{}", d)];
    const double quadrature = momentum_entropy_by_quadrature(start.config);
    worst = larger(worst, std::abs(start.quantity("S_1").solution.front() - quadrature));
    out.checks.push_back(within(
        Role::claim,
        fmt::format("d = {}, m = 2.5: S^(1) by (A.8), against a quadrature over momenta", d),
        start.quantity("S_1").solution.front(), quadrature, 1e-8, "both computed to about 1e-10"));
  }
  out.told = fmt::format(
      "S^(1) = S_E + ln(Omega_d m) + (d-2)/2 (ln 2m + <ln E>), Omega_d = 2, 2 pi, 4 pi: within "
      "{:.0e} of the integral (10) "
      "over "
      "momenta.",
      worst);
  return out;
}

Findings logarithm_is_constant(const PaperResults& results) {
  const RunResult& run = results["relaxation"];
  const RunResult& mb = results["mb3"];
  Findings out;
  out.checks = {
      at_most(Role::claim, "narrow start: largest change of <ln E>",
              largest_change(run.quantity("mean_ln_E").solution), 1e-6,
              "the mean energy changes by less than 1e-9"),
      at_most(Role::claim, "Maxwell-Boltzmann start: largest change of <ln E>",
              largest_change(mb.quantity("mean_ln_E").solution), 1e-6, "as before"),
      at_most(Role::witness, "largest change of the mean energy meanwhile",
              largest_change(run.quantity("mean_energy").solution), 1e-9,
              "ten times the solver’s tolerance"),
      agrees(Role::witness, "particles: <ln E> at the end", run.quantity("mean_ln_E").values.back(),
             run.quantity("mean_ln_E").errors.back(), run.quantity("mean_ln_E").solution.back()),
      follows_equation(run, "narrow start"),
  };
  out.told = fmt::format(
      "At constant mean energy <ln E> goes from {:.4f} to {:.4f} from the narrow start, and from "
      "{:.4f} to {:.4f} "
      "from Maxwell and Boltzmann’s.",
      run.quantity("mean_ln_E").solution.front(), run.quantity("mean_ln_E").solution.back(),
      mb.quantity("mean_ln_E").solution.front(), mb.quantity("mean_ln_E").solution.back());
  return out;
}

}  // namespace

std::vector<Claim> entropy_claims() {
  return {
      {"production",
       "(A.6)",
       "S_E never falls, and rises as fast as (A.6) says",
       "Under (8) dS_E/dt is w- phi times the sum of two Kullback-Leibler divergences between P(E) "
       "and P(E + delta_e)/phi.",
       "",
       Outcome::holds,
       {"relaxation"},
       production_is_that_of_appendix},
      {"equilibration",
       "after (A.6)",
       "Entropy is produced, and equilibrium reached, at the rate w+",
       "Production of entropy and equilibration are said to have the rate w+ = φ w-.",
       "it is read as the factor of (A.6); equilibrium comes later, at last with (√w- - √w+)²",
       Outcome::holds_when,
       {"relaxation", "relaxation_twice"},
       equilibration_has_the_uptake_rate},
      {"one-particle-entropy",
       "(10), (A.8)",
       "S^(1) never falls at constant mean energy",
       "The entropy of one particle’s momentum rises until the Maxwell-Boltzmann distribution is "
       "reached.",
       "rates are microreversible, or in d = 2",
       Outcome::holds_when,
       {"mb3", "mb3_microreversible", "mb2", "relaxation", "relaxation_microreversible",
        "incommensurate_microreversible"},
       one_particle_entropy_never_falls},
      {"one-particle-constant",
       "(9), (10), (A.8)",
       "S^(1) and S_E differ by <ln E>/2 and a constant",
       "The entropy of momenta follows from that of energies. The paper leaves the constant open; "
       "here it has a value, for "
       "each d.",
       "",
       Outcome::holds,
       {"start1", "start2", "start3"},
       constant_of_appendix},
      {"mean-logarithm",
       "after (A.8)",
       "<ln E> is constant when the energy is",
       "The appendix takes the constancy of <ln E> as equivalent to energy conservation.",
       "",
       Outcome::does_not_hold,
       {"relaxation", "mb3"},
       logarithm_is_constant},
  };
}

}  // namespace powerstroke::study
