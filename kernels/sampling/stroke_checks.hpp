#pragma once

#include "powerstroke/engine/state/energy_ensemble.hpp"
#include "powerstroke/engine/state/ladder_ensemble.hpp"
#include "powerstroke/engine/state/momentum_view.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"

/// What every stroke kernel asks of its parameters and of the ensemble, before it moves anything.
namespace powerstroke {

/// @throws ConfigError unless there are 1 to StrokeCounts::most_transitions transitions, each with
///         delta_e > 0 and rates that are finite and >= 0, and a bath of at least one system a
///         transition where there is one.
void check_law(const laws::StrokeLaw& law);

/// @throws NumericsError if uptakes over `dt` could carry levels out of 32 bits, or strokes out of
/// reckoning.
void check_amount(const laws::StrokeLaw& law, double dt);

/// The spacing that a kernel's hops have on an ensemble: its ladder's, or the law's own for
/// momenta; 0 where there is none.
/// @throws NumericsError if an energy is not finite or lies 2^30 spacings or higher, naming the
/// particle.
double checked_spacing(const laws::StrokeLaw& law, const LadderEnsemble& ensemble);
double checked_spacing(const laws::StrokeLaw& law, const EnergyEnsemble& ensemble);
double checked_spacing(const laws::StrokeLaw& law, const MomentumView& momenta);

}  // namespace powerstroke
