#pragma once

/// What laws need of Boost.Math, compiled once: laws are headers that all of the tree includes.
namespace powerstroke::laws {

/// The regularised incomplete gamma functions: P(a, x), dP/dx, and x with Q(a, x) = 1 - P(a, x) =
/// q. a > 0, x >= 0, 0 < q < 1.
double gamma_p(double a, double x);
double gamma_p_derivative(double a, double x);
double gamma_q_inv(double a, double q);

/// The normal law of a mean and a standard deviation sigma > 0.
struct NormalLaw {
  double mean, sigma;

  double density(double x) const;
  double below(double x) const;                     ///< Prob(X <= x)
  double above(double x) const;                     ///< Prob(X > x), from its own tail
  double quantile_above(double probability) const;  ///< x with above(x) = probability
};

/// The inverse distribution function of a normal law that is truncated to x >= 0, from the nearer
/// tail: exact also where rejection of negative numbers would hardly ever end. Computed in doubles:
/// more digits would cost time, and give draws no accuracy.
class TruncatedNormalQuantile {
 public:
  TruncatedNormalQuantile(double mean, double sigma);
  /// @param u in (0, 1], a multiple of 2^-53.
  double operator()(double u) const;

 private:
  double mean_, sigma_, cut_, kept_;
};

}  // namespace powerstroke::laws
