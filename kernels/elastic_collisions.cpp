#include "powerstroke/kernels/elastic_collisions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/engine/random/uniform_index.hpp"

namespace powerstroke {
namespace {

/// More would run for hours.
constexpr double most_candidates = 1e12;

/// Speeds and their sums are rounded, and so are powers of them; bounds must stand above all that.
constexpr double above_rounding = 1.0 + 1e-12;

struct Largest {
  double value = 0.0;
  Largest& operator+=(const Largest& other) {
    value = std::max(value, other.value);
    return *this;
  }
};

struct VectorSum {
  Vector value{};
  VectorSum& operator+=(const VectorSum& other) {
    for (std::size_t axis = 0; axis < 3; ++axis) value[axis] += other.value[axis];
    return *this;
  }
};

double square_of(const Vector& v) { return v[0] * v[0] + v[1] * v[1] + v[2] * v[2]; }

/// The relative velocity after a collision: of the same magnitude.
Vector scattered(const Vector& g, int dimension, Stream& stream) {
  if (dimension == 2) {
    // s: the impact parameter in units of d_ab; a disc turns g by pi - 2 arcsin s.
    const double s = 2.0 * unit_interval_closed_open(stream()) - 1.0;
    const double cosine = 2.0 * s * s - 1.0, sine = 2.0 * s * std::sqrt((1.0 - s) * (1.0 + s));
    return {cosine * g[0] - sine * g[1], sine * g[0] + cosine * g[1], 0.0};
  }
  const double magnitude = std::sqrt(square_of(g)), height = 2.0 * unit_interval_closed_open(stream()) - 1.0;
  const double angle = 2.0 * std::numbers::pi * unit_interval_closed_open(stream());
  const double radius = magnitude * std::sqrt((1.0 - height) * (1.0 + height));
  return {radius * std::cos(angle), radius * std::sin(angle), magnitude * height};
}

/// The gas during one call.
class Gas {
 public:
  Gas(PhaseEnsemble& ensemble, const laws::CollisionLaw& law, double density)
      : ensemble_(ensemble), dimension_(ensemble.dimension()) {
    for (int axis = 0; axis < dimension_; ++axis) momentum_[static_cast<std::size_t>(axis)] = ensemble.momenta(axis).data();
    centre_ = mean_velocity();
    for (std::size_t species = 0; species < ensemble.species(); ++species) fastest_.push_back(largest_speed(species));
    const double share = density / static_cast<double>(ensemble.size());
    for (std::size_t a = 0; a < ensemble.species(); ++a)
      for (std::size_t b = a; b < ensemble.species(); ++b)
        pairs_.push_back({a, b, share * pairs_between(a, b), laws::swept_volume(law, a, b, dimension_), 0.0, 0.0});
    set_bounds();
  }

  /// Candidates per time.
  double total() const { return pairs_.back().below; }

  void try_one(Stream& stream, Ledger& ledger) {
    ++ledger.collision_candidates;
    const Pairs& pairs = choose(stream);
    const std::size_t i = ensemble_.first(pairs.a) + uniform_index(particles(pairs.a), stream());
    const std::size_t j = partner(pairs, i, stream);
    const double mass_i = ensemble_.mass(pairs.a), mass_j = ensemble_.mass(pairs.b);
    const Vector v_i = velocity(i, mass_i), v_j = velocity(j, mass_j);
    const Vector g{v_i[0] - v_j[0], v_i[1] - v_j[1], v_i[2] - v_j[2]};
    const double rate = pairs.swept(square_of(g));
    if (!(rate <= pairs.bound))
      throw NumericsError("particles " + std::to_string(i) + " and " + std::to_string(j) +
                          " collide at a rate above its bound: a momentum is not finite");
    if (rate < pairs.bound && !(unit_interval_closed_open(stream()) * pairs.bound < rate)) return;
    ++ledger.collisions;
    const Vector after = scattered(g, dimension_, stream);
    const double reduced = mass_i * mass_j / (mass_i + mass_j);
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(dimension_); ++axis) {
      const double passed = reduced * (after[axis] - g[axis]);
      momentum_[axis][i] += passed;
      momentum_[axis][j] -= passed;
    }
    raise_bounds(pairs, i, j);
  }

 private:
  /// All pairs of a particle of species a with one of species b.
  struct Pairs {
    std::size_t a, b;
    double weight;  ///< their number times density/N
    laws::SweptVolume swept;
    double bound;  ///< what no `swept` of them exceeds
    double below;  ///< the upper end of their share of the total rate
  };

  std::size_t particles(std::size_t species) const { return ensemble_.last(species) - ensemble_.first(species); }
  double pairs_between(std::size_t a, std::size_t b) const {
    const auto of_a = static_cast<double>(particles(a)), of_b = static_cast<double>(particles(b));
    return a == b ? 0.5 * of_a * (of_a - 1.0) : of_a * of_b;
  }

  Vector velocity(std::size_t i, double mass) const {
    Vector v{};
    for (std::size_t axis = 0; axis < static_cast<std::size_t>(dimension_); ++axis) v[axis] = momentum_[axis][i] / mass;
    return v;
  }

