#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "powerstroke/analysis/theory/linear_noise.hpp"
#include "powerstroke/analysis/theory/noise_equations.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"

namespace powerstroke::theory {

/// How the occupations of the levels of N particles scatter that share the rates of their
/// transitions.
///
/// N Cov(n/N) = Sigma0 + X: Sigma0 = diag(p) - p p^T is that of independent particles, the excess X
/// comes from what they share (linear noise approximation: N. G. van Kampen, "Stochastic Processes
/// in Physics and Chemistry", ch. X). Transition k moves p by gu = Gu p per uptake rate and gr = Gr
/// p per release rate, its factors on the levels are a and h (with Theta), U = a.p, R = h.p, and L
/// = sum w+ Gu + w- Gr. Each of the following adds g b^T to J, which is L at first, and g d^T + d
/// g^T to the noise:
///
///     given:       nothing, X = 0
///     conserving:  g = gu,  b = w- (h - (R/U) a)/U,  d = 0
///     exchange:    g = gu,  b = w- h,  d = 0,  and  g = gr,  b = w- a,  d = w- gu: a stroke moves
///     two particles bath:        g = w-/m (gu - gr) - w-/m (U + R) e,  b = e,  d = 0,  and
///                  g = e,  b = w- (1-x) h - w- x a,  d = w- (1-x) (gr + e R/2) - w- x (gu - e U/2)
///
/// The numbers of uptakes and of releases a particle are two coordinates more for each transition:
/// each stroke moves one of them by 1/N, at a rate that follows the levels, so that their scatter
/// comes out of the same equation, under given rates, too. There strokes of a particle hang
/// together, and their number is no Poisson number.
///
/// (e: the axis of z = excited systems / N, a coordinate more for each transition; m systems per
/// particle, x = z/m; z is sharp at the start, dz/dt = w- (1-x) R - w- x U). What independent
/// particles have drops out, and there remains
///     dX/dt = L X + X L^T + sum of g v^T + v g^T,   v = (Sigma0 + X) b + d,   X(0) = 0.
/// Under conserving the mean energy, which J conserves, is left with the variance of the net number
/// of strokes: the random walk of the energy that the paper's condition allows at finite N. Under
/// exchange and bath no energy walks.
class MeanFieldNoise {
 public:
  /// @param levels Prob(level) at the start, [level + 1]; grown as needed.
  /// @param strides delta_e of each transition in levels, > 0. @param tolerance relative error of
  /// the excess.
  /// @param factors of the levels, one for each transition; left out, all are 1. Of a law of rates
  /// itself nothing is read.
  MeanFieldNoise(std::vector<double> levels, laws::StrokeLaw law, std::vector<std::int32_t> strides,
                 double tolerance = 1e-5, std::vector<LevelFactors> factors = {});

  /// Solves up to time t >= time().
  /// @throws NumericsError if more than 1024 levels are occupied, or the step control fails.
  void advance(double t);

  double time() const { return time_; }
  /// Of the covariance that is kept: baths and numbers of strokes, under shared rates the levels,
  /// too.
  std::size_t rows() const {
    return laws::has_given_rates(law_.balance) ? leading() : coordinates_.size();
  }
  std::size_t coordinates() const { return coordinates_.size(); }
  /// How often the equations were evaluated so far.
  std::size_t evaluations() const { return evaluations_; }
  /// What the covariance took so far, in operations on its entries; products of matrices, which are
  /// faster, count for less.
  double operations() const { return operations_; }

  /// From now on the occupations alone are followed, at next to no cost, and the covariance, which
  /// is not known any more, adds to operations() what it would take: a forecast for what a copy
  /// will do.
  void sketch();
  /// How many levels are resolved: those with more than 1e-9 probability, the lowest is -1.
  std::size_t size() const { return coordinates_.size() - leading(); }
  std::span<const double> levels() const { return std::span(coordinates_).subspan(leading()); }
  /// Row-major, size() x size(), of one particle: divide by N.
  std::span<const double> excess() const { return excess_; }

  /// x^T excess y for functions of the level, [level + 1]; what they have beyond size() is left
  /// out.
  double excess_covariance(std::span<const double> x, std::span<const double> y) const;

  /// Variances of the numbers of uptakes and of releases of N particles by transition k, over N:
  /// for independent particles, of one.
  double variance_of_uptakes(std::size_t k) const { return variance_at(baths_ + k); }
  double variance_of_releases(std::size_t k) const {
    return variance_at(baths_ + strides_.size() + k);
  }

  /// Excited systems per particle of each transition; empty without a bath.
  std::span<const double> excited() const { return std::span(coordinates_).first(baths_); }
  /// N Cov of the mean of x with the excited systems per particle of transition k.
  double covariance_with_excited(std::span<const double> x, std::size_t k) const;
  /// N Cov of the excited systems per particle of two transitions.
  double covariance_of_excited(std::size_t k, std::size_t l) const {
    return covariance_[k * coordinates_.size() + l];
  }

 private:
  std::size_t leading() const { return baths_ + 2 * strides_.size(); }
  double variance_at(std::size_t axis) const {
    return covariance_[axis * coordinates_.size() + axis];
  }
  void resize(std::size_t levels);
  bool top_is_occupied(std::span<const double> coordinates) const;
  void advance_on_this_ladder(double t);  ///< until t, or until the top levels are occupied
  /// Over much of the time up to t, if levels and baths have all but come to rest, and that is
  /// cheaper than the steps would be.
  bool advance_at_rest(NoiseEquations& equations, double t, NoiseEquations::State& state);
  /// What y will have moved by after so much time, found without products of matrices.
  NoiseEquations::State moved_after(double duration, NoiseEquations& equations,
                                    const NoiseEquations::State& y) const;
  double motion(std::span<const double> change)
      const;  ///< of all coordinates but the counters, which go on growing
  /// Steps of the covariance for one of the occupations.
  double steps_each() const;

  laws::StrokeLaw law_;
  std::vector<std::int32_t> strides_;
  std::vector<LevelFactors> factors_;
  std::size_t baths_, highest_stride_;
  std::vector<double> coordinates_;  ///< y of NoiseEquations
  std::vector<double> covariance_;   ///< X of all coordinates, rows() of it
  std::vector<double> excess_;       ///< its levels
  double rate_, tolerance_, step_, time_ = 0.0;
  std::size_t evaluations_ = 0;
  double operations_ = 0.0;
  bool is_sketch_ = false;
  struct Rest {
    std::vector<double> coordinates;
    double duration;
    std::optional<Propagation> propagation;  ///< none of a sketch
  };
  std::optional<Rest> rest_;  ///< of the last stretch at rest, for the next one as long
  double restless_ = 0.0;  ///< a slope of levels and baths at which they were found still to move;
                           ///< 0 if none was tried
};

}  // namespace powerstroke::theory
