#include "powerstroke/io/phase/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/io/run/problem.hpp"
#include "powerstroke/io/run/run.hpp"

namespace powerstroke::io {
namespace {

std::vector<std::string> invariants(const Config& config) {
  const StrokesConfig& strokes = config.strokes;
  const std::string unit = config.units.after_energy();
  std::vector<std::string> list;
  if (!strokes.on_ladder())
    list.push_back("none of the energy of a particle: the delta_e are incommensurate");
  else if (strokes.law.transitions.size() == 1)
    list.push_back(fmt::format("E modulo delta_e = {:g}{} of every particle: its place between the rungs of the ladder",
                               strokes.spacing, unit));
  else
    list.push_back(
        fmt::format("E modulo {:g}{}, the greatest common divisor of the delta_e, of every particle: its place "
                    "between the rungs of the ladder",
                    strokes.spacing, unit));
  list.push_back("the direction of every momentum");
  switch (strokes.law.closure) {
    case laws::Closure::given: break;
    case laws::Closure::conserving:
      list.push_back(
          "the mean energy, in the limit of many particles (8); at N particles it does a random walk of variance "
          "sum of delta_e^2 * strokes / N");
      break;
    case laws::Closure::exchange: list.push_back("the total energy of the particles, exactly"); break;
    case laws::Closure::bath:
      list.push_back(fmt::format("the energy of the particles and of {} two-level systems for each transition, exactly",
                                 strokes.bath_systems));
      break;
  }
  return list;
}

void describe(const StationaryState& state, Meaning& meaning) {
  meaning.frozen = state.frozen;
  meaning.stationary_exists = state.beta.has_value();
  meaning.stationary = state.law;
}

}  // namespace

Meaning explain(const Config& config) {
  if (config.phase_space) return explain_phase_space(config);
  const StrokesConfig& strokes = config.strokes;
  Meaning meaning;
  meaning.mean_energy_initial = laws::mean(config.ensemble.energy);
  meaning.invariants = invariants(config);
  const double end = config.snapshots.back(), particles = static_cast<double>(config.ensemble.particles);
  double attempts = 0.0, down = 0.0;  // of a particle per unit time
  for (const laws::Transition& transition : strokes.law.transitions) {
    attempts += (given_rates(config) ? transition.rate_up : transition.rate_down) + transition.rate_down;
    down += transition.rate_down;
  }
  double cells = 0.0, phi = 0.0;
  if (strokes.on_ladder()) {
    const theory::Populations start = start_populations(config);
    theory::MasterEquation equation(start, strokes.law, 1e-6);
    meaning.phi_initial = theory::phi(start, static_cast<std::size_t>(first_stride(config)));
    meaning.mean_energy_initial = theory::mean_energy(start);
    meaning.rates_initial = equation.rates();
    describe(stationary_state(config, start), meaning);
    equation.advance(end);
    meaning.expected_strokes = particles * equation.strokes();
    phi = theory::phi(equation.populations());
    cells = static_cast<double>(equation.populations().grid.nodes() * equation.populations().levels *
                                strokes.law.transitions.size());
  } else {
    meaning.phi_initial = 1.0 - laws::cumulative(config.ensemble.energy, strokes.delta_e());
    for (const laws::Transition& transition : strokes.law.transitions) {
      laws::StrokeLaw alone = strokes.law;  // on a ladder of its own
      alone.transitions = {transition};
      const theory::MasterEquation own(theory::initial_populations(config.ensemble.energy, transition.delta_e), alone, 1e-6);
      meaning.rates_initial.push_back(own.rates(0));
    }
    describe(stationary_state_without_ladder(config), meaning);
    meaning.expected_strokes = meaning.frozen ? 0.0 : particles * end * attempts;
    meaning.at_most = !meaning.frozen;
  }

  // Seconds of one core, measured on a machine of 2026: a particle's step, candidate and snapshot; a cell of the equation's
  // grid for a time of 1/w-; the report.
  const bool plain = laws::is_plain(strokes.law), shared = strokes.law.closure == laws::Closure::conserving;
  const bool in_pairs = !given_rates(config) && !shared;
  constexpr double step_cost = 8e-9, snapshot_cost = 12e-9, report_cost = 0.5;
  const double candidate_cost = in_pairs ? 6e-8 : plain ? 2e-9 : 1.5e-8;  // those of pairs are drawn by one thread
  const double cell_cost = given_rates(config) ? 3e-8 : 2.5e-7;
  // The small systems of a bath are followed as they change.
  const double stiff = in_pairs && strokes.bath_systems > 0 ? 1.0 + 1.0 / strokes.law.bath.systems_per_particle : 1.0;
  const double candidates = attempts * end, snapshots = static_cast<double>(config.snapshots.size());
  const double steps =
      snapshots + (shared ? down * end * std::clamp(0.15 * std::pow(particles, 0.25), 2.0, 10.0) : candidates / 64.0);
  const double of_particles = particles * (steps * step_cost + candidates * candidate_cost + snapshots * snapshot_cost);
  const double relaxation = 40.0 / std::pow(1.0 - std::sqrt(std::min(0.999, phi)), 2.0);
  const double of_equation = cells * cell_cost * stiff * std::min(down * end, given_rates(config) ? HUGE_VAL : relaxation);
  const double of_entropies = 6.0 * 1e-7 * std::min(particles, 1e6);
  meaning.time_s = (in_pairs ? 1.0 : 0.5) * of_particles + of_entropies + of_equation + report_cost;
  const double rows = snapshots * static_cast<double>(config.histogram.bins) * 8.0;
  meaning.memory_bytes = particles * static_cast<double>(LadderEnsemble::bytes_per_particle) +
                         8.0 * std::min(particles, 1e6) + 6.0 * rows +
                         particles / 4096.0 * 8.0 * static_cast<double>(config.histogram.bins) + 30e6;
  return meaning;
}

}  // namespace powerstroke::io
