#pragma once

#include "powerstroke/engine/state/phase_ensemble.hpp"
#include "powerstroke/kernels/laws/box.hpp"
#include "powerstroke/kernels/phase_split.hpp"

namespace powerstroke {

/// Free flight: x += p dt / m, in a box whose sides reflect or are periodic, exact. Where a
/// partition is taken out within the step, the flight is cut in two at that time, so that it is
/// exact there, too; a split's other parts are not cut. Hits on reflecting sides are booked.
class Flight {
 public:
  /// @throws ConfigError as `laws::validate`.
  explicit Flight(laws::Box box = {});

  /// Particles must start within the box. @throws NumericsError, naming the particle, if a position
  /// or momentum is not finite,
  ///         or if a flight is so long that its end in the box would be rounding.
  void advance(PhaseEnsemble& ensemble, double t, double dt, StepClock& clock,
               Ledger& ledger) const;
  PhaseStep in_blocks(double dt) const;

 private:
  laws::Box box_;
};

}  // namespace powerstroke
