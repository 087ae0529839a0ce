#include "powerstroke/kernels/elastic_collisions.hpp"

#include <algorithm>
#include <boost/random/beta_distribution.hpp>
#include <boost/random/poisson_distribution.hpp>
#include <cmath>
#include <numbers>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "powerstroke/engine/random/uniform_index.hpp"

namespace powerstroke {
namespace {

/// More would run for hours.
constexpr double most_candidates = 1e12;

/// Speeds and their sums are rounded, and so are powers of them; bounds must stand above all that.
constexpr double above_rounding = 1.0 + 1e-12;

double square_of(const Vector& v) { return v[0] * v[0] + v[1] * v[1] + v[2] * v[2]; }

/// The relative velocity after a collision: of the same magnitude.
Vector scattered(const Vector& g, int dimension, Stream& stream) {
  if (dimension == 2) {
    // s: the impact parameter in units of d_ab; a disc turns g by pi - 2 arcsin s.
    const double s = 2.0 * unit_interval_closed_open(stream()) - 1.0;
    const double cosine = 2.0 * s * s - 1.0, sine = 2.0 * s * std::sqrt((1.0 - s) * (1.0 + s));
    return {cosine * g[0] - sine * g[1], sine * g[0] + cosine * g[1], 0.0};
  }
  const double magnitude = std::sqrt(square_of(g)),
               height = 2.0 * unit_interval_closed_open(stream()) - 1.0;
  const double angle = 2.0 * std::numbers::pi * unit_interval_closed_open(stream());
  const double radius = magnitude * std::sqrt((1.0 - height) * (1.0 + height));
  return {radius * std::cos(angle), radius * std::sin(angle), magnitude * height};
}

/// The gas during one call: a copy of the momenta, one particle after another, as random pairs are
/// quickest to reach.
class Gas {
 public:
  Gas(PhaseEnsemble& ensemble, const laws::CollisionLaw& law, double density)
      : ensemble_(ensemble), dimension_(ensemble.dimension()), momentum_(ensemble.size()) {
    for (std::size_t axis = 0; axis < axes(); ++axis) {
      const std::span<const double> component = ensemble.momenta(static_cast<int>(axis));
      for (std::size_t i = 0; i < momentum_.size(); ++i) momentum_[i][axis] = component[i];
    }
    centre_ = mean_velocity();
    for (std::size_t species = 0; species < ensemble.species(); ++species)
      fastest_.push_back(largest_speed(species));
    const double share = density / static_cast<double>(ensemble.size());
    for (std::size_t a = 0; a < ensemble.species(); ++a)
      for (std::size_t b = a; b < ensemble.species(); ++b)
        pairs_.push_back({a, b, share * pairs_between(a, b),
                          laws::swept_volume(law, a, b, dimension_), 0.0, 0.0});
    set_bounds();
  }

  void write_back() const {
    for (std::size_t axis = 0; axis < axes(); ++axis) {
      const std::span<double> component = ensemble_.momenta(static_cast<int>(axis));
      for (std::size_t i = 0; i < momentum_.size(); ++i) component[i] = momentum_[i][axis];
    }
  }

  /// Candidates per time.
  double total() const { return pairs_.back().below; }

  /// @returns whether the bounds have changed.
  bool try_one(Stream& stream, CollisionCounts& ledger) {
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
    if (rate < pairs.bound && !(unit_interval_closed_open(stream()) * pairs.bound < rate))
      return false;
    ++ledger.collisions;
    const Vector after = scattered(g, dimension_, stream);
    const double reduced = mass_i * mass_j / (mass_i + mass_j);
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const double passed = reduced * (after[axis] - g[axis]);
      momentum_[i][axis] += passed;
      momentum_[j][axis] -= passed;
    }
    return raise_bounds(pairs, i, j);
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

  std::size_t particles(std::size_t species) const {
    return ensemble_.last(species) - ensemble_.first(species);
  }
  double pairs_between(std::size_t a, std::size_t b) const {
    const auto of_a = static_cast<double>(particles(a)), of_b = static_cast<double>(particles(b));
    return a == b ? 0.5 * of_a * (of_a - 1.0) : of_a * of_b;
  }

  std::size_t axes() const { return static_cast<std::size_t>(dimension_); }

  Vector velocity(std::size_t i, double mass) const {
    const Vector& p = momentum_[i];
    const double inverse = 1.0 / mass;
    return {p[0] * inverse, p[1] * inverse, p[2] * inverse};
  }

