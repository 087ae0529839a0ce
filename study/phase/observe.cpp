#include "powerstroke/study/phase/observe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <span>

#include "powerstroke/analysis/estimators.hpp"
#include "powerstroke/analysis/phase_entropy.hpp"
#include "powerstroke/analysis/snapshot.hpp"
#include "powerstroke/analysis/theory/boltzmann.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/kernels/laws/energy_law.hpp"
#include "powerstroke/kernels/recorded.hpp"
#include "powerstroke/study/run/conservation.hpp"
#include "powerstroke/study/run/parts.hpp"

namespace powerstroke::study {
namespace {

constexpr std::size_t clouds_kept = 6, cloud_particles = 1500, marginal_bins = 48;

/// @param change of a particle's value by an event that it may have had (`analysis::with_unseen`).
analysis::Estimate mean_of(std::span<const double> all, double change = 0.0) {
  const auto moments = parallel::sum_over_blocks<analysis::Moments>(
      all.size(), [&](std::size_t first, std::size_t last) {
        return analysis::moments(all.subspan(first, last - first));
      });
  return analysis::with_unseen(analysis::mean_of(moments), change, all.size());
}

/// f(view, i) of every particle.
template <class Function>
std::vector<double> of_particles(const PhaseEnsemble& ensemble, Function f) {
  std::vector<double> values(ensemble.size());
  for (std::size_t species = 0; species < ensemble.species(); ++species) {
    const PhaseView view = ensemble.view(species);
    const std::size_t start = ensemble.first(species);
    parallel::for_each_block(view.size(), [&](std::size_t, std::size_t first, std::size_t last) {
      for (std::size_t i = first; i < last; ++i) values[start + i] = f(view, i);
    });
  }
  return values;
}

std::vector<double> kinetic_energies(const PhaseEnsemble& ensemble) {
  return of_particles(ensemble,
                      [](const PhaseView& view, std::size_t i) { return view.kinetic_energy(i); });
}

bool has_potential(const PhaseSetup& setup) {
  return !std::holds_alternative<laws::Free>(setup.potential);
}

std::vector<double> equal_edges(double low, double high) {
  std::vector<double> edges(marginal_bins + 1);
  for (std::size_t i = 0; i <= marginal_bins; ++i)
    edges[i] = low + (high - low) * static_cast<double>(i) / static_cast<double>(marginal_bins);
  return edges;
}

Marginal counted(std::string name, std::vector<double> edges, const std::vector<double>& values) {
  Marginal marginal{std::move(name), std::move(edges), {}, values.size(), {}};
  marginal.counts.assign(marginal.edges.size() - 1, 0);
  for (const double value : values) {
    const auto after = std::upper_bound(marginal.edges.begin(), marginal.edges.end(), value);
    if (after != marginal.edges.begin() && after != marginal.edges.end())
      ++marginal.counts[static_cast<std::size_t>(after - marginal.edges.begin()) - 1];
  }
  return marginal;
}

/// Probabilities of the bins from a distribution function.
template <class Cumulative>
std::vector<double> differences(const std::vector<double>& edges, Cumulative cumulative) {
  std::vector<double> probability;
  for (std::size_t i = 0; i + 1 < edges.size(); ++i)
    probability.push_back(cumulative(edges[i + 1]) - cumulative(edges[i]));
  return probability;
}

std::pair<double, double> range_of(const std::vector<double>& values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return *high > *low ? std::pair(*low, std::nextafter(*high, HUGE_VAL))
                      : std::pair(*low - 0.5, *low + 0.5);
}

/// The law of x, where there is a temperature and exp(-V/T) is one.
std::optional<theory::BoltzmannCoordinate> law_of_x(const PhaseSetup& setup,
                                                    const laws::Extent& extent, double t) {
  if (!std::isfinite(setup.temperature)) return {};
  if (!has_potential(setup) && extent.sides == laws::Extent::Sides::open) return {};
  if (std::holds_alternative<laws::Cosine>(setup.potential) &&
      extent.sides == laws::Extent::Sides::open)
    return {};
  try {
    return theory::BoltzmannCoordinate(setup.potential, setup.temperature, extent.at(t), t);
  } catch (const ConfigError&) {  // a table, say, that falls at its ends
    return {};
  }
}

/// In free flight nothing but strokes changes an energy, and the offsets on their ladder stay.
analysis::OffsetMap offsets_of(const Config& config, const PhaseSetup& setup) {
  const PhaseConfig& phase = *config.phase_space;
  const bool is_free =
      !has_potential(setup) && !phase.langevin && !phase.collisions && phase.stroke_window == 0.0;
  return is_free ? offset_map(config) : analysis::OffsetMap{};
}

/// Without bins: where a potential takes the jumps of a start is not known, and in one dimension
/// the density goes as E^(-1/2).
analysis::EntropyEstimate entropy_of(const analysis::Snapshot& snapshot, int dimension,
                                     const std::vector<double>& kinetic,
                                     const analysis::OffsetMap& offsets) {
  constexpr std::size_t enough = 1'000'000;
  std::vector<double> energies(
      kinetic.begin(),
      kinetic.begin() + static_cast<std::ptrdiff_t>(std::min(kinetic.size(), enough)));
  return without_bins(dimension, snapshot, analysis::spacing_entropy(energies, offsets));
}

}  // namespace

PhaseObserver::PhaseObserver(const Config& config, const PhaseSetup& setup)
    : config_(config),
      offsets_(offsets_of(config, setup)),
      start_(total_energies(setup.ensemble, setup.potential, 0.0)),
      start_size_(std::accumulate(start_.begin(), start_.end(), 0.0,
                                  [](double sum, double e) { return sum + std::abs(e); })) {
  side.name = setup.name;
  side.description = setup.description;
  side.temperature = setup.temperature;
  histograms.edges = bin_grid(config).edges();
}

void PhaseObserver::add(const std::string& key, const std::string& unit,
                        const std::string& description, double value, double error) {
  if (find_quantity(side.quantities, key) == nullptr)
    side.quantities.push_back({key, unit, description, {}, {}});
  quantity_of(side.quantities, key).push(value, error);
}

void PhaseObserver::look_at_energies(double t, const PhaseSetup& setup, double unseen) {
  const PhaseEnsemble& ensemble = setup.ensemble;
  const std::vector<double> kinetic = kinetic_energies(ensemble);
  const std::vector<double> total = total_energies(ensemble, setup.potential, t);
  const analysis::BinGrid grid = bin_grid(config_);
  const double threshold = config_.strokes ? config_.strokes->delta_e() : 0.0;
  const auto snapshot = parallel::sum_over_blocks<analysis::Snapshot>(
      kinetic.size(), [&](std::size_t first, std::size_t last) {
        return analysis::gather(EnergyView{kinetic}.part(first, last), grid, threshold);
      });
  const analysis::EntropyEstimate entropy =
      entropy_of(snapshot, ensemble.dimension(), kinetic, offsets_);
  append_snapshot({config_, snapshot, entropy, {std::nan(""), std::nan("")}, unseen}, t, ledger,
                  series, quantities);
  histograms.counts.push_back(snapshot.bins);
  histograms.overflow.push_back(snapshot.overflow);
  histograms.levels.emplace_back();
  const analysis::Estimate k = mean_of(kinetic, unseen);
  add("kinetic_energy", "energy", "Mean kinetic energy", k.value, k.error);
  if (has_potential(setup)) {
    std::vector<double> potential(total.size());
    for (std::size_t i = 0; i < total.size(); ++i) potential[i] = total[i] - kinetic[i];
    const analysis::Estimate v = mean_of(potential), h = mean_of(total, unseen);
    add("potential_energy", "energy", "Mean potential energy", v.value, v.error);
    add("total_energy", "energy", "Mean of kinetic and potential energy", h.value, h.error);
  }
  const analysis::Estimate w = mean_of(works(ensemble, setup.potential, t, start_));
  add("work", "energy",
      "Mean change of a particle's energy that strokes, baths and walls did not give: of the "
      "driving, of collisions (0 in "
      "the "
      "mean), and of the integrator",
      w.value, w.error);
  check(t, setup, k.value, w.value);
  const bool one_mass = std::ranges::all_of(
      config_.phase_space->species,
      [&](const SpeciesConfig& one) { return one.mass == config_.ensemble.mass; });
  const Quantity& of_momenta = quantity_of(quantities, "S_1");
  if (one_mass)
    add("S_1", "k_B", "One-particle entropy (10) of the momenta, if they are isotropic",
        of_momenta.values.back(), of_momenta.errors.back());
}

void PhaseObserver::check(double t, const PhaseSetup& setup, double mean_kinetic,
                          double mean_work) const {
  constexpr const char* what_to_do =
      "the run stops, for its results could not be trusted. A smaller phase_space.step may help "
      "where forces are steep; "
      "else "
      "this is a fault of the program or of the machine: please report it with the config";
  const double n = static_cast<double>(setup.ensemble.size()), energy = n * mean_kinetic,
               work = n * mean_work;
  if (!std::isfinite(energy) || !std::isfinite(work))
    throw NumericsError(
        fmt::format("t = {:g}, {}: positions or momenta are no numbers any more (kinetic energy "
                    "{:g}, work {:g}); {}",
                    t, setup.name, energy, work, what_to_do));
  const LedgerEnergy strokes =
      config_.strokes ? energy_of(ledger, config_.strokes->law) : LedgerEnergy{};
  const double tolerance = energy_tolerance * (start_size_ + energy + strokes.moved);
  if (setup.makes_strokes && !config_.phase_space->strokes_at_walls &&
      config_.phase_space->stroke_window == 0.0) {
    const double heat = n * mean_of(setup.ensemble.heats()).value;
    if (std::abs(heat - strokes.given) > tolerance)
      throw NumericsError(
          fmt::format("t = {:g}, {}: strokes have given the particles {:.12g}, and by the ledger "
                      "{:.12g}; they may differ by "
                      "{:.2g} by rounding; {}",
                      t, setup.name, heat, strokes.given, tolerance, what_to_do));
  }
  if (!has_potential(setup) && std::abs(work) > tolerance)
    throw NumericsError(
        fmt::format("t = {:g}, {}: the energy of all particles changed by {:.3g} beyond their "
                    "heat, though no force acts; it "
                    "may by {:.2g} by rounding; {}",
                    t, setup.name, work, tolerance, what_to_do));
}

void PhaseObserver::look_at_species(const PhaseSetup& setup, double unseen) {
  if (setup.ensemble.species() < 2) return;
  for (std::size_t species = 0; species < setup.ensemble.species(); ++species) {
    const PhaseView view = setup.ensemble.view(species);
    std::vector<double> kinetic(view.size());
    for (std::size_t i = 0; i < kinetic.size(); ++i) kinetic[i] = view.kinetic_energy(i);
    const analysis::Estimate k = mean_of(kinetic, unseen);
    const std::string& name = config_.phase_space->species[species].name;
    add(species_energy_key(species), "energy", "Mean kinetic energy of " + name, k.value, k.error);
  }
}

void PhaseObserver::look_at_axes(const PhaseSetup& setup, double unseen) {
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(setup.ensemble.dimension()); ++axis) {
    if (setup.ensemble.dimension() > 1) {
      const auto twice_energy = [axis](const PhaseView& view, std::size_t i) {
        const double p = view.momentum[axis][i];
        return p * p / view.mass;
      };
      const analysis::Estimate twice =
          mean_of(of_particles(setup.ensemble, twice_energy), 2.0 * unseen);
      add(axis_temperature_key(axis), "energy",
          fmt::format("Mean of p^2/m of the component {}: T in equilibrium", axis_names[axis]),
          twice.value, twice.error);
    }
    const analysis::Estimate place =
        mean_of(of_particles(setup.ensemble, [axis](const PhaseView& view, std::size_t i) {
          return view.position[axis][i];
        }));
    add(fmt::format("mean_{}", axis_names[axis]), "length",
        fmt::format("Mean of the coordinate {}", axis_names[axis]), place.value, place.error);
  }
}

