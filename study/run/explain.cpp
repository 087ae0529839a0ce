#include "powerstroke/study/phase/explain.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/study/run/equation_cost.hpp"
#include "powerstroke/study/run/probe.hpp"
#include "powerstroke/study/run/problem.hpp"
#include "powerstroke/study/run/run.hpp"

namespace powerstroke::study {
namespace {

std::vector<std::string> invariants(const Config& config) {
  const StrokesConfig& strokes = *config.strokes;
  const std::string unit = config.units.after_energy();
  std::vector<std::string> list;
  if (!strokes.on_ladder())
    list.push_back("none of the energy of a particle: the delta_e are incommensurate");
  else if (strokes.law.transitions.size() == 1)
    list.push_back(fmt::format(
        "E modulo delta_e = {:g}{} of every particle: its place between the levels of the ladder",
        strokes.spacing, unit));
  else
    list.push_back(fmt::format(
        "E modulo {:g}{}, the greatest common divisor of the delta_e, of every particle: its place "
        "between the levels of the ladder",
        strokes.spacing, unit));
  list.push_back("the direction of every momentum");
  const laws::Balance& balance = strokes.law.balance;
  if (laws::is<laws::Conserving>(balance))
    list.push_back(
        "the mean energy, in the limit of many particles (8); at N particles it does a random walk "
        "of variance "
        "sum of delta_e^2 * strokes / N");
  if (laws::is<laws::Exchange>(balance))
    list.push_back("the total energy of the particles, exactly");
  if (laws::is<laws::Bath>(balance))
    list.push_back(fmt::format(
        "the energy of the particles and of {} two-level systems for each transition, exactly",
        strokes.bath.systems));
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
  const StrokesConfig& strokes = *config.strokes;
  Meaning meaning;
  meaning.mean_energy_initial = laws::mean(config.ensemble.energy);
  meaning.invariants = invariants(config);
  const double end = config.snapshots.back(),
               particles = static_cast<double>(config.ensemble.particles);
  EquationCost of_equation;
  if (strokes.on_ladder()) {
    EquationPath path(config, true);
    const theory::Populations& start = path.start();
    meaning.phi_initial = theory::phi(start, static_cast<std::size_t>(first_stride(config)));
    meaning.mean_energy_initial = theory::mean_energy(start);
    meaning.rates_initial = path.equation().rates();
    describe(stationary_state(config, start), meaning);
    of_equation = watch_equation(config, path);
    if (!of_equation.no_comparison.empty())
      meaning.stationary +=
          fmt::format(" (nothing will be compared: {})", of_equation.no_comparison);
    else if (!of_equation.no_stationary_test.empty())
      meaning.stationary += fmt::format(" (not compared: {})", of_equation.no_stationary_test);
    meaning.expected_strokes = particles * of_equation.strokes;
  } else {
    meaning.phi_initial = 1.0 - laws::cumulative(config.ensemble.energy, strokes.delta_e());
    for (const laws::Transition& transition : strokes.law.transitions) {
      laws::StrokeLaw alone = strokes.law;  // on a ladder of its own
      alone.transitions = {transition};
      const theory::MasterEquation own(
          theory::initial_populations(config.ensemble.energy, transition.delta_e), alone, 1e-6);
      meaning.rates_initial.push_back(own.rates(0));
    }
    describe(stationary_state_without_ladder(config), meaning);
    meaning.expected_strokes = meaning.frozen ? 0.0 : particles * end * most_attempts(config);
    meaning.at_most = !meaning.frozen;
  }

  const double snapshots = static_cast<double>(config.snapshots.size());
  meaning.time_s = seconds_of_particles(config) + of_equation.seconds + report_seconds(config);
  meaning.threads = parallel::threads();
  const double row = 8.0 * static_cast<double>(config.histogram.bins);
  const double partial_sums =
      std::min(particles / static_cast<double>(parallel::block_size), 1024.0);
  meaning.memory_bytes =
      program_bytes + particles * static_cast<double>(bytes_per_particle(config)) +
      16.0 * std::min(particles, 1e6) + (6.0 * snapshots + partial_sums) * row + of_equation.bytes;
  return meaning;
}

}  // namespace powerstroke::study
