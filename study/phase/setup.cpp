#include "powerstroke/study/phase/setup.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "powerstroke/kernels/elastic_collisions.hpp"
#include "powerstroke/kernels/flight.hpp"
#include "powerstroke/kernels/initial_phase.hpp"
#include "powerstroke/kernels/kick.hpp"
#include "powerstroke/kernels/langevin_bath.hpp"
#include "powerstroke/kernels/lasting_strokes.hpp"
#include "powerstroke/kernels/recorded.hpp"
#include "powerstroke/kernels/species_kernel.hpp"
#include "powerstroke/kernels/wall_strokes.hpp"
#include "powerstroke/study/run/problem.hpp"
#include "powerstroke/study/run/stroke_kernel.hpp"

namespace powerstroke::study {
namespace {

/// What acts on a side.
struct Acting {
  bool strokes = false, collisions = false, langevin = false;
};

template <class K>
PhasePart recorded_part(K kernel) {
  return recorded(phase_part(std::move(kernel)));
}

PhasePart stroke_part(const Config& config, std::size_t species, std::uint64_t seed,
                      const Ledger& so_far) {
  const StrokesConfig& strokes = *config.strokes;
  if (config.phase_space->stroke_window > 0.0)
    return recorded_part(
        LastingStrokes(strokes.law, config.phase_space->stroke_window, species, seed));
  return std::visit(
      [&](auto kernel) { return recorded_part(SpeciesKernel(std::move(kernel), species)); },
      stroke_kernel(strokes, seed, so_far));
}

/// The law of strokes at walls: detailed balance there is that of the flux.
laws::StrokeLaw wall_law(const Config& config) {
  laws::StrokeLaw law = config.strokes->law;
  if (std::holds_alternative<laws::Microreversible>(law.rates))
    law.rates = laws::microreversible_at_walls(config.ensemble.dimension);
  return law;
}

PhasePart flight_part(const Config& config, const Acting& acting, std::uint64_t seed) {
  const PhaseConfig& phase = *config.phase_space;
  if (!(acting.strokes && phase.strokes_at_walls)) return phase_part(Flight(phase.box));
  const auto makes_strokes = [](const SpeciesConfig& one) { return one.strokes; };
  std::optional<std::size_t> only;
  if (!std::ranges::all_of(phase.species, makes_strokes))
    only = static_cast<std::size_t>(std::ranges::find_if(phase.species, makes_strokes) -
                                    phase.species.begin());
  return recorded_part(WallStrokes(phase.box, wall_law(config), seed, only));
}

std::vector<PhasePart> parts(const Config& config, const Acting& acting,
                             const laws::AnyPotential& potential, std::uint64_t seed,
                             const Ledger& so_far) {
  const PhaseConfig& phase = *config.phase_space;
  std::vector<PhasePart> list;
  if (acting.strokes && !phase.strokes_at_walls)
    for (std::size_t species = 0; species < phase.species.size(); ++species)
      if (phase.species[species].strokes)
        list.push_back(stroke_part(config, species, seed, so_far));
  if (acting.collisions) {
    laws::CollisionLaw law{
        {}, phase.collisions->viscosity_exponent, phase.collisions->reference_speed};
    for (const SpeciesConfig& species : phase.species) law.diameters.push_back(species.diameter);
    list.push_back(phase_part(ElasticCollisions(law, phase.collisions->density, seed)));
  }
  if (!std::holds_alternative<laws::Free>(potential)) list.push_back(phase_part(Kick(potential)));
  list.push_back(flight_part(config, acting, seed));
  if (acting.langevin)
    list.push_back(
        recorded_part(LangevinBath(phase.langevin->friction, phase.langevin->temperature, seed)));
  return list;
}

PhaseEnsemble started(const Config& config, const laws::AnyPotential& potential,
                      std::uint64_t seed) {
  const PhaseConfig& phase = *config.phase_space;
  std::vector<Species> kinds;
  for (const SpeciesConfig& species : phase.species)
    kinds.push_back({species.particles, species.mass});
  PhaseEnsemble ensemble(config.ensemble.dimension, kinds);
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    const SpeciesConfig& species = phase.species[k];
    PhaseStart start{species.energy, {}, phase.position};
    if (!species.direction.empty()) {
      Vector direction{};
      std::ranges::copy(species.direction, direction.begin());
      start.direction = direction;
    }
    start_species(ensemble, k, start, potential, phase.box, 0.0, seed);
  }
  ensemble.record_heat();
  if (phase.stroke_window > 0.0) ensemble.keep_lasting_strokes();
  return ensemble;
}

constexpr double none = std::numeric_limits<double>::quiet_NaN();

double mean_kinetic_energy(const PhaseEnsemble& ensemble) {
  double sum = 0.0;
  for (std::size_t species = 0; species < ensemble.species(); ++species)
    for (std::size_t i = ensemble.first(species); i < ensemble.last(species); ++i)
      sum += ensemble.kinetic_energy(species, i);
  return sum / static_cast<double>(ensemble.size());
}

/// Of what acts as a bath; NaN if nothing does, or if strokes at given rates have none.
double bath_temperature(const Config& config, const Acting& acting) {
  if (acting.langevin) return config.phase_space->langevin->temperature;
  if (acting.strokes && given_rates(config)) return laws::rates_temperature(config.strokes->law);
  return none;
}

/// Of baths where there are some; else, in a gas that keeps its kinetic energy and collides, what
/// that energy says.
double temperature_of(const Config& config, const Acting& acting, const PhaseEnsemble& ensemble,
                      const laws::AnyPotential& potential) {
  if (const double bath = bath_temperature(config, acting); std::isfinite(bath)) return bath;
  const bool is_closed = !acting.strokes || study::keeps_energy(config);
  if (acting.collisions && is_closed && std::holds_alternative<laws::Free>(potential))
    return 2.0 * mean_kinetic_energy(ensemble) / config.ensemble.dimension;
  return none;
}

/// Strokes leave a Boltzmann law alone if their rates have the density of states of what they act
/// on.
bool strokes_keep_boltzmann(const Config& config) {
  const int dimension = config.ensemble.dimension;
  if (config.phase_space->strokes_at_walls)
    return laws::state_exponent(wall_law(config).rates) == 0.5 * (dimension - 1);
  return config.phase_space->stroke_window == 0.0 &&
         laws::state_exponent(config.strokes->law.rates) == 0.5 * (dimension - 2);
}

bool starts_at(const Config& config, double temperature, const laws::AnyPotential& potential) {
  const PhaseConfig& phase = *config.phase_space;
  for (const SpeciesConfig& species : phase.species) {
    const auto* law = std::get_if<laws::MaxwellBoltzmannEnergy>(&species.energy.law);
    if (law == nullptr || law->temperature != temperature || !species.direction.empty())
      return false;
  }
  const bool free = std::holds_alternative<laws::Free>(potential);
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(config.ensemble.dimension); ++axis) {
    const laws::Extent& extent = phase.box.axis[axis];
    if (extent.partition) return false;
    if (free && extent.sides == laws::Extent::Sides::open)
      continue;  // no law of positions, and none is tested
    if (const auto* law = std::get_if<laws::BoltzmannPosition>(&phase.position[axis])) {
      if (law->temperature != temperature) return false;
      continue;
    }
    const auto* law = std::get_if<laws::UniformPosition>(&phase.position[axis]);
    if (!free || law == nullptr || law->low != extent.low || law->high != extent.high) return false;
  }
  return true;
}

