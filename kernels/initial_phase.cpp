#include "powerstroke/kernels/initial_phase.hpp"

#include <algorithm>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_real_distribution.hpp>
#include <cmath>
#include <functional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/engine/state/direction.hpp"
#include "powerstroke/kernels/initial_state.hpp"
#include "powerstroke/kernels/laws/boltzmann_interval.hpp"

namespace powerstroke {
namespace {

/// One coordinate from a particle's stream.
using Draw = std::function<double(Stream&)>;
using Profile = std::function<double(double x)>;

/// exp(-v(x)/T) by its inverse distribution function: integrated by Simpson's rule on equal cells,
/// and inverted in a cell through the cubic that has the right density at both ends: off by the
/// fourth power of a cell, 1e-9 of the width.
class BoltzmannDraw {
 public:
  BoltzmannDraw(const Profile& energy, double temperature, laws::Interval interval)
      : low_(interval.low), step_((interval.high - interval.low) / cells) {
    std::vector<double> fine(2 * cells + 1);
    for (std::size_t i = 0; i < fine.size(); ++i)
      fine[i] = energy(low_ + 0.5 * step_ * static_cast<double>(i));
    const double least = *std::min_element(fine.begin(), fine.end());
    for (double& value : fine) value = std::exp((least - value) / temperature);
    below_.assign(1, 0.0);
    for (std::size_t cell = 0; cell < cells; ++cell) {
      const double* const f = &fine[2 * cell];
      density_.push_back(f[0]);
      below_.push_back(below_.back() + step_ / 6.0 * (f[0] + 4.0 * f[1] + f[2]));
    }
    density_.push_back(fine.back());
  }

  double operator()(Stream& stream) const {
    const double target = unit_interval_closed_open(stream()) * below_.back();
    const auto after = std::upper_bound(below_.begin(), below_.end(), target);
    const auto cell =
        std::min<std::size_t>(static_cast<std::size_t>(after - below_.begin()) - 1, cells - 1);
    const double mass = below_[cell + 1] - below_[cell], part = target - below_[cell];
    const double left = density_[cell] * step_, right = density_[cell + 1] * step_;
    const auto cubic = [&](double s) {
      return s * (left + s * (3.0 * mass - 2.0 * left - right + s * (left + right - 2.0 * mass)));
    };
    double a = 0.0, b = 1.0;
    for (int i = 0; i < 48; ++i) {
      const double middle = 0.5 * (a + b);
      (cubic(middle) <= part ? a : b) = middle;
    }
    return low_ + step_ * (static_cast<double>(cell) + 0.5 * (a + b));
  }

 private:
  static constexpr std::size_t cells = 8192;

  double low_, step_;
  std::vector<double> density_, below_;
};

Draw position_draw(const laws::PositionLaw& law, const laws::AnyPotential& potential,
                   const laws::Extent& extent, double t) {
  laws::validate(law);
  if (const auto* point = std::get_if<laws::PointPosition>(&law))
    return [x = point->value](Stream&) { return x; };
  if (const auto* uniform = std::get_if<laws::UniformPosition>(&law))
    return [form = *uniform](Stream& stream) {
      return boost::random::uniform_real_distribution<double>(form.low, form.high)(stream);
    };
  if (const auto* normal = std::get_if<laws::NormalPosition>(&law))
    return [form = *normal](Stream& stream) {
      return boost::random::normal_distribution<double>(form.mean, form.sigma)(stream);
    };
  const double temperature = std::get<laws::BoltzmannPosition>(law).temperature;
  const auto energy = [&](double x) { return laws::potential_energy(potential, {x}, 1, t); };
  return BoltzmannDraw(energy, temperature,
                       laws::boltzmann_interval(potential, temperature, extent, t));
}

[[noreturn]] void outside(std::size_t particle, double position, const laws::Extent& extent) {
  throw ConfigError("particle " + std::to_string(particle) + " would start at " +
                    std::to_string(position) + ", outside of its box, which reaches from " +
                    std::to_string(extent.low) + " to " + std::to_string(extent.high));
}

}  // namespace

void start_species(PhaseEnsemble& ensemble, std::size_t species, const PhaseStart& start,
                   const laws::AnyPotential& potential, const laws::Box& box, double t,
                   std::uint64_t seed) {
  const std::size_t first_id = ensemble.first(species), count = ensemble.last(species) - first_id;
  const int dimension = ensemble.dimension();
  const laws::Box room = box.at(t);
  laws::validate(start.energy);
  std::vector<Draw> places;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(dimension); ++axis)
    places.push_back(position_draw(start.position[axis], potential, room.axis[axis], t));
  std::vector<double> energies(count);
  draw_energies(start.energy, first_id, seed, energies);
  parallel::for_each_block(count, [&](std::size_t, std::size_t first, std::size_t last) {
    for (std::size_t i = first; i < last; ++i) {
      const std::size_t id = first_id + i;
      const Vector direction =
          start.direction ? *start.direction
                          : isotropic_direction(seed, id, 0, Purpose::direction, dimension);
      const double magnitude = momentum_magnitude(energies[i], ensemble.mass(species));
      Stream stream(seed, id, 0, Purpose::initial_position);
      for (int axis = 0; axis < dimension; ++axis) {
        const auto a = static_cast<std::size_t>(axis);
        ensemble.momenta(axis)[id] = magnitude * direction[a];
        const double x = ensemble.positions(axis)[id] = places[a](stream);
        if (!(x >= room.axis[a].low && x <= room.axis[a].high)) outside(id, x, room.axis[a]);
      }
    }
  });
}

}  // namespace powerstroke
