#include "powerstroke/engine/state/direction.hpp"

#include <cmath>
#include <numbers>

#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/random/stream.hpp"

namespace powerstroke {

Vector isotropic_direction(std::uint64_t seed, std::uint64_t particle, std::uint64_t step,
                           Purpose purpose, int dimension) {
  POWERSTROKE_EXPECT(dimension >= 1 && dimension <= 3);
  Stream stream(seed, particle, step, purpose);
  if (dimension == 1) return {(stream() >> 63) != 0 ? 1.0 : -1.0, 0.0, 0.0};
  const double angle = 2.0 * std::numbers::pi * unit_interval_closed_open(stream());
  if (dimension == 2) return {std::cos(angle), std::sin(angle), 0.0};
  const double height = 2.0 * unit_interval_closed_open(stream()) - 1.0;
  const double radius = std::sqrt((1.0 - height) * (1.0 + height));
  return {radius * std::cos(angle), radius * std::sin(angle), height};
}

double momentum_magnitude(double energy, double mass) { return std::sqrt(2.0 * mass * energy); }

}  // namespace powerstroke
