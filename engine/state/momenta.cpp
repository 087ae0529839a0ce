#include "powerstroke/engine/state/momenta.hpp"

namespace powerstroke {

Vector Directions::of(std::size_t particle) const {
  return given ? *given : isotropic_direction(seed, particle, 0, Purpose::direction, dimension);
}

Vector momentum(const LadderView& particles, std::size_t particle, double mass,
                const Directions& directions) {
  Vector p = directions.of(particle);
  const double magnitude = momentum_magnitude(particles.energy(particle), mass);
  for (double& component : p) component *= magnitude;
  return p;
}

}  // namespace powerstroke
