#include "powerstroke/kernels/recorded.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"

namespace powerstroke {
namespace {

/// use(particle, kinetic energy) for the particles [first, last).
template <class Use>
void for_each_kinetic_energy(const PhaseEnsemble& ensemble, std::size_t first, std::size_t last,
                             Use use) {
  ensemble.for_each_species(first, last,
                            [&](std::size_t species, std::size_t from, std::size_t to) {
                              for (std::size_t i = from; i < to; ++i)
                                use(i, ensemble.kinetic_energy(species, i));
                            });
}

/// use(particle, kinetic energy) for all particles.
template <class Use>
void for_each_kinetic_energy(const PhaseEnsemble& ensemble, Use use) {
  parallel::for_each_block(ensemble.size(), [&](std::size_t, std::size_t first, std::size_t last) {
    for_each_kinetic_energy(ensemble, first, last, use);
  });
}

PhaseStep recorded(PhaseStep step) {
  if (!step.move) return step;
  const auto move = step.move;
  step.move = [move](PhaseEnsemble& ensemble, double t, std::uint64_t tick, std::size_t first,
                     std::size_t last, Ledger& ledger) {
    const std::span<double> heats = ensemble.heats();
    if (heats.empty()) return move(ensemble, t, tick, first, last, ledger);
    thread_local std::vector<double> before(
        parallel::block_size);  // 32 kB, too much for a stack that somebody made small
    for_each_kinetic_energy(ensemble, first, last,
                            [&](std::size_t i, double energy) { before[i - first] = energy; });
    move(ensemble, t, tick, first, last, ledger);
    for_each_kinetic_energy(ensemble, first, last, [&](std::size_t i, double energy) {
      heats[i] += energy - before[i - first];
    });
  };
  return step;
}

}  // namespace

PhasePart recorded(PhasePart part) {
  const auto whole = [advance = part.whole, before = std::vector<double>()](
                         PhaseEnsemble& ensemble, double t, double dt, StepClock& clock,
                         Ledger& ledger) mutable {
    const std::span<double> heats = ensemble.heats();
    if (heats.empty()) {
      advance(ensemble, t, dt, clock, ledger);
      return;
    }
    before.resize(heats.size());
    for_each_kinetic_energy(ensemble, [&](std::size_t i, double energy) { before[i] = energy; });
    advance(ensemble, t, dt, clock, ledger);
    for_each_kinetic_energy(ensemble,
                            [&](std::size_t i, double energy) { heats[i] += energy - before[i]; });
  };
  if (!part.blocks) return {whole};
  return {whole, [blocks = part.blocks](double dt) { return recorded(blocks(dt)); }};
}

std::vector<double> total_energies(const PhaseEnsemble& ensemble,
                                   const laws::AnyPotential& potential, double t) {
  std::vector<double> energies(ensemble.size());
  for (std::size_t species = 0; species < ensemble.species(); ++species) {
    const PhaseView particles = ensemble.view(species);
    const std::size_t start = ensemble.first(species);
    parallel::for_each_block(
        particles.size(), [&](std::size_t, std::size_t first, std::size_t last) {
          for (std::size_t i = first; i < last; ++i)
            energies[start + i] =
                particles.kinetic_energy(i) +
                laws::potential_energy(potential, particles.position_of(i), particles.dimension, t);
        });
  }
  return energies;
}

std::vector<double> works(const PhaseEnsemble& ensemble, const laws::AnyPotential& potential,
                          double t, std::span<const double> start) {
  const std::span<const double> heats = ensemble.heats();
  POWERSTROKE_EXPECT(start.size() == ensemble.size() && heats.size() == ensemble.size());
  std::vector<double> work = total_energies(ensemble, potential, t);
  for (std::size_t i = 0; i < work.size(); ++i) work[i] -= start[i] + heats[i];
  return work;
}

}  // namespace powerstroke
