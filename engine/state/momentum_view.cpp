#include "powerstroke/engine/state/momentum_view.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "powerstroke/engine/core/error.hpp"

namespace powerstroke {
namespace {

std::size_t common_size(std::size_t x, std::size_t y, std::size_t z) {
  if (x != y || x != z)
    throw ConfigError("momenta: the components have " + std::to_string(x) + ", " +
                      std::to_string(y) + " and " + std::to_string(z) +
                      " entries; they must be equally many");
  return x;
}

int checked_dimension(int dimension) {
  if (dimension >= 1 && dimension <= 3) return dimension;
  throw ConfigError("momenta: dimension is " + std::to_string(dimension) +
                    "; it must be 1, 2 or 3");
}

}  // namespace

MomentumView::MomentumView(std::array<double*, 3> component, std::size_t size, std::size_t stride,
                           int dimension, double mass)
    : component_(component), size_(size), stride_(stride), dimension_(dimension), mass_(mass) {
  if (!(std::isfinite(mass) && mass > 0.0))
    throw ConfigError("momenta: mass is " + std::to_string(mass) +
                      "; it must be a positive number");
}

MomentumView::MomentumView(std::span<double> x, double mass)
    : MomentumView({x.data(), nullptr, nullptr}, x.size(), 1, 1, mass) {}

MomentumView::MomentumView(std::span<double> x, std::span<double> y, double mass)
    : MomentumView({x.data(), y.data(), nullptr}, common_size(x.size(), y.size(), y.size()), 1, 2,
                   mass) {}

MomentumView::MomentumView(std::span<double> x, std::span<double> y, std::span<double> z,
                           double mass)
    : MomentumView({x.data(), y.data(), z.data()}, common_size(x.size(), y.size(), z.size()), 1, 3,
                   mass) {}

MomentumView MomentumView::components(std::span<double* const> arrays, std::size_t particles,
                                      double mass) {
  const int dimension = checked_dimension(static_cast<int>(arrays.size()));
  std::array<double*, 3> component{};
  std::ranges::copy(arrays, component.begin());
  return {component, particles, 1, dimension, mass};
}

MomentumView MomentumView::interleaved(std::span<double> vectors, int dimension, std::size_t stride,
                                       double mass) {
  checked_dimension(dimension);
  const auto components = static_cast<std::size_t>(dimension);
  if (stride < components || vectors.size() % stride != 0)
    throw ConfigError("momenta: " + std::to_string(vectors.size()) + " numbers with stride " +
                      std::to_string(stride) + " are no whole number of vectors of " +
                      std::to_string(components) + " components");
  std::array<double*, 3> component{};
  if (!vectors.empty())
    for (std::size_t axis = 0; axis < components; ++axis) component[axis] = vectors.data() + axis;
  return {component, vectors.size() / stride, stride, dimension, mass};
}

}  // namespace powerstroke
