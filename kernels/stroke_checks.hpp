#pragma once

#include "powerstroke/engine/state/ladder_ensemble.hpp"
#include "powerstroke/kernels/laws/balance.hpp"

/// What every stroke kernel asks of its parameters and of the ensemble.
namespace powerstroke {

/// @throws ConfigError unless delta_e > 0 and both rates are finite and >= 0.
void check_transition(const laws::Transition& transition);

/// @throws NumericsError if the ensemble stands on a ladder of another delta_e, or if uptakes at `rate_up` over `dt` could
///         carry the levels out of 32 bits.
void check_ladder(const laws::Transition& transition, double rate_up, const LadderEnsemble& ensemble, double dt);

}  // namespace powerstroke
