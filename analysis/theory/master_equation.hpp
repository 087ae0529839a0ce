#pragma once

#include <cstddef>
#include <vector>

#include "powerstroke/analysis/theory/ladder_transitions.hpp"
#include "powerstroke/analysis/theory/populations.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"

namespace powerstroke::theory {

/// The energy master equation (7) of a stroke law, ladder by ladder: any number of transitions
/// whose delta_e are multiples of the grid's spacing, any rates law, any balance.
///
/// Given rates: uniformization, with an a-priori bound on what its sum leaves out. The others, in
/// which the rates follow from the ensemble, are nonlinear: Boost.Odeint's controlled
/// Runge-Kutta-Fehlberg 7(8), the error of a step measured as total variation. They are the
/// equations of infinitely many particles; for `exchange` and `bath` of infinitely many at a fixed
/// energy per particle and a fixed M/N.
///
/// The top levels reflect, so that mass is kept to rounding; the ladder grows, and the stretch is
/// done again, when the integral of the uptakes that would have led over the top, which bounds what
/// the reflection changes, would pass its share of the tolerance.
class MasterEquation {
 public:
  /// @param tolerance > 0, on the error of a probability (total variation) over the whole run. With
  ///         given rates it is a bound; otherwise a step may err by a thousandth of it (not less
  ///         than 2e-15), and `error_bound` sums what the steps did.
  /// @throws NumericsError if a delta_e is no whole multiple of the grid's spacing.
  MasterEquation(Populations start, laws::StrokeLaw law, double tolerance = 1e-10);

  /// Solves up to time t >= time().
  /// @throws NumericsError if the ladder would need more than `most_grid_points`, or the step
  /// control fails.
  void advance(double t);

  double time() const { return time_; }
  const Populations& populations() const { return populations_; }
  const laws::StrokeLaw& law() const { return law_; }

  /// w+ and w- of transition k at time(): the given ones, or what the balance makes of the
  /// averages.
  laws::RatePair rates(std::size_t k) const;
  std::vector<laws::RatePair> rates() const;
  /// <u> and <r> of transition k at time().
  laws::MeanFactors mean_factors(std::size_t k) const;
  /// Under laws::Bath, the fraction of transition k's systems that are excited at time(); NaN
  /// otherwise.
  double excited(std::size_t k) const;

  /// int_0^t w+ <u> ds: expected uptakes of a particle by transition k so far.
  double uptakes(std::size_t k) const { return uptakes_[k]; }
  /// int_0^t w- <r> ds: expected releases.
  double releases(std::size_t k) const { return releases_[k]; }
  /// All of them, by all transitions: also the variance of a particle's net number of strokes in
  /// infinitesimal steps.
  double strokes() const;
  /// What it took so far, in numbers of the grid that were looked at: a measure of time.
  double work() const { return work_; }
  /// What the numerics may have cost so far: the bounds that were used, summed. Rounding is not
  /// among them.
  double error_bound() const { return error_bound_; }

 private:
  void advance_given(double t);
  void advance_closed(double t);
  bool closed_steps(double t);
  double stationary_within(const std::vector<double>& state,
                           const std::vector<double>& slope) const;
  double share(double h) const;
  void grow();

  Populations populations_;
  laws::StrokeLaw law_;
  double tolerance_;
  LadderTransitions transitions_;
  double rate_scale_ = 0.0;  ///< sum of the rates, 1/time
  double time_ = 0.0, error_bound_ = 0.0;
  std::vector<double> uptakes_, releases_;
  double work_ = 0.0;
  double next_step_;  ///< what the step control proposes
};

}  // namespace powerstroke::theory