void PhaseObserver::look_at_cells(const PhaseSetup& setup) {
  if (!config_.phase_space->grid) return;
  const PhaseGridConfig& cells = *config_.phase_space->grid;
  const analysis::PhaseGrid grid{{cells.x_low, cells.x_high, cells.x_cells},
                                 {cells.p_low, cells.p_high, cells.p_cells}};
  analysis::PhaseHistogram all;
  for (std::size_t species = 0; species < setup.ensemble.species(); ++species) {
    const PhaseView view = setup.ensemble.view(species);
    all += parallel::sum_over_blocks<analysis::PhaseHistogram>(
        view.size(), [&](std::size_t first, std::size_t last) {
          return analysis::gather(view.part(first, last), grid);
        });
  }
  const analysis::Estimate entropy = analysis::entropy(all);
  add("entropy_of_cells", "k_B", "Entropy of (x, p) averaged over each cell of the grid",
      entropy.value, entropy.error);
}

void PhaseObserver::take_back_errors(double t, const PhaseSetup& setup) {
  if (t == 0.0 || setup.independence == Independence::always) return;
  // Collisions keep the momentum of all, so that mean positions drift apart as the momenta of the
  // start say, not as particles do.
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(setup.ensemble.dimension()); ++axis)
    if (config_.phase_space->box.axis[axis].sides == laws::Extent::Sides::open &&
        !has_potential(setup))
      quantity_of(side.quantities, fmt::format("mean_{}", axis_names[axis])).errors.back() =
          std::nan("");
  if (setup.independence == Independence::in_equilibrium) return;
  for (std::vector<Quantity>* all : {&side.quantities, &quantities})
    for (Quantity& quantity : *all)
      if (!quantity.errors.empty()) quantity.errors.back() = std::nan("");
  if (!setup.keeps_energy) return;
  // What is kept has the error that it had.
  const auto is_kept = [&](Quantity& quantity) {
    quantity.errors.back() = quantity.errors.front();
  };
  if (has_potential(setup)) return is_kept(quantity_of(side.quantities, "total_energy"));
  is_kept(quantity_of(side.quantities, "kinetic_energy"));
  for (const char* of_energy : {"mean_energy", "kinetic_temperature"})
    is_kept(quantity_of(quantities, of_energy));
}

