#pragma once

#include <variant>

/// Where particles start along one axis.
namespace powerstroke::laws {

/// All at one place.
struct PointPosition {
  double value = 0.0;
};

/// Constant density on [low, high).
struct UniformPosition {
  double low, high;
};

struct NormalPosition {
  double mean, sigma;
};

/// exp(-v(x)/T) of the potential's profile at the time of the start, within the box.
struct BoltzmannPosition {
  double temperature;
};

using PositionLaw = std::variant<PointPosition, UniformPosition, NormalPosition, BoltzmannPosition>;

/// @throws ConfigError naming the parameter: one that is not finite, a range that is empty, a width
///         or temperature that is no positive number.
void validate(const PositionLaw& law);

}  // namespace powerstroke::laws
