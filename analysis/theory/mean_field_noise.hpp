#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace powerstroke::theory {

/// How the occupations of the levels of N particles scatter under (8), where all share w+ = w- phi and phi is their own.
///
/// N Cov(n/N) = diag(p) - p p^T + excess: the multinomial part is that of independent particles, the excess comes from the
/// common phi (linear noise approximation: N. G. van Kampen, "Stochastic Processes in Physics and Chemistry", ch. X). With h
/// = 1 where a release is possible, g = dp/dt per w+ (uptake of every particle), L the generator at w+ = w- phi and J = L +
/// w- g h^T:
///     dX/dt = J X + X J^T + w- (g c^T + c g^T),   c = p * (h - phi),   X(0) = 0.
/// It leaves the mean energy, which J conserves, with the variance of the net number of strokes: the random walk of the
/// energy that the paper's condition allows at finite N.
class MeanFieldNoise {
 public:
  /// @param levels Prob(level) at the start, [level + 1]; grown as needed. @param rate_down w-.
  /// @param tolerance relative error of the excess.
  MeanFieldNoise(std::vector<double> levels, double rate_down, double tolerance = 1e-5);

  /// Solves up to time t >= time().
  /// @throws NumericsError if more than 1024 levels are occupied, or the step control fails.
  void advance(double t);

  double time() const { return time_; }
  /// How many levels are resolved: those with more than 1e-9 probability, the lowest is -1.
  std::size_t size() const { return levels_.size(); }
  std::span<const double> levels() const { return levels_; }
  /// Row-major, size() x size(), of one particle: divide by N.
  std::span<const double> excess() const { return excess_; }

  /// x^T excess y for functions of the level, [level + 1]; what they have beyond size() is left out.
  double excess_covariance(std::span<const double> x, std::span<const double> y) const;

 private:
  void grow();
  void advance_on_this_ladder(double t);  ///< until t, or until the top level is occupied

  std::vector<double> levels_, excess_;
  double rate_down_, tolerance_, step_, time_ = 0.0;
};

}  // namespace powerstroke::theory
