#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/io/run/problem.hpp"
#include "powerstroke/io/run/run.hpp"

namespace powerstroke::io {
namespace {

std::vector<std::string> invariants(const Config& config) {
  std::vector<std::string> list = {
      fmt::format("E modulo delta_e = {:g}{} of every particle: its place between the rungs of the ladder",
                  config.strokes.delta_e, config.units.after_energy()),
      "the direction of every momentum"};
  if (conserving(config))
    list.push_back(
        "the mean energy, in the limit of many particles (8); at N particles it does a random walk of variance "
        "delta_e^2 * strokes / N");
  return list;
}

}  // namespace

Meaning explain(const Config& config) {
  const laws::Transition rates = transition(config);
  const theory::Populations start = theory::initial_populations(config.ensemble.energy, rates.delta_e);
  const StationaryState state = stationary_state(config, start);
  theory::MasterEquation equation(start, stroke_law(config), 1e-6);

  Meaning meaning;
  meaning.phi_initial = theory::phi(start);
  meaning.mean_energy_initial = theory::mean_energy(start);
  meaning.rate_up_initial = equation.rates(0).up;
  meaning.frozen = state.frozen;
  meaning.stationary_exists = state.beta.has_value();
  meaning.stationary = state.law;
  meaning.invariants = invariants(config);
  const double end = config.snapshots.back();
  equation.advance(end);
  const double particles = static_cast<double>(config.ensemble.particles);
  meaning.expected_strokes = particles * equation.strokes();

  // Seconds of one core, measured on a machine of 2026: a particle's step, candidate and snapshot; a cell of the equation's
  // grid for a time of 1/w-; the report.
  constexpr double step_cost = 8e-9, candidate_cost = 2e-9, snapshot_cost = 12e-9, report_cost = 0.5;
  const double cell_cost = conserving(config) ? 2.5e-7 : 3e-8;
  const double candidates = (meaning.rate_up_initial + rates.rate_down) * end;
  const double snapshots = static_cast<double>(config.snapshots.size());
  const double steps =
      snapshots + (conserving(config) ? rates.rate_down * end * std::clamp(0.15 * std::pow(particles, 0.25), 2.0, 10.0)
                                      : candidates / 64.0);
  const double of_particles = particles * (steps * step_cost + candidates * candidate_cost + snapshots * snapshot_cost);
  const double cells = static_cast<double>(equation.populations().grid.nodes() * equation.populations().levels);
  const double relaxation = 40.0 / std::pow(1.0 - std::sqrt(std::min(0.999, theory::phi(equation.populations()))), 2.0);
  const double of_equation = cells * cell_cost * std::min(rates.rate_down * end, conserving(config) ? relaxation : HUGE_VAL);
  const double of_entropies = 6.0 * 1e-7 * std::min(particles, 1e6);
  meaning.time_s = 0.5 * of_particles + of_entropies + of_equation + report_cost;
  const double rows = snapshots * static_cast<double>(config.histogram.bins) * 8.0;
  meaning.memory_bytes = particles * static_cast<double>(LadderEnsemble::bytes_per_particle) +
                         8.0 * std::min(particles, 1e6) + 6.0 * rows +
                         particles / 4096.0 * 8.0 * static_cast<double>(config.histogram.bins) + 30e6;
  return meaning;
}

}  // namespace powerstroke::io