bool is_driven(const laws::AnyPotential& potential) {
  return std::holds_alternative<laws::Trap>(potential);
}

bool exchanges(const Config& config) {
  return laws::is<laws::Exchange>(config.strokes->law.balance);
}

bool keeps_all_energy(const Config& config, const Acting& acting,
                      const laws::AnyPotential& potential) {
  return !acting.langevin && (!acting.strokes || exchanges(config)) && !is_driven(potential);
}

/// The temperature of the product of Boltzmann's laws that all that acts would leave alone; NaN if
/// there is none.
double product_temperature(const Config& config, const Acting& acting) {
  if (acting.strokes && !strokes_keep_boltzmann(config)) return none;
  if (const double bath = bath_temperature(config, acting); std::isfinite(bath)) return bath;
  if (acting.strokes && !exchanges(config))
    return none;  // particles share what their mean, or a finite bath, says
  const auto* law =
      std::get_if<laws::MaxwellBoltzmannEnergy>(&config.phase_space->species.front().energy.law);
  return law != nullptr ? law->temperature : none;
}

Independence independence_of(const Config& config, const Acting& acting,
                             const laws::AnyPotential& potential) {
  if (!acting.collisions && (!acting.strokes || given_rates(config))) return Independence::always;
  const double temperature = product_temperature(config, acting);
  const bool stays = !is_driven(potential) && std::isfinite(temperature) &&
                     starts_at(config, temperature, potential);
  return stays ? Independence::in_equilibrium : Independence::unknown;
}

