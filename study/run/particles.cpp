#include "powerstroke/study/run/particles.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <variant>

#include "powerstroke/analysis/estimators.hpp"
#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/parallel/ranks.hpp"
#include "powerstroke/kernels/initial_state.hpp"
#include "powerstroke/kernels/laws/momentum_entropy.hpp"
#include "powerstroke/study/checkpoint/checksum.hpp"
#include "powerstroke/study/checkpoint/walk_ledger.hpp"
#include "powerstroke/study/result/observable.hpp"
#include "powerstroke/study/result/observables.hpp"
#include "powerstroke/study/result/walk.hpp"
#include "powerstroke/study/run/problem.hpp"

namespace powerstroke::study {
namespace {

/// The binless entropy sorts the particles. So few are sorted at each snapshot: it needs no luck
/// with bins, inside which a ladder makes kinks and jumps. Of more, this many snapshots and this
/// many particles are enough for a cross-check, if the bins resolve P(E).
constexpr std::uint64_t few_particles = 200'000;
constexpr std::size_t spacing_snapshots = 6;
constexpr std::size_t spacing_particles = 1'000'000;

/// Candidates a particle in a call of the kernel: between two of them is progress reported and a
/// checkpoint possible. Fewer where there are so many particles that a user would have to wait for
/// it, if not so few that going over all of them costs more than the strokes; strokes of pairs do
/// not go over all of them.
constexpr double most_candidates = 64.0, fewest_candidates = 16.0, candidates_of_all = 4e9,
                 candidates_of_pairs = 1e8;

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// From the first particles of the ensemble. @param writes this rank, which all others tell.
template <class Ensemble>
analysis::SpacingEntropy spacing_estimate(const Ensemble& ensemble,
                                          const analysis::OffsetMap& offsets, bool writes) {
  const auto view = ensemble.view();
  const std::size_t first = std::min(ensemble.first_id(), spacing_particles);
  std::vector<double> energies(std::min(view.size(), spacing_particles - first));
  for (std::size_t i = 0; i < energies.size(); ++i) energies[i] = view.energy(i);
  energies = ensemble.ranks().gather_on_first(std::span<const double>(energies));
  if (!writes) return {not_a_number, not_a_number, not_a_number, not_a_number};
  return analysis::spacing_entropy(energies, offsets);
}

bool spacing_wanted(std::size_t index, std::size_t snapshots) {
  if (index + 1 == snapshots) return true;
  const std::size_t stride = std::max<std::size_t>(1, (snapshots - 1) / (spacing_snapshots - 1));
  return index % stride == 0 && index / stride < spacing_snapshots - 1;
}

/// S_E from the histogram and, at some snapshots, from spacings; undefined for a law with atoms.
struct Entropies {
  analysis::EntropyEstimate histogram{not_a_number, not_a_number, not_a_number, not_a_number};
  analysis::SpacingEntropy spacing{not_a_number, not_a_number, not_a_number, not_a_number};
};

/// Strokes of each transition, unless the run goes on from a checkpoint that did not tell them
/// apart.
void append_strokes(const Config& config, const Ledger& ledger, Series& series) {
  const std::size_t transitions = config.strokes ? config.strokes->law.transitions.size() : 0;
  const auto all = [](const auto& counts) {
    return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
  };
  if (all(ledger.uptakes_by) != ledger.uptakes || all(ledger.releases_by) != ledger.releases ||
      (series.uptakes.empty() && series.t.size() > 1)) {
    series.uptakes.clear();
    series.releases.clear();
    return;
  }
  series.uptakes.resize(transitions);
  series.releases.resize(transitions);
  for (std::size_t k = 0; k < transitions; ++k) {
    series.uptakes[k].push_back(ledger.uptakes_by[k]);
    series.releases[k].push_back(ledger.releases_by[k]);
  }
}

/// What the two-level systems have, from what the particles have gained: the sum is kept to the
/// last quantum.
void append_excited(const Config& config, const Ledger& ledger, Series& series) {
  if (!config.strokes || !laws::is<laws::Bath>(config.strokes->law.balance)) return;
  series.excited.resize(config.strokes->law.transitions.size());
  for (std::size_t k = 0; k < series.excited.size(); ++k) {
    const double excited =
        static_cast<double>(config.strokes->bath.excited) - static_cast<double>(ledger.net[k]);
    series.excited[k].push_back(excited / static_cast<double>(config.strokes->bath.systems));
  }
}

Ensemble start_ensemble(const Config& config, parallel::Ranks ranks) {
  const EnsembleConfig& ensemble = config.ensemble;
  if (config.strokes->on_ladder())
    return initial_ensemble(ensemble.energy, config.strokes->spacing, ensemble.particles,
                            config.seed, ranks);
  return initial_energies(ensemble.energy, ensemble.particles, config.seed, ranks);
}

parallel::Ranks ranks_of(const Ensemble& ensemble) {
  return std::visit([](const auto& some) { return some.ranks(); }, ensemble);
}

/// What of a snapshot depends on the order of a sum.
struct OrderedSums {
  analysis::Moments energy, ln_energy;
  double overflow_excess = 0.0;