  /// Of the centre of mass. No collision changes it.
  Vector mean_velocity() const {
    double mass = 0.0;
    for (std::size_t species = 0; species < ensemble_.species(); ++species)
      mass += ensemble_.mass(species) * static_cast<double>(particles(species));
    VectorSum sum = parallel::sum_over_blocks<VectorSum>(ensemble_.size(), [&](std::size_t first, std::size_t last) {
      VectorSum part;
      for (std::size_t i = first; i < last; ++i) part += {velocity(i, mass)};
      return part;
    });
    return sum.value;
  }

  /// Of a particle, about the mean velocity.
  double speed(std::size_t i, double mass) const {
    Vector v = velocity(i, mass);
    for (std::size_t axis = 0; axis < 3; ++axis) v[axis] -= centre_[axis];
    return std::sqrt(square_of(v)) * above_rounding;
  }

  double largest_speed(std::size_t species) const {
    const std::size_t start = ensemble_.first(species);
    const double mass = ensemble_.mass(species);
    return parallel::sum_over_blocks<Largest>(particles(species),
                                              [&](std::size_t first, std::size_t last) {
                                                Largest largest;
                                                for (std::size_t i = start + first; i < start + last; ++i) {
                                                  const double v = speed(i, mass);
                                                  if (!std::isfinite(v))
                                                    throw NumericsError("collisions: the momentum of particle " +
                                                                        std::to_string(i) +
                                                                        ", or that of the gas, is not finite");
                                                  largest += {v};
                                                }
                                                return largest;
                                              })
        .value;
  }

  void set_bounds() {
    double total = 0.0;
    for (Pairs& pairs : pairs_) {
      const double speeds = fastest_[pairs.a] + fastest_[pairs.b];
      pairs.bound = pairs.swept(speeds * speeds) * above_rounding;
      pairs.below = total += pairs.weight * pairs.bound;
    }
  }

  void raise_bounds(const Pairs& pairs, std::size_t i, std::size_t j) {
    const double v_i = speed(i, ensemble_.mass(pairs.a)), v_j = speed(j, ensemble_.mass(pairs.b));
    if (v_i <= fastest_[pairs.a] && v_j <= fastest_[pairs.b]) return;
    fastest_[pairs.a] = std::max(fastest_[pairs.a], v_i);
    fastest_[pairs.b] = std::max(fastest_[pairs.b], v_j);
    set_bounds();
  }

  const Pairs& choose(Stream& stream) const {
    if (pairs_.size() == 1) return pairs_.front();
    const double share = unit_interval_closed_open(stream()) * total();
    std::size_t at = 0;
    while (at + 1 < pairs_.size() && share >= pairs_[at].below) ++at;
    return pairs_[at];
  }

  /// Any particle of species b other than i.
  std::size_t partner(const Pairs& pairs, std::size_t i, Stream& stream) const {
    const std::size_t first = ensemble_.first(pairs.b);
    if (pairs.a != pairs.b) return first + uniform_index(particles(pairs.b), stream());
    const std::size_t j = first + uniform_index(particles(pairs.b) - 1, stream());
    return j >= i ? j + 1 : j;
  }

  const PhaseEnsemble& ensemble_;
  int dimension_;
  std::array<double*, 3> momentum_{};
  Vector centre_{};
  std::vector<double> fastest_;  ///< of each species
  std::vector<Pairs> pairs_;
};

}  // namespace

ElasticCollisions::ElasticCollisions(laws::CollisionLaw law, double density, std::uint64_t seed)
    : law_(std::move(law)), density_(density), seed_(seed) {
  laws::validate(law_);
  if (!(std::isfinite(density) && density >= 0.0))
    throw ConfigError("collisions: the density is " + std::to_string(density) + "; it must be finite and >= 0");
}

void ElasticCollisions::advance(PhaseEnsemble& ensemble, double, double dt, StepClock& clock, Ledger& ledger) const {
  if (ensemble.dimension() == 1)
    throw ConfigError("collisions in d = 1: equal particles do no more than swap momenta; allowed: d = 2 and 3");
  if (law_.diameters.size() != ensemble.species())
    throw ConfigError("collisions: " + std::to_string(law_.diameters.size()) + " diameters for " +
                      std::to_string(ensemble.species()) + " species; each must have one");
  Stream stream(seed_, 0, clock.tick(), Purpose::collisions);
  ++ledger.steps;
  if (ensemble.size() < 2) return;
  Gas gas(ensemble, law_, density_);
  if (!(gas.total() * dt <= most_candidates))
    throw NumericsError("about " + std::to_string(gas.total() * dt) +
                        " candidate collisions in one step; allowed: at most 10^12. Lower the density or the time");
  for (double left = dt; gas.total() > 0.0;) {
    left += std::log(unit_interval_open_closed(stream())) / gas.total();
    if (left <= 0.0) return;
    gas.try_one(stream, ledger);
  }
}

}  // namespace powerstroke
