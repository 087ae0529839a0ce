#pragma once

#include <functional>
#include <variant>
#include <vector>

/// Which random number a law is, for the kernel that draws it: a law draws nothing itself.
namespace powerstroke::laws {

/// Always the same.
struct FixedVariate {
  double value;
};

/// Uniform on [low, high).
struct UniformVariate {
  double low, high;
};

/// Density exp(-x/mean)/mean.
struct ExponentialVariate {
  double mean;
};

/// Density proportional to x^(shape-1) exp(-x/scale).
struct GammaVariate {
  double shape, scale;
};

/// Constant density on each [edges[i], edges[i+1]), of the unnormalised probability weights[i].
struct PiecewiseVariate {
  std::vector<double> edges, weights;
};

/// Any law, by its inverse distribution function: a pure function of u, uniform in (0, 1] on the
/// multiples of 2^-53.
struct QuantileVariate {
  std::function<double(double u)> quantile;
};

using Variate = std::variant<FixedVariate, UniformVariate, ExponentialVariate, GammaVariate,
                             PiecewiseVariate, QuantileVariate>;

}  // namespace powerstroke::laws
