#include "powerstroke/study/phase/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/kernels/laws/boltzmann_interval.hpp"
#include "powerstroke/study/phase/setup.hpp"
#include "powerstroke/study/run/probe.hpp"
#include "powerstroke/study/run/problem.hpp"

namespace powerstroke::study {
namespace {

/// A stroke changes H = E + V by delta_e, and drift in a potential that stays keeps it.
bool keeps_remainder(const Config& config) {
  const PhaseConfig& phase = *config.phase_space;
  return config.strokes && config.strokes->on_ladder() && !phase.collisions &&
         phase.stroke_window == 0.0 && !std::holds_alternative<laws::Trap>(phase.potential);
}

std::vector<std::string> invariants(const Config& config) {
  const PhaseConfig& phase = *config.phase_space;
  const bool driven = std::holds_alternative<laws::Trap>(phase.potential);
  std::vector<std::string> list;
  if (keeps_remainder(config))
    list.push_back(
        fmt::format("E + V modulo {:g}{} of every particle; starts have one end in common if that "
                    "is small beside T, "
                    "or with thresholds without a common divisor, collisions, or a bath",
                    config.strokes->spacing, config.units.after_energy()));
  if (!driven && !config.strokes && !phase.langevin)
    list.push_back(phase.collisions ? "the energy of all particles together"
                                    : "E + V of every particle, but for the integrator");
  if (!driven && config.strokes && laws::is<laws::Exchange>(config.strokes->law.balance))
    list.push_back("the energy of all particles together, but for the integrator");
  if (list.empty()) list.push_back("none that is listed here");
  return list;
}

/// The run itself, of a few particles: what acts does not depend on how many there are.
PhaseSetup small_run(const Config& config) {
  Config small = config;
  small.ensemble.particles = 2 * config.phase_space->species.size();
  for (SpeciesConfig& species : small.phase_space->species) species.particles = 2;
  return std::move(phase_setups(small).front());
}

double ensembles(const Config& config) {
  const PhaseConfig& phase = *config.phase_space;
  const bool driven = std::holds_alternative<laws::Trap>(phase.potential);
  return 1.0 + static_cast<double>(phase.beside.size()) +
         (config.strokes && phase.langevin ? 1.0 : 0.0) + (driven ? 1.0 : 0.0);
}

/// Of a particle on reflecting sides per unit time, at the speeds that it starts with: <|v_x|>/L
/// along each axis.
double hits(const Config& config, double mean_energy) {
  const double temperature = 2.0 * mean_energy / config.ensemble.dimension;
  double rate = 0.0;
  for (const laws::Extent& extent : config.phase_space->box.axis)
    if (extent.sides == laws::Extent::Sides::reflecting)
      rate += std::sqrt(2.0 * temperature / (std::numbers::pi * config.ensemble.mass)) /
              (extent.high - extent.low);
  return rate;
}

bool can_be_normalised(const Config& config, double temperature) {
  const PhaseConfig& phase = *config.phase_space;
  try {
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(config.ensemble.dimension); ++axis)
      laws::boltzmann_interval(phase.potential, temperature, phase.box.axis[axis].at(0.0), 0.0);
  } catch (const laws::TooNarrow&) {  // it is there, if nothing resolves it
  } catch (const ConfigError&) {
    return false;
  }
  return true;
}

std::string boltzmann_words(const Config& config, double temperature) {
  const std::string at = fmt::format("at T = {:g}{}", temperature, config.units.after_energy());
  if (can_be_normalised(config, temperature)) return "exp(-(E + V)/T) " + at;
  return std::holds_alternative<laws::Free>(config.phase_space->potential)
             ? fmt::format("exp(-E/T) {} of the momenta; the positions spread without end", at)
             : "none: neither the potential nor a box confines the particles";
}

}  // namespace

Meaning explain_phase_space(const Config& config) {
  const PhaseConfig& phase = *config.phase_space;
  const PhaseSetup run = small_run(config);
  Meaning meaning;
  const auto particles = static_cast<double>(config.ensemble.particles);
  for (const SpeciesConfig& species : phase.species) {
    const double share = static_cast<double>(species.particles) / particles;
    meaning.mean_energy_initial += share * laws::mean(species.energy);
    if (config.strokes)
      meaning.phi_initial +=
          share * (1.0 - laws::cumulative(species.energy, config.strokes->delta_e()));
  }
  if (config.strokes) meaning.rates_initial = laws::given_rates(config.strokes->law);
  // Of a closed gas the temperature follows from the energy that it starts with, which a few
  // particles do not tell.
  const bool is_bath = config.strokes ? given_rates(config) : phase.langevin.has_value();
  meaning.stationary_exists = run.keeps_boltzmann;
  meaning.stationary =
      !run.keeps_boltzmann
          ? "none that is known: what acts here does not leave exp(-(E + V)/T) alone"
      : is_bath && std::isfinite(run.temperature)
          ? boltzmann_words(config, run.temperature)
          : "exp(-(E + V)/T), T by the energy of the start, if anything mixes energies";
  meaning.invariants = invariants(config);
  const double end = config.snapshots.back(), dimension = config.ensemble.dimension;
  double attempts = config.strokes ? most_attempts(config)
                                   : 0.0;  // of a particle per unit time; at walls, of a hit
  if (phase.strokes_at_walls) attempts *= hits(config, meaning.mean_energy_initial);
  meaning.expected_strokes = ensembles(config) * particles * attempts * end;
  meaning.at_most = !phase.strokes_at_walls;
  meaning.threads = parallel::threads();
  meaning.time_s = seconds_of_particles(config) + report_seconds(config);
  meaning.memory_bytes = ensembles(config) * particles * (16.0 * dimension + 40.0) + program_bytes;
  return meaning;
}

}  // namespace powerstroke::study