  OrderedSums& operator+=(const OrderedSums& other) {
    energy += other.energy;
    ln_energy += other.ln_energy;
    overflow_excess += other.overflow_excess;
    return *this;
  }
};

/// The snapshot of all ranks from their own: counts are integers; the rest is added block by block,
/// as in one process.
/// @param of_blocks of this rank.
void sum_over(parallel::Ranks ranks, analysis::Snapshot& snapshot,
              const std::vector<OrderedSums>& of_blocks, std::size_t bins) {
  snapshot.bins.resize(bins);
  const std::int64_t levels = ranks.largest(static_cast<std::int64_t>(snapshot.levels.size()));
  snapshot.levels.resize(static_cast<std::size_t>(levels));
  ranks.sum(snapshot.bins);
  ranks.sum(snapshot.levels);
  std::array<std::uint64_t, 3> counts = {snapshot.particles, snapshot.overflow, snapshot.above};
  ranks.sum(counts);
  snapshot.particles = counts[0];
  snapshot.overflow = counts[1];
  snapshot.above = counts[2];
  OrderedSums all;
  ranks.pass_along(std::as_writable_bytes(std::span(&all, 1)), [&] {
    for (const OrderedSums& block : of_blocks) all += block;
  });
  snapshot.energy = all.energy;
  snapshot.ln_energy = all.ln_energy;
  snapshot.overflow_excess = all.overflow_excess;
}

/// What the strokes of all ranks moved, from what they did here. Steps are the same everywhere.
Ledger sum_over(parallel::Ranks ranks, const Ledger& ours) {
  std::vector<std::uint64_t> counts = ours.integers();
  ranks.sum(counts);
  Ledger all = Ledger::of_integers(counts);
  all.steps = ours.steps;
  return all;
}

analysis::Snapshot gather(const Config& config, const Ensemble& ensemble,
                          const analysis::BinGrid& grid) {
  const parallel::Ranks ranks = ranks_of(ensemble);
  const auto seen = [&](const auto& view, auto threshold) {
    const bool divided = ranks.are_several();
    std::vector<OrderedSums> of_blocks(divided ? parallel::blocks(view.size()) : 0);
    auto all = parallel::sum_over_blocks<analysis::Snapshot>(
        view.size(), [&](std::size_t first, std::size_t last) {
          analysis::Snapshot block = analysis::gather(view.part(first, last), grid, threshold);
          if (divided)
            of_blocks[first / parallel::block_size] = {block.energy, block.ln_energy,
                                                       block.overflow_excess};
          return block;
        });
    if (divided) sum_over(ranks, all, of_blocks, grid.bins);
    return all;
  };
  if (const auto* ladder = std::get_if<LadderEnsemble>(&ensemble))
    return seen(ladder->view(), first_stride(config));
  return seen(std::get<EnergyEnsemble>(ensemble).view(), config.strokes->delta_e());
}

/// Of each particle's E modulo the ladder's spacing: what a checkpoint does not store, since the
/// seed gives it again.
std::uint32_t fingerprint(const LadderEnsemble& ensemble) {
  const std::span<const double> offsets = ensemble.offsets();
  std::uint32_t value = 0;
  ensemble.ranks().pass_along(std::as_writable_bytes(std::span(&value, 1)), [&] {
    value = crc32_of(offsets.data(), offsets.size_bytes(), value);
  });
  return value;
}

/// A number of each particle, of which this rank has a share.
/// @param all those of all ranks, where they are to be written.
template <class Ensemble, class T>
void walk_particles(const Archive& group, const char* name, const Ensemble& ensemble,
                    std::span<T> ours, std::vector<T>& all, const char* units,
                    const char* description) {
  if (!ensemble.is_divided()) {
    group.field(name, ours, units, description);
    return;
  }
  all.resize(ensemble.whole_size());
  group.field(name, std::span<T>(all), units, description);
  const auto first = all.begin() + static_cast<std::ptrdiff_t>(ensemble.first_id());
  std::copy(first, first + static_cast<std::ptrdiff_t>(ours.size()), ours.begin());
  all = {};
}

/// Rows of different lengths: one after the other, and how long each is.
void walk_levels(const Archive& group, std::vector<analysis::Snapshot>& snapshots) {
  std::vector<std::uint64_t> lengths, counts;
  for (const analysis::Snapshot& snapshot : snapshots) {
    lengths.push_back(snapshot.levels.size());
    counts.insert(counts.end(), snapshot.levels.begin(), snapshot.levels.end());
  }
  group.field("level_lengths", lengths, "1", "Levels that each snapshot has counts of");
  group.field("levels", counts, "1", "Particles on a level, from -1 on, snapshot after snapshot");
  if (lengths.size() != snapshots.size())
    throw DamagedState("level_lengths has not one entry per snapshot");
  std::size_t next = 0;
  for (std::size_t k = 0; k < snapshots.size(); ++k) {
    if (lengths[k] > counts.size() - next)
      throw DamagedState("levels has fewer counts than level_lengths says");
    const auto from = counts.begin() + static_cast<std::ptrdiff_t>(next);
    snapshots[k].levels.assign(from, from + static_cast<std::ptrdiff_t>(lengths[k]));
    next += lengths[k];
  }
}

void walk_moments(const Archive& group, std::vector<analysis::Snapshot>& snapshots,
                  analysis::Moments analysis::Snapshot::*member) {
  using analysis::Moments;
  std::vector<Moments> moments;
  for (const analysis::Snapshot& snapshot : snapshots) moments.push_back(snapshot.*member);
  group.column("count", moments, &Moments::count, "1", "How many numbers");
  group.column("mean", moments, &Moments::mean, "1", "Their mean");
  group.column("squares", moments, &Moments::squares, "1", "Sum of squared deviations");
  if (moments.size() != snapshots.size())
    throw DamagedState("moments have not one entry per snapshot");
  for (std::size_t k = 0; k < snapshots.size(); ++k) snapshots[k].*member = moments[k];
}

void walk_snapshots(const Archive& group, std::vector<analysis::Snapshot>& snapshots) {
  using analysis::Snapshot;
  group.column("particles", snapshots, &Snapshot::particles, "1", "Particles that were seen");
  group.column("overflow", snapshots, &Snapshot::overflow, "1", "Of them above the histogram");
  group.column("overflow_excess", snapshots, &Snapshot::overflow_excess, "energy",
               "Sum of E - max over these");
  group.column("above", snapshots, &Snapshot::above, "1", "Of them with E > delta_e");
  std::vector<std::vector<std::uint64_t>> bins;
  for (const Snapshot& snapshot : snapshots) bins.push_back(snapshot.bins);
  group.field("bins", bins, "1", "Particles in a bin, [snapshot][bin]");
  if (bins.size() != snapshots.size()) throw DamagedState("bins have not one row a snapshot");
  for (std::size_t k = 0; k < snapshots.size(); ++k) snapshots[k].bins = bins[k];
  walk_moments(group.group("energy"), snapshots, &Snapshot::energy);
  walk_moments(group.group("ln_energy"), snapshots, &Snapshot::ln_energy);
  walk_levels(group, snapshots);
}

/// What a version that did not know an observable has not measured, from the snapshots that it
/// kept.
template <class Observable>
void measure_again(const Config& config, const std::vector<analysis::Snapshot>& snapshots,
                   Quantity& quantity) {
  const analysis::EntropyEstimate no_entropy{not_a_number, not_a_number, not_a_number,
                                             not_a_number};
  for (const analysis::Snapshot& snapshot : snapshots) {
    const analysis::Estimate found =
        Observable::measure({config, snapshot, no_entropy, {not_a_number, not_a_number}, 0.0});
    quantity.push(found.value, found.error);
  }
}

}  // namespace

analysis::EntropyEstimate without_bins(int dimension, const analysis::Snapshot& snapshot,
                                       const analysis::SpacingEntropy& spacing) {
  const bool is_needed = laws::momentum_entropy(dimension, 1.0).ln_energy_factor != 0.0;
  const double covariance = spacing.ln_energy_covariance / static_cast<double>(snapshot.particles);
  const double scatter =
      std::max(spacing.error * spacing.error - spacing.beyond, 0.0);  // NaN stays
  return {spacing.value, scatter, is_needed ? covariance : 0.0, spacing.beyond};
}

double unseen_stroke(const Config& config, double t, const Ledger& ledger) {
  double largest = 0.0;
  if (config.strokes && t > 0.0 && ledger.strokes() == 0)
    for (const laws::Transition& transition : config.strokes->law.transitions)
      largest = std::max(largest, transition.delta_e);
  return largest;
}

void append_snapshot(const ParticleLook& look, double t, const Ledger& ledger, Series& series,
                     std::vector<Quantity>& quantities) {
  series.t.push_back(t);
  for_each_observable([&]<class Observable>(Observable) {
    const analysis::Estimate found = Observable::measure(look);
    quantity_of(quantities, Observable::info.key).push(found.value, found.error);
  });
  const Config& config = look.config;
  if (config.strokes_are_counted()) {
    series.strokes_up.push_back(ledger.uptakes);
    series.strokes_down.push_back(ledger.releases);
    series.blocked.push_back(ledger.blocked);
    append_strokes(config, ledger, series);
  }
  append_excited(config, ledger, series);
}

ParticleSimulation::ParticleSimulation(const Config& config, parallel::Ranks ranks)
    : config_(config),
      ranks_(ranks),
      ensemble_(start_ensemble(config, dividing(config, ranks))),
      grid_(bin_grid(config)),
      conservation_(config, ensemble_),
      offsets_(offset_map(config)),
      has_atoms_(!laws::atoms(config.ensemble.energy).empty()),
      resolved_(!has_atoms_) {
  auto* ladder = std::get_if<LadderEnsemble>(&ensemble_);
  if (config.analysis.path_entropy) paths_.emplace(config, *ladder);
  if (config.analysis.information) information_.emplace(config, *ladder);
}

void ParticleSimulation::walk(const Archive& state) {
  std::uint64_t tick = clock_.now();
  state.field("tick", tick, "1", "Of the clock that keys random streams");
  clock_ = StepClock(tick);
  state.field("t", now_, UnitNames(config_.units).time.c_str(), "Time that is reached");
  state.field("snapshot", snapshot_, "1", "Number of the next snapshot");
  state.field("piece", piece_, "1", "Number of the next call of the kernel on the way to it");
  state.field("resolved", resolved_, "1", "1 if the histogram has resolved the density so far");
  walk_ledger(state.group("ledger"), run_.ledger);
  walk_series(state.group("series"), run_.quantities, run_.series, UnitNames(config_.units));
  walk_snapshots(state.group("snapshots"), run_.snapshots);
  const auto particles = state.group("particles");
  if (auto* ladder = std::get_if<LadderEnsemble>(&ensemble_)) {
    const std::uint32_t own = own_fingerprint();
    std::uint32_t offsets = own;
    particles.field("offsets_crc32", offsets, "1",
                    "CRC-32 of E modulo the ladder's spacing of all particles, in their order");
    if (offsets != own)
      throw DamagedState(
          "this program draws other starting energies from the seed than the one that wrote it: "
          "resume with that version");
    walk_particles(particles, "level", *ladder, ladder->levels(), all_levels_, "1",
                   "Level of each particle on the ladder");
    particles.field("path", ladder->paths(), "k_B",
                    "Sum of ln(forward / reverse rate) along each path; empty if not asked for");
  } else {
    auto& plain = std::get<EnergyEnsemble>(ensemble_);
    walk_particles(particles, "energy", plain, plain.energies(), all_energies_,
                   UnitNames(config_.units).energy.c_str(), "Kinetic energy of each particle");
  }
}

std::uint32_t ParticleSimulation::own_fingerprint() {
  if (!fingerprint_) fingerprint_ = fingerprint(std::get<LadderEnsemble>(ensemble_));
  return *fingerprint_;
}

void ParticleSimulation::collect() {
  if (const auto* ladder = std::get_if<LadderEnsemble>(&ensemble_)) {
    own_fingerprint();
    if (ladder->is_divided()) all_levels_ = ladder->ranks().gather_on_first(ladder->view().level);
  } else if (const auto& plain = std::get<EnergyEnsemble>(ensemble_); plain.is_divided()) {
    all_energies_ = plain.ranks().gather_on_first(plain.view().energies);
  }
}

void ParticleSimulation::save(const Archive& state) { walk(state); }

void ParticleSimulation::restore(const Archive& state) {
  walk(state);
  const std::size_t looks = run_.snapshots.size();
  if (snapshot_ != looks || looks > config_.snapshots.size() || run_.series.t.size() != looks)
    throw DamagedState("its snapshots are not those that the config asks for");
  for_each_observable([&]<class Observable>(Observable) {
    Quantity& quantity = quantity_of(run_.quantities, Observable::info.key);
    if (Observable::info.is_new && quantity.values.empty())
      measure_again<Observable>(config_, run_.snapshots, quantity);
    if (quantity.values.size() != looks || quantity.errors.size() != looks)
      throw DamagedState("'" + quantity.key + "' has not one entry per snapshot");
  });
  if (const auto* ladder = std::get_if<LadderEnsemble>(&ensemble_))
    if (ladder->size() > 0 && std::ranges::min(ladder->view().level) < lowest_level)
      throw DamagedState("a level lies below the ladder's end");
  const double from = looks > 0 ? config_.snapshots[looks - 1] : 0.0;
  const double to = looks < config_.snapshots.size() ? config_.snapshots[looks] : from;
  if (!(now_ >= from && now_ <= to) || piece_ < 1)
    throw DamagedState("its time is not between its snapshots");
  const std::span<const double> times = std::span(config_.snapshots).first(looks);
  if (paths_) paths_->catch_up(times);
  if (information_) information_->catch_up(times, run_.quantities);
}

double ParticleSimulation::fraction() const {
  const double end = config_.snapshots.back();
  return end > 0.0 ? now_ / end : 1.0;
}

double ParticleSimulation::pieces() const {
  if (!config_.strokes_are_counted()) return 1.0;
  const double fastest = most_attempts(config_);
  const auto particles = static_cast<double>(config_.ensemble.particles);
  const double a_piece =
      are_pairs(config_)
          ? std::min(most_candidates, candidates_of_pairs / particles)
          : std::clamp(candidates_of_all / particles, fewest_candidates, most_candidates);
  const double from = snapshot_ > 0 ? config_.snapshots[snapshot_ - 1] : 0.0;
  return std::max(1.0, std::ceil((config_.snapshots[snapshot_] - from) * fastest / a_piece));
}

void ParticleSimulation::finish(const Strokes& strokes, const Progress& progress,
                                Keeper* checkpoints) {
  const auto can_go_on = [&] {
    if (checkpoints != nullptr)
      checkpoints->offer(
          fraction(), [&](const Archive& state) { save(state); }, [&] { collect(); });
    if (!ranks_.are_several()) check_stop();  // several have to stop alike
  };
  // What is to be gone on with is left between two pieces; of a run that is lost anyway, kernels
  // and looks are left on their way.
  StopCheck* const asked =
      checkpoints == nullptr && !ranks_.are_several() ? StopCheck::current() : nullptr;
  for (; snapshot_ < config_.snapshots.size(); ++snapshot_, piece_ = 1) {
    const double t = config_.snapshots[snapshot_], all = pieces();
    for (; static_cast<double>(piece_) <= all && t > now_; ++piece_) {
      can_go_on();
      const auto piece = static_cast<double>(piece_);
      const double until = piece < all ? now_ + (t - now_) / (all - piece + 1.0) : t;
      const StopCheck::Inherited asks(asked);
      if (const parallel::Ranks ranks = ranks_of(ensemble_); ranks.are_several()) {
        Ledger ours;
        strokes(ensemble_, now_, until - now_, clock_, ours);
        run_.ledger += sum_over(ranks, ours);
      } else {
        strokes(ensemble_, now_, until - now_, clock_, run_.ledger);
      }
      now_ = until;
      if (progress) progress(fraction(), run_.ledger.strokes());
    }
    look(asked);
  }
  can_go_on();
}

void ParticleSimulation::look(StopCheck* asked) {
  if (paths_) paths_->prepare(now_);
  if (information_) information_->prepare(now_);
  const StopCheck::Inherited asks(asked);  // half a look is no state to go on from
  run_.snapshots.push_back(gather(config_, ensemble_, grid_));
  const analysis::Snapshot& snapshot = run_.snapshots.back();
  conservation_.check(now_, snapshot, run_.ledger);
  Entropies entropies;
  const bool tries_bins = resolved_ && snapshot.particles > few_particles &&
                          laws::resolved_by_bins(config_.ensemble.energy, grid_.max / grid_.bins);
  if (tries_bins) entropies.histogram = analysis::histogram_entropy(snapshot, grid_);
  const bool bins_fail = std::isnan(entropies.histogram.value);
  if (tries_bins && config_.strokes->on_ladder()) resolved_ = !bins_fail;
  if (!has_atoms_ && (bins_fail || spacing_wanted(snapshot_, config_.snapshots.size())))
    entropies.spacing = std::visit(
        [this](const auto& some) { return spacing_estimate(some, offsets_, ranks_.is_first()); },
        ensemble_);
  if (bins_fail)
    entropies.histogram = without_bins(config_.ensemble.dimension, snapshot, entropies.spacing);
  append_snapshot({config_,
                   snapshot,
                   entropies.histogram,
                   {entropies.spacing.value, entropies.spacing.error},
                   unseen_stroke(config_, now_, run_.ledger)},
                  now_, run_.ledger, run_.series, run_.quantities);
  const auto* ladder = std::get_if<LadderEnsemble>(&ensemble_);
  if (paths_) paths_->look(now_, *ladder, run_.quantities);
  if (information_) information_->look(now_, *ladder, run_.quantities);
}

Histograms histograms(const Config& config, const std::vector<analysis::Snapshot>& snapshots) {
  Histograms histograms;
  histograms.edges = bin_grid(config).edges();
  std::size_t levels = 0;
  for (const analysis::Snapshot& snapshot : snapshots)
    levels = std::max(levels, snapshot.levels.size());
  for (const analysis::Snapshot& snapshot : snapshots) {
    histograms.counts.push_back(snapshot.bins);
    histograms.overflow.push_back(snapshot.overflow);
    histograms.levels.push_back(snapshot.levels);
    histograms.levels.back().resize(levels, 0);
  }
  return histograms;
}

}  // namespace powerstroke::study
