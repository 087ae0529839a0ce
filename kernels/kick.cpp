#include "powerstroke/kernels/kick.hpp"

#include <cstdint>
#include <utility>

#include "powerstroke/engine/core/clones.hpp"

namespace powerstroke {
namespace {

/// The profile is a copy: what follows from its parameters alone is then computed once, and not for
/// each particle.
template <laws::Profile V>
POWERSTROKE_TEMPLATE_CLONES void kick_axis(const V profile, const double* x, double* p,
                                           std::size_t size, double t, double dt) {
  POWERSTROKE_INDEPENDENT
  for (std::size_t i = 0; i < size; ++i) p[i] += dt * profile.force(x[i], t);
}

void kick(const laws::Free&, PhaseEnsemble&, double, double, std::size_t, std::size_t) {}

template <laws::Profile V>
void kick(const V& profile, PhaseEnsemble& ensemble, double t, double dt, std::size_t first,
          std::size_t last) {
  for (int axis = 0; axis < ensemble.dimension(); ++axis)
    kick_axis(profile, ensemble.positions(axis).data() + first,
              ensemble.momenta(axis).data() + first, last - first, t, dt);
}

void kick(const laws::UserPotential& potential, PhaseEnsemble& ensemble, double t, double dt,
          std::size_t first, std::size_t last) {
  for (std::size_t i = first; i < last; ++i) {
    Vector x{};
    for (int axis = 0; axis < ensemble.dimension(); ++axis)
      x[static_cast<std::size_t>(axis)] = ensemble.positions(axis)[i];
    const Vector force = potential.force(x, t);
    for (int axis = 0; axis < ensemble.dimension(); ++axis)
      ensemble.momenta(axis)[i] += dt * force[static_cast<std::size_t>(axis)];
  }
}

}  // namespace

Kick::Kick(laws::AnyPotential potential) : potential_(std::move(potential)) {
  laws::validate(potential_);
}

void Kick::advance(PhaseEnsemble& ensemble, double t, double dt, StepClock& clock,
                   Ledger& ledger) const {
  advance_in_blocks(in_blocks(dt), ensemble, t, clock, ledger);
}

PhaseStep Kick::in_blocks(double dt) const {
  return std::visit(
      [dt](const auto& potential) -> PhaseStep {
        return {0, 0,
                [potential, dt](PhaseEnsemble& ensemble, double t, std::uint64_t, std::size_t first,
                                std::size_t last, Ledger&) {
                  kick(potential, ensemble, t + 0.5 * dt, dt, first, last);
                }};
      },
      potential_);
}

}  // namespace powerstroke
