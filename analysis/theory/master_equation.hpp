#pragma once

#include <cstddef>
#include <vector>

#include "powerstroke/analysis/theory/populations.hpp"
#include "powerstroke/kernels/laws/balance.hpp"

namespace powerstroke::theory {

/// The energy master equation (7) with one delta_e, ladder by ladder.
///
/// Constant rates: uniformization, P(t+h) = sum_k Poisson(k; c h) U^k P with c slightly above w+ + w-, the sum cut where the
/// a-priori bound on what is left is below its share of the tolerance. `conserving`, w+(t) = w- phi(t) of (8): nonlinear;
/// Boost.Odeint's controlled Runge-Kutta-Fehlberg 7(8), the error of a step measured as total variation. The top level
/// reflects, so that mass is kept to rounding; the ladder grows, and the stretch is done again, when int w+ Prob(top) dt,
/// which bounds what the reflection changes, would pass its share of the tolerance.
class MasterEquation {
 public:
  /// @param transition its rate_up is not read if `conserving`.
  /// @param tolerance > 0, on the error of a probability (total variation) over the whole run. With constant rates it is a
  ///         bound; `conserving`, a step may err by a thousandth of it (not less than 2e-15), and `error_bound` sums what
  ///         the steps did.
  MasterEquation(Populations start, const laws::Transition& transition, bool conserving, double tolerance = 1e-10);

  /// Solves up to time t >= time().
  /// @throws NumericsError if the ladder would need more than 2^31 levels or doubles, or the step control fails.
  void advance(double t);

  double time() const { return time_; }
  const Populations& populations() const { return populations_; }
  /// w+ at time(): the given one, or w- phi(t).
  double rate_up() const;
  /// int_0^t (w+ + w- phi) ds: expected number of strokes of a particle so far. The variance of its net number, too.
  double strokes() const { return strokes_; }
  /// What the numerics may have cost so far: the bounds that were used, summed. Rounding is not among them.
  double error_bound() const { return error_bound_; }

 private:
  void advance_constant(double t);
  void advance_conserving(double t);
  bool uniformized_stretch(double h, double rate);
  bool conserving_steps(double t);
  double share(double h) const;
  void grow();

  Populations populations_;
  laws::Transition transition_;
  bool conserving_;
  double tolerance_;
  double time_ = 0.0, strokes_ = 0.0, error_bound_ = 0.0;
  double next_step_;  ///< what the step control proposes, `conserving`
};

}  // namespace powerstroke::theory