  /// Of the centre of mass. No collision changes it.
  Vector mean_velocity() const {
    double mass = 0.0;
    for (std::size_t species = 0; species < ensemble_.species(); ++species)
      mass += ensemble_.mass(species) * static_cast<double>(particles(species));
    Vector sum{};
    for (const Vector& p : momentum_)
      for (std::size_t axis = 0; axis < 3; ++axis) sum[axis] += p[axis];
    return {sum[0] / mass, sum[1] / mass, sum[2] / mass};
  }

  /// Of a particle, about the mean velocity.
  double speed(std::size_t i, double mass) const {
    Vector v = velocity(i, mass);
    for (std::size_t axis = 0; axis < 3; ++axis) v[axis] -= centre_[axis];
    return std::sqrt(square_of(v)) * above_rounding;
  }

  double largest_speed(std::size_t species) const {
    double largest = 0.0;
    for (std::size_t i = ensemble_.first(species); i < ensemble_.last(species); ++i) {
      const double v = speed(i, ensemble_.mass(species));
      if (!std::isfinite(v))
        throw NumericsError("collisions: the momentum of particle " + std::to_string(i) +
                            ", or that of the gas, is not finite");
      largest = std::max(largest, v);
    }
    return largest;
  }

  void set_bounds() {
    double total = 0.0;
    for (Pairs& pairs : pairs_) {
      const double speeds = fastest_[pairs.a] + fastest_[pairs.b];
      pairs.bound = pairs.swept(speeds * speeds) * above_rounding;
      pairs.below = total += pairs.weight * pairs.bound;
    }
  }

  bool raise_bounds(const Pairs& pairs, std::size_t i, std::size_t j) {
    const double v_i = speed(i, ensemble_.mass(pairs.a)), v_j = speed(j, ensemble_.mass(pairs.b));
    if (v_i <= fastest_[pairs.a] && v_j <= fastest_[pairs.b]) return false;
    fastest_[pairs.a] = std::max(fastest_[pairs.a], v_i);
    fastest_[pairs.b] = std::max(fastest_[pairs.b], v_j);
    set_bounds();
    return true;
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

  PhaseEnsemble& ensemble_;
  int dimension_;
  std::vector<Vector> momentum_;
  Vector centre_{};
  std::vector<double> fastest_;  ///< of each species
  std::vector<Pairs> pairs_;
};

/// All candidates of a time. Between two changes of the bound they are a Poisson process, of which
/// only the number is drawn; where the k-th of K candidates changes it, that one's time is the k-th
/// least of K uniform ones.
void move(Gas& gas, double left, Stream& stream, CollisionCounts& ledger) {
  while (left > 0.0 && gas.total() * left > 0.0) {
    const auto count =
        boost::random::poisson_distribution<std::int64_t>(gas.total() * left)(stream);
    std::int64_t tried = 0;
    bool changed = false;
    while (tried < count && !changed) {
      changed = gas.try_one(stream, ledger);
      ++tried;
    }
    if (!changed) return;
    const auto before = static_cast<double>(tried), after = static_cast<double>(count - tried);
    left *= 1.0 - boost::random::beta_distribution<double>(before, after + 1.0)(stream);
  }
}

}  // namespace

ElasticCollisions::ElasticCollisions(laws::CollisionLaw law, double density, std::uint64_t seed)
    : law_(std::move(law)), density_(density), seed_(seed) {
  laws::validate(law_);
  if (!(std::isfinite(density) && density >= 0.0))
    throw ConfigError("collisions: the density is " + std::to_string(density) +
                      "; it must be finite and >= 0");
}

void ElasticCollisions::advance(PhaseEnsemble& ensemble, double, double dt, StepClock& clock,
                                Ledger& ledger) const {
  if (ensemble.dimension() == 1)
    throw ConfigError(
        "collisions in d = 1: equal particles do no more than swap momenta; allowed: d = 2 and 3");
  if (law_.diameters.size() != ensemble.species())
    throw ConfigError("collisions: " + std::to_string(law_.diameters.size()) + " diameters for " +
                      std::to_string(ensemble.species()) + " species; each must have one");
  Stream stream(seed_, 0, clock.tick(), Purpose::collisions);
  ++ledger.steps;
  if (ensemble.size() < 2) return;
  Gas gas(ensemble, law_, density_);
  if (!(gas.total() * dt <= most_candidates))
    throw NumericsError(
        "about " + std::to_string(gas.total() * dt) +
        " candidate collisions in one step; allowed: at most 10^12. Lower the density or the time");
  move(gas, dt, stream, ledger);
  gas.write_back();
}

}  // namespace powerstroke