void PhaseObserver::keep_cloud(double t, const PhaseSetup& setup) {
  const std::vector<double>& times = config_.snapshots;
  const std::size_t index = series.t.size() - 1, last = times.size() - 1;
  const std::size_t stride = std::max<std::size_t>(1, last / (clouds_kept - 1));
  const auto& reverse = config_.phase_space->reverse_at;
  const bool wanted = index == last || (reverse && t == *reverse) ||
                      (index % stride == 0 && index / stride + 1 < clouds_kept);
  if (!wanted) return;
  Cloud cloud{t, {}, {}};
  const std::size_t particles = std::min(cloud_particles, setup.ensemble.size());
  for (std::size_t k = 0; k < particles; ++k) {
    const std::size_t particle = k * setup.ensemble.size() / particles,
                      species = setup.ensemble.species_of(particle);
    const PhaseView view = setup.ensemble.view(species);
    cloud.x.push_back(view.position[0][particle - setup.ensemble.first(species)]);
    cloud.p.push_back(view.momentum[0][particle - setup.ensemble.first(species)]);
  }
  side.clouds.push_back(std::move(cloud));
}

void PhaseObserver::look(double t, const PhaseSetup& setup, const Ledger& so_far) {
  ledger = so_far;
  const double unseen = setup.makes_strokes ? unseen_stroke(config_, t, ledger) : 0.0;
  look_at_energies(t, setup, unseen);
  look_at_species(setup, unseen);
  look_at_axes(setup, unseen);
  look_at_cells(setup);
  const double n = static_cast<double>(setup.ensemble.size());
  if (config_.phase_space->collisions)
    add("collisions", "1", "Elastic collisions of a particle since t = 0",
        2.0 * static_cast<double>(ledger.collisions) / n,
        t == 0.0 || setup.independence == Independence::always ? 0.0 : std::nan(""));
  const auto reflects = [](const laws::Extent& extent) {
    return extent.sides == laws::Extent::Sides::reflecting;
  };
  if (std::ranges::any_of(config_.phase_space->box.axis, reflects))
    add("wall_hits", "1", "Hits of a particle on reflecting sides since t = 0",
        static_cast<double>(ledger.wall_hits) / n, t == 0.0 ? 0.0 : std::nan(""));
  take_back_errors(t, setup);
  keep_cloud(t, setup);
}

