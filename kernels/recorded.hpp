#pragma once

#include <span>
#include <vector>

#include "powerstroke/kernels/laws/potential.hpp"
#include "powerstroke/kernels/phase_split.hpp"

namespace powerstroke {

/// A part of a split whose gifts are heat: what it adds to a particle's kinetic energy is added to
/// the particle's sum in `PhaseEnsemble::heats`, if the ensemble records them. For strokes, baths
/// and walls, whose energy comes from elsewhere.
PhasePart recorded(PhasePart part);

/// H = p^2/2m + V(x, t) of each particle.
std::vector<double> total_energies(const PhaseEnsemble& ensemble,
                                   const laws::AnyPotential& potential, double t);

/// The work on each particle since `start`: W = H(t) - H(start) - heat. What the protocol does to V
/// and what the integrator's error does to H, the shadow work (D. A. Sivak, J. D. Chodera, G. E.
/// Crooks, Phys. Rev. X 3 (2013) 011007), are both in it: kicks and flights keep volumes in phase
/// space whatever their step, so <exp(-W/T)> = exp(-DeltaF/T) holds at any step, if what is
/// recorded leaves exp(-p^2/2mT) alone.
/// @param start total energies when the recording began. The ensemble must record its heats.
std::vector<double> works(const PhaseEnsemble& ensemble, const laws::AnyPotential& potential,
                          double t, std::span<const double> start);

}  // namespace powerstroke
