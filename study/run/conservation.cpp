#include "powerstroke/study/run/conservation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/parallel/ranks.hpp"

namespace powerstroke::study {
namespace {

/// Sums of quanta and strokes may leave 64 bits together, and are the same modulo 2^64 then.
std::int64_t wrapped(std::uint64_t value) { return static_cast<std::int64_t>(value); }
std::uint64_t wrapped(std::int64_t value) { return static_cast<std::uint64_t>(value); }

std::uint64_t sum(const std::vector<std::uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

constexpr const char* what_to_do =
    "the run stops, for its results could not be trusted. This is a fault of the program or of the "
    "machine: please report "
    "it "
    "with the config";

}  // namespace

LedgerEnergy energy_of(const Ledger& ledger, const laws::StrokeLaw& law) {
  double given = 0.0, largest = 0.0;
  for (std::size_t k = 0; k < law.transitions.size(); ++k) {
    given += law.transitions[k].delta_e * static_cast<double>(ledger.net[k]);
    largest = std::max(largest, law.transitions[k].delta_e);
  }
  return {given, largest * static_cast<double>(ledger.strokes())};
}

Conservation::Conservation(const Config& config, const Ensemble& start) : config_(config) {
  if (const auto* ladder = std::get_if<LadderEnsemble>(&start)) {
    const LadderView view = ladder->view();
    start_quanta_ = parallel::sum_over_blocks<std::int64_t>(
        view.size(), [&](std::size_t first, std::size_t last) {
          const auto levels = view.level.subspan(first, last - first);
          return std::accumulate(levels.begin(), levels.end(), std::int64_t{0});
        });
    std::uint64_t all = wrapped(start_quanta_);
    ladder->ranks().sum({&all, 1});
    start_quanta_ = wrapped(all);
  } else {
    const auto& plain = std::get<EnergyEnsemble>(start);
    const auto energy_of = [view = plain.view()](std::size_t first, std::size_t last) {
      double energy = 0.0;
      for (std::size_t i = first; i < last; ++i) energy += view.energy(i);
      return energy;
    };
    start_energy_ = plain.ranks().sum_over_blocks<double>(plain.size(), energy_of);
  }
}

void Conservation::check(double t, const analysis::Snapshot& snapshot, const Ledger& ledger) const {
  check_particles(t, snapshot);
  if (config_.strokes->on_ladder())
    check_quanta(t, snapshot, ledger);
  else
    check_energy(t, snapshot, ledger);
  if (laws::is<laws::Bath>(config_.strokes->law.balance)) check_bath(t, ledger);
}

void Conservation::check_particles(double t, const analysis::Snapshot& snapshot) const {
  const std::uint64_t particles = config_.ensemble.particles,
                      binned = sum(snapshot.bins) + snapshot.overflow;
  const std::uint64_t on_levels = snapshot.levels.empty() ? particles : sum(snapshot.levels);
  if (snapshot.particles == particles && binned == particles && on_levels == particles) return;
  throw NumericsError(fmt::format(
      "t = {:g}: of {} particles {} were seen, {} in the histogram and {} on levels; {}", t,
      particles, snapshot.particles, binned, on_levels, what_to_do));
}

void Conservation::check_quanta(double t, const analysis::Snapshot& snapshot,
                                const Ledger& ledger) const {
  std::uint64_t found = 0, expected = wrapped(start_quanta_);
  for (std::size_t i = 0; i < snapshot.levels.size(); ++i)
    found += snapshot.levels[i] * wrapped(static_cast<std::int64_t>(i) + lowest_level);
  const auto& transitions = config_.strokes->law.transitions;
  for (std::size_t k = 0; k < transitions.size(); ++k) {
    const std::int64_t stride = std::llround(transitions[k].delta_e / config_.strokes->spacing);
    expected += wrapped(ledger.net[k]) * wrapped(stride);
  }
  if (found == expected) return;
  throw NumericsError(
      fmt::format("t = {:g}: all particles together have {} quanta of the ladder, and by their "
                  "start ({}) and the strokes in the "
                  "ledger they have {}; {}",
                  t, wrapped(found), start_quanta_, wrapped(expected), what_to_do));
}

void Conservation::check_energy(double t, const analysis::Snapshot& snapshot,
                                const Ledger& ledger) const {
  const LedgerEnergy strokes = energy_of(ledger, config_.strokes->law);
  const double found = snapshot.energy.mean * static_cast<double>(snapshot.particles),
               expected = start_energy_ + strokes.given,
               moved = start_energy_ + found + strokes.moved;
  if (std::abs(found - expected) <= energy_tolerance * moved) return;
  throw NumericsError(
      fmt::format("t = {:g}: all particles together have the energy {:.12g}, and by their start "
                  "({:.12g}) and the strokes in the "
                  "ledger {:.12g}; they may differ by {:.2g} by rounding; {}",
                  t, found, start_energy_, expected, energy_tolerance * moved, what_to_do));
}

void Conservation::check_bath(double t, const Ledger& ledger) const {
  for (std::size_t k = 0; k < config_.strokes->law.transitions.size(); ++k) {
    const std::uint64_t excited = config_.strokes->bath.excited - wrapped(ledger.net[k]);
    if (excited <= config_.strokes->bath.systems) continue;
    throw NumericsError(fmt::format(
        "t = {:g}: {} of {} two-level systems of transition {} are excited by the ledger; {}", t,
        wrapped(excited), config_.strokes->bath.systems, k, what_to_do));
  }
}

}  // namespace powerstroke::study
