#pragma once

#include "powerstroke/engine/state/ladder_ensemble.hpp"
#include "powerstroke/engine/state/momentum_view.hpp"
#include "powerstroke/kernels/laws/balance.hpp"

/// What every stroke kernel asks of its parameters and of the ensemble, before it moves anything.
namespace powerstroke {

/// @throws ConfigError unless delta_e > 0 and both rates are finite and >= 0.
void check_transition(const laws::Transition& transition);

/// @throws NumericsError if the ensemble stands on a ladder of another delta_e, or if uptakes at rate_up over `dt` could
///         carry the
///         levels out of 32 bits.
void check_ladder(const laws::Transition& transition, const LadderEnsemble& ensemble, double dt);

/// @throws NumericsError if an energy is not finite or lies 2^30 delta_e or higher, naming the particle, or as above.
void check_momenta(const laws::Transition& transition, const MomentumView& momenta, double dt);

}  // namespace powerstroke
