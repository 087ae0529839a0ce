#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <variant>

#include "powerstroke/analysis/estimators.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/io/run/observers.hpp"
#include "powerstroke/io/run/parts.hpp"
#include "powerstroke/io/run/problem.hpp"
#include "powerstroke/kernels/initial_state.hpp"
#include "powerstroke/kernels/laws/momentum_entropy.hpp"

namespace powerstroke::io {
namespace {

/// The binless entropy sorts the particles: this many snapshots and this many particles are enough for a cross-check.
constexpr std::size_t spacing_snapshots = 6;
constexpr std::size_t spacing_particles = 1'000'000;

/// Candidates a particle between two reports of progress.
constexpr double candidates_a_report = 64.0;

template <class View>
analysis::Estimate spacing_estimate(const View& view) {
  std::vector<double> energies(std::min(view.size(), spacing_particles));
  for (std::size_t i = 0; i < energies.size(); ++i) energies[i] = view.energy(i);
  return analysis::spacing_entropy(energies);
}

bool spacing_wanted(std::size_t index, std::size_t snapshots) {
  if (index + 1 == snapshots) return true;
  const std::size_t stride = std::max<std::size_t>(1, (snapshots - 1) / (spacing_snapshots - 1));
  return index % stride == 0 && index / stride < spacing_snapshots - 1;
}

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// S_E from the histogram and, at some snapshots, from spacings; undefined for a law with atoms.
struct Entropies {
  analysis::EntropyEstimate histogram{not_a_number, not_a_number, not_a_number, not_a_number};
  analysis::Estimate spacing{not_a_number, not_a_number};
};

/// What the two-level systems have, from what the particles have gained: the sum is kept to the last quantum.
void append_excited(const Config& config, const Ledger& ledger, Series& series) {
  if (config.strokes.balance != Balance::bath) return;
  series.excited.resize(config.strokes.law.transitions.size());
  for (std::size_t k = 0; k < series.excited.size(); ++k) {
    const double excited = static_cast<double>(config.strokes.bath_excited) - static_cast<double>(ledger.net[k]);
    series.excited[k].push_back(excited / static_cast<double>(config.strokes.bath_systems));
  }
}

Ensemble start_ensemble(const Config& config) {
  const EnsembleConfig& ensemble = config.ensemble;
  if (!config.strokes.on_ladder()) return initial_energies(ensemble.energy, ensemble.particles, config.seed);
  return initial_ensemble(ensemble.energy, config.strokes.spacing, ensemble.particles, config.seed);
}

analysis::Snapshot look(const Config& config, const Ensemble& ensemble, const analysis::BinGrid& grid) {
  const auto gather = [&](const auto& view, auto threshold) {
    return parallel::sum_over_blocks<analysis::Snapshot>(view.size(), [&](std::size_t first, std::size_t last) {
      return analysis::gather(view.part(first, last), grid, threshold);
    });
  };
  if (const auto* ladder = std::get_if<LadderEnsemble>(&ensemble)) return gather(ladder->view(), first_stride(config));
  return gather(std::get<EnergyEnsemble>(ensemble).view(), config.strokes.delta_e());
}

}  // namespace

void append_snapshot(const Config& config, const analysis::Snapshot& snapshot, const analysis::EntropyEstimate& entropy,
                     double t, const Ledger& ledger, Series& series, const analysis::Estimate& spacing) {
  const auto push = [](std::vector<double>& value, std::vector<double>& error, const analysis::Estimate& estimate) {
    value.push_back(estimate.value);
    error.push_back(estimate.error);
  };
  series.t.push_back(t);
  push(series.mean_energy, series.mean_energy_err, analysis::mean_energy(snapshot));
  push(series.phi, series.phi_err, analysis::phi(snapshot));
  const analysis::Estimate ln_energy = analysis::mean_ln_energy(snapshot);
  push(series.mean_ln_E, series.mean_ln_E_err, ln_energy);
  const double variance = entropy.variance + entropy.beyond;
  push(series.S_E, series.S_E_err, {entropy.value, std::sqrt(variance)});
  const laws::MomentumEntropy shift = laws::momentum_entropy(config.ensemble.dimension, config.ensemble.mass);
  const double c = shift.ln_energy_factor;
  // In d = 2 ln E does not enter, and may be undefined.
  const analysis::Estimate one_particle =
      c == 0.0
          ? analysis::Estimate{entropy.value + shift.constant, std::sqrt(variance)}
          : analysis::Estimate{
                entropy.value + shift.constant + c * ln_energy.value,
                std::sqrt(variance + 2.0 * c * entropy.ln_energy_covariance + c * c * ln_energy.error * ln_energy.error)};
  push(series.S_1, series.S_1_err, one_particle);
  push(series.S_E_spacing, series.S_E_spacing_err, spacing);
  if (config.strokes.are_counted()) {
    series.strokes_up.push_back(ledger.uptakes);
    series.strokes_down.push_back(ledger.releases);
    series.blocked.push_back(ledger.blocked);
  }
  append_excited(config, ledger, series);
}

ParticleRun simulate_particles(const Config& config, const Strokes& strokes, const Progress& progress, RunResult& result) {
  Ensemble ensemble = start_ensemble(config);
  const analysis::BinGrid grid = bin_grid(config);
  const bool has_atoms = !laws::atoms(config.ensemble.energy).empty();
  const double end = config.snapshots.back();
  double fastest = 0.0;
  for (const laws::Transition& transition : config.strokes.law.transitions)
    fastest += (given_rates(config) ? transition.rate_up : transition.rate_down) + transition.rate_down;

  // On a ladder strokes never change E modulo its spacing: bins that did not resolve its density once never will, even where
  // symmetry hides it.
  bool resolved = !has_atoms;
  std::optional<PathObserver> paths;
  std::optional<InformationObserver> information;
  auto* ladder = std::get_if<LadderEnsemble>(&ensemble);
  if (config.analysis.path_entropy) paths.emplace(config, *ladder);
  if (config.analysis.information) information.emplace(config, *ladder);
  ParticleRun run;
  StepClock clock;
  double now = 0.0;
  for (std::size_t index = 0; index < config.snapshots.size(); ++index) {
    const double t = config.snapshots[index];
    // Pieces that depend on the config alone: the strokes' random numbers are keyed by the step.
    const double pieces =
        config.strokes.are_counted() ? std::max(1.0, std::ceil((t - now) * fastest / candidates_a_report)) : 1.0;
    for (double piece = 1.0; piece <= pieces && t > now; ++piece) {
      const double until = piece < pieces ? now + (t - now) / (pieces - piece + 1.0) : t;
      strokes(ensemble, now, until - now, clock, run.ledger);
      now = until;
      if (progress) progress(end > 0.0 ? now / end : 1.0, run.ledger.strokes());
    }
    run.snapshots.push_back(look(config, ensemble, grid));
    Entropies entropies;
    if (resolved) entropies.histogram = analysis::histogram_entropy(run.snapshots.back(), grid);
    if (config.strokes.on_ladder()) resolved = resolved && !std::isnan(entropies.histogram.value);
    if (!has_atoms && spacing_wanted(index, config.snapshots.size()))
      entropies.spacing = std::visit([](const auto& some) { return spacing_estimate(some.view()); }, ensemble);
    append_snapshot(config, run.snapshots.back(), entropies.histogram, t, run.ledger, result.series, entropies.spacing);
    if (paths) paths->look(t, *ladder, result.series);
    if (information) information->look(t, *ladder, result);
  }

  Histograms& histograms = result.histograms;
  histograms.edges = grid.edges();
  std::size_t levels = 0;
  for (const analysis::Snapshot& snapshot : run.snapshots) levels = std::max(levels, snapshot.levels.size());
  for (const analysis::Snapshot& snapshot : run.snapshots) {
    histograms.counts.push_back(snapshot.bins);
    histograms.overflow.push_back(snapshot.overflow);
    histograms.levels.push_back(snapshot.levels);
    histograms.levels.back().resize(levels, 0);
  }
  result.has_particles = true;
  result.performance.bytes_per_particle =
      std::visit([]<class Some>(const Some&) { return Some::bytes_per_particle; }, ensemble);
  return run;
}

}  // namespace powerstroke::io
