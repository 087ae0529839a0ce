#pragma once

#include <cstdint>
#include <span>

#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/engine/state/direction.hpp"
#include "powerstroke/engine/state/momentum_view.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"
#include "powerstroke/kernels/ledger.hpp"

namespace powerstroke {

/// Momenta, and for each the stroke that is under way, if any. Owns nothing: a restart file, or a
/// code that moves particles about, keeps these two numbers a particle. All are 0 at the start.
struct StrokedMomenta {
  MomentumView momenta;
  std::span<double> stroke;  ///< energy of the whole stroke: > 0 an uptake, < 0 a release, 0 none
  std::span<double> remaining;  ///< its time left
};

/// Strokes that last, (4): they begin at Poisson times, and each passes its delta_e at constant
/// power over a window Delta t.
///
/// A particle has one stroke at a time: while it lasts, none is attempted. Idle particles attempt
/// at the rates of the law, so that a particle makes strokes less often than at instantaneous
/// strokes, by 1/(1 + w Delta t), w its rate of strokes. The ledger books a stroke when it begins;
/// `still_due` is what the strokes under way have yet to pass.
///
/// A free particle that begins a release always has what the release still takes. One that
/// something else has slowed may have less: then the release waits, its window stands still, until
/// the particle has enough again. So each stroke passes its delta_e in the end, and brings no
/// particle to rest before that.
class FiniteStrokes {
 public:
  /// @param law whose rates are numbers. @param window Delta t, > 0.
  /// @throws ConfigError if they are not so, if there is no transition, or unless every delta_e > 0
  ///         and every rate is finite and >= 0.
  FiniteStrokes(laws::StrokeLaw law, double window, std::uint64_t seed);

  /// Moves momenta over `dt`, as if nothing else acted on them. |E' - E| of a stroke is delta_e to
  /// rounding, however the window is cut into steps. A particle that takes up energy at rest gets
  /// an isotropic direction (Purpose::direction_at_rest).
  /// @throws NumericsError if a momentum is not finite, or if a rates law breaks its bound.
  void advance(const StrokedMomenta& particles, double t, double dt, StepClock& clock,
               Ledger& ledger) const;

  /// For a code that moves the particles itself. Each step it integrates with `force`, for the
  /// step's dt, and then calls this: windows run down by dt, and idle particles may begin strokes,
  /// which act from the next step on. A stroke so begins up to dt late; its energy is delta_e up to
  /// the error of that code's integrator.
  void pass_time(const StrokedMomenta& particles, double t, double dt, StepClock& clock,
                 Ledger& ledger) const;

  /// The force (4) that acts on a particle at its present momentum, over a step dt that begins now.
  /// A window that ends within the step has its power spread over the step.
  /// @throws NumericsError for a stroke on a particle at rest: it has no direction, and the force
  /// no bound.
  Vector force(const StrokedMomenta& particles, std::size_t particle, double dt) const;

  /// Net energy that the strokes under way have yet to give to the particles.
  double still_due(const StrokedMomenta& particles) const;

 private:
  void check(const StrokedMomenta& particles, double dt) const;

  laws::StrokeLaw law_;
  double window_;
  std::uint64_t seed_;
};

}  // namespace powerstroke
