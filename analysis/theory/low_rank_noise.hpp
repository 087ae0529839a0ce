#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "powerstroke/analysis/theory/noise_equations.hpp"
#include "powerstroke/analysis/theory/populations.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"

namespace powerstroke::theory {

/// How N particles that share the rates of their transitions scatter over the places (offset,
/// level) of a grid: the excess X of `MeanFieldNoise`, whose comment has the equations, for rates
/// that depend on the place, and for ladders of any length.
///
/// With the Jacobian J of the occupations and the sources g, v of the noise,
///
///     X(t) = int_0^t sum of F(t, s) (g v^T + v g^T)(s) F(t, s)^T ds,   dF(t, s)/dt = J(t) F(t, s),
///
/// so that X = A M A^T with the columns of A propagated like occupations (Runge and Kutta's method
/// of fourth order, Simpson's rule for the integral). Directions that hold next to nothing of X are
/// dropped from time to time, which keeps A narrow: some twenty columns, whatever the number of
/// places. Where g is the axis e of a number of strokes, which F leaves as it is, the integral of
/// F v alone is kept, a column for each. The usual step has an error of a few parts in a thousand
/// of the variance.
class LowRankNoise {
 public:
  static constexpr double usual_step = 0.5;

  /// @param start occupations; their grid may be a coarse one, as the excess is needed to a few
  /// parts in a thousand alone.
  /// @param step of the integration, in mean times between two attempts of a particle.
  LowRankNoise(Populations start, laws::StrokeLaw law, double step = usual_step);
  ~LowRankNoise();
  LowRankNoise(const LowRankNoise& other);
  LowRankNoise& operator=(const LowRankNoise& other);
  LowRankNoise(LowRankNoise&&) noexcept;
  LowRankNoise& operator=(LowRankNoise&&) noexcept;

  /// Solves up to time t >= time().
  /// @throws NumericsError if the grid would need more than `most_grid_points`.
  void advance(double t);

  double time() const;
  /// Occupations at time(), of the same grid as the start.
  const Populations& populations() const;

  /// x^T X y for functions of the place, [node * levels + level + 1] of `populations()`.
  double excess_covariance(std::span<const double> x, std::span<const double> y) const;

  /// Variances of the numbers of uptakes and of releases of N particles by transition k, over N.
  double variance_of_uptakes(std::size_t k) const;
  double variance_of_releases(std::size_t k) const;
  /// N Cov of the excited systems per particle of two transitions; under laws::Bath alone.
  double covariance_of_excited(std::size_t k, std::size_t l) const;

  /// Columns of A.
  std::size_t rank() const;
  /// Column j of A on the places, as populations of their own: entries have either sign.
  Populations direction(std::size_t j) const;
  /// M, row-major, rank() x rank().
  std::vector<double> weights() const;

  /// From now on the occupations alone are followed, at a small part of the cost, and the
  /// covariance, which is not known any more, adds to operations() what it would take: a forecast
  /// for what a copy will do.
  void sketch();
  /// What it took so far, about.
  double operations() const;
  /// What a start takes up to time t, about, if no level is added.
  static double operations(const Populations& start, const laws::StrokeLaw& law, double t);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace powerstroke::theory