/// What acts on a side of that name (`phase_setups`).
Acting acting_on(const Config& config, std::string_view side) {
  const PhaseConfig& phase = *config.phase_space;
  Acting acting{config.strokes.has_value(), phase.collisions.has_value(),
                !config.strokes && phase.langevin.has_value()};
  if (side == "langevin") acting = {false, acting.collisions, true};
  if (side == "without_strokes") acting.strokes = false;
  if (side == "without_collisions") acting.collisions = false;
  return acting;
}

PhaseSetup setup(const Config& config, std::string name, std::string description,
                 const Acting& acting, const laws::AnyPotential& potential, std::uint64_t seed,
                 const Ledger& so_far) {
  PhaseEnsemble ensemble = started(config, potential, seed);
  const double temperature = temperature_of(config, acting, ensemble, potential);
  PhaseSplit split(parts(config, acting, potential, seed, so_far), config.phase_space->step);
  return {std::move(name),
          std::move(description),
          std::move(ensemble),
          potential,
          std::move(split),
          temperature,
          !acting.strokes || strokes_keep_boltzmann(config),
          std::isfinite(temperature) && starts_at(config, temperature, potential),
          acting.strokes,
          independence_of(config, acting, potential),
          keeps_all_energy(config, acting, potential)};
}

/// "strokes, elastic collisions, drift"
std::string words(const Config& config, const Acting& acting) {
  const PhaseConfig& phase = *config.phase_space;
  std::string text;
  if (acting.strokes)
    text = phase.strokes_at_walls      ? "strokes at walls, "
           : phase.stroke_window > 0.0 ? "strokes that last, "
                                       : "strokes, ";
  if (acting.langevin) text += "a Langevin bath, ";
  if (acting.collisions) text += "elastic collisions, ";
  return text + "drift";
}

laws::Ramp reversed(const laws::Ramp& ramp, double end) {
  return {ramp.to, ramp.from, end - ramp.end, end - ramp.start};
}

}  // namespace

Independence independence(const Config& config, std::string_view side) {
  return independence_of(config, acting_on(config, side), config.phase_space->potential);
}

std::vector<PhaseSetup> phase_setups(const Config& config, std::size_t side, const Ledger& so_far) {
  const PhaseConfig& phase = *config.phase_space;
  std::vector<PhaseSetup> setups;
  const auto add = [&](const std::string& name, const laws::AnyPotential& potential,
                       std::uint64_t seed) {
    const Acting acting = acting_on(config, name);
    setups.push_back(setup(config, name, words(config, acting), acting, potential, seed,
                           setups.size() == side ? so_far : Ledger{}));
  };
  add(config.strokes   ? "strokes"
      : phase.langevin ? "langevin"
                       : "drift",
      phase.potential, config.seed);
  if (config.strokes && phase.langevin) add("langevin", phase.potential, config.seed);
  for (const Beside beside : phase.beside)
    add(beside == Beside::without_strokes ? "without_strokes" : "without_collisions",
        phase.potential, config.seed);
  if (const auto* trap = std::get_if<laws::Trap>(&phase.potential)) {
    const double end = config.snapshots.back();
    constexpr std::uint64_t other_half = std::uint64_t{1}
                                         << 63U;  // the two directions must be independent
    add("reverse", laws::Trap{reversed(trap->stiffness, end), reversed(trap->centre, end)},
        config.seed ^ other_half);
  }
  return setups;
}

}  // namespace powerstroke::study
