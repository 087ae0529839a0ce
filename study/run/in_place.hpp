#pragma once

#include <cstdint>

#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/engine/state/momentum_view.hpp"
#include "powerstroke/kernels/ledger.hpp"
#include "powerstroke/study/run/stroke_kernel.hpp"
#include "powerstroke/study/settings/config.hpp"

namespace powerstroke::study {

/// Strokes of any balance on momenta that another code owns, by what a config's "strokes" says,
/// with the clock and the ledger that belong to them: what the bindings to other languages hold.
class InPlaceStrokes {
 public:
  /// @param seed of the random streams; @param step of the clock to go on from, and @param so_far
  ///        what has been booked until then: both from a restart file of the other code.
  /// @throws ConfigError for a "timing" that momenta do not have; NumericsError if `so_far` is none
  /// of this bath.
  InPlaceStrokes(const StrokesConfig& strokes, std::uint64_t seed, std::uint64_t step = 0,
                 const Ledger& so_far = {});

  /// The same law and seed at a step of the clock, with nothing booked: for a small part of the
  /// cost of new ones, since what is tabulated of the law is shared. Not for a bath, whose systems
  /// know what was booked.
  InPlaceStrokes anew(std::uint64_t step) const;

  /// All strokes of a time `dt` >= 0, in place. @throws NumericsError as the kernels.
  void advance(const MomentumView& momenta, double dt);

  const Ledger& ledger() const { return ledger_; }
  /// Of the clock: the next one. To be kept with a restart.
  std::uint64_t step() const { return clock_.now(); }
  /// Energy that the particles were given, sum of delta_e (uptakes - releases).
  double energy() const;
  const laws::StrokeLaw& law() const { return law_; }

 private:
  laws::StrokeLaw law_;
  StrokeKernel kernel_;
  StepClock clock_;
  Ledger ledger_;
};

}  // namespace powerstroke::study