void PhaseObserver::finish(double t, const PhaseSetup& setup) {
  side.marginals.clear();  // a run may go on from its very end
  const PhaseEnsemble& ensemble = setup.ensemble;
  const double temperature = setup.temperature;
  const bool has_law = std::isfinite(temperature);
  const std::vector<double> x = of_particles(
      ensemble, [](const PhaseView& view, std::size_t i) { return view.position[0][i]; });
  const laws::Extent extent = config_.phase_space->box.axis[0].at(t);
  const auto law = law_of_x(setup, extent, t);
  const auto [x_low, x_high] =
      extent.sides == laws::Extent::Sides::open ? range_of(x) : std::pair(extent.low, extent.high);
  side.marginals.push_back(counted("x", equal_edges(x_low, x_high), x));
  if (law) side.marginals.back().probability = law->bin_probabilities(side.marginals.back().edges);

  // In units of the thermal momentum of a particle's own mass, so that species of all masses have
  // one law.
  const std::vector<double> p = of_particles(ensemble, [&](const PhaseView& view, std::size_t i) {
    return has_law ? view.momentum[0][i] * std::sqrt(config_.ensemble.mass / view.mass)
                   : view.momentum[0][i];
  });
  constexpr double sigmas = 4.5;
  const double reach = has_law ? sigmas * std::sqrt(config_.ensemble.mass * temperature) : 0.0;
  const auto [p_low, p_high] = has_law ? std::pair(-reach, reach) : range_of(p);
  side.marginals.push_back(counted("p", equal_edges(p_low, p_high), p));
  if (has_law)
    side.marginals.back().probability = differences(side.marginals.back().edges, [&](double edge) {
      return 0.5 * std::erfc(-edge / std::sqrt(2.0 * config_.ensemble.mass * temperature));
    });

  const std::vector<double> kinetic = kinetic_energies(ensemble);
  const double highest = has_law ? 12.0 * temperature : range_of(kinetic).second;
  side.marginals.push_back(counted("E", equal_edges(0.0, highest), kinetic));
  if (has_law) {
    const laws::EnergyLaw boltzmann{
        laws::MaxwellBoltzmannEnergy{temperature, ensemble.dimension()}};
    side.marginals.back().probability = differences(side.marginals.back().edges, [&](double edge) {
      return laws::cumulative(boltzmann, edge);
    });
  }
  if (std::holds_alternative<laws::Trap>(setup.potential))
    side.work = works(ensemble, setup.potential, t, start_);
}

}  // namespace powerstroke::study
