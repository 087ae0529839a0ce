#include "powerstroke/kernels/kick.hpp"

#include <utility>

#include "powerstroke/engine/parallel/parallel.hpp"

namespace powerstroke {
namespace {

/// The profile is a copy: what follows from its parameters alone is then computed once, and not for each particle.
template <laws::Profile V>
void kick(const V profile, PhaseEnsemble& ensemble, double t, double dt, std::size_t first, std::size_t last) {
  for (int axis = 0; axis < ensemble.dimension(); ++axis) {
    const double* const x = ensemble.positions(axis).data();
    double* const p = ensemble.momenta(axis).data();
    for (std::size_t i = first; i < last; ++i) p[i] += dt * profile.force(x[i], t);
  }
}

void kick(const laws::UserPotential& potential, PhaseEnsemble& ensemble, double t, double dt, std::size_t first,
          std::size_t last) {
  for (std::size_t i = first; i < last; ++i) {
    Vector x{};
    for (int axis = 0; axis < ensemble.dimension(); ++axis) x[static_cast<std::size_t>(axis)] = ensemble.positions(axis)[i];
    const Vector force = potential.force(x, t);
    for (int axis = 0; axis < ensemble.dimension(); ++axis)
      ensemble.momenta(axis)[i] += dt * force[static_cast<std::size_t>(axis)];
  }
}

}  // namespace

Kick::Kick(laws::AnyPotential potential) : potential_(std::move(potential)) { laws::validate(potential_); }

void Kick::advance(PhaseEnsemble& ensemble, double t, double dt, StepClock&, Ledger&) const {
  if (std::holds_alternative<laws::Free>(potential_)) return;
  const double middle = t + 0.5 * dt;
  std::visit(
      [&](const auto& potential) {
        parallel::for_each_block(ensemble.size(), [&](std::size_t, std::size_t first, std::size_t last) {
          kick(potential, ensemble, middle, dt, first, last);
        });
      },
      potential_);
}

}  // namespace powerstroke
