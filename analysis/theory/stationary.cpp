#include "powerstroke/analysis/theory/stationary.hpp"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <sstream>
#include <utility>
#include <vector>

#include "powerstroke/analysis/theory/ladder_transitions.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/ladder.hpp"

namespace powerstroke::theory {
namespace {

constexpr double most_doubles = 0x1p31;

bool is_active(const laws::StrokeLaw& law, const laws::Transition& transition) {
  return transition.rate_down > 0.0 || (law.closure == laws::Closure::given && transition.rate_up > 0.0);
}

bool rest_can_take_up(const laws::StrokeLaw& law) {
  return std::ranges::any_of(law.transitions, [&](const laws::Transition& transition) {
    return is_active(law, transition) && laws::uptake_factor(law.rates, 0.0, transition.delta_e) > 0.0;
  });
}

/// The ladders that strokes connect: the levels of one offset that differ by multiples of the strides' common divisor.
class ConnectedLadders {
 public:
  ConnectedLadders(const Populations& start, const laws::StrokeLaw& law)
      : grid_(start.grid), exponent_(laws::state_exponent(law.rates)) {
    const std::vector<std::size_t> all = strides(law, grid_.spacing);
    for (std::size_t k = 0; k < all.size(); ++k)
      if (is_active(law, law.transitions[k])) step_ = std::gcd(step_, all[k]);
    step_ = std::max<std::size_t>(step_, 1);
    mass_.resize(grid_.nodes() * step_, 0.0);
    at_rest_.resize(grid_.nodes(), 0.0);
    const bool rest_moves = rest_can_take_up(law);
    for (std::size_t node = 0; node < grid_.nodes(); ++node) {
      const auto ladder = start.ladder(node);
      if (!rest_moves) at_rest_[node] = ladder[0];
      for (std::size_t i = rest_moves ? 0 : 1; i < ladder.size(); ++i)
        mass_[node * step_ + (i + step_ - 1) % step_] += ladder[i];
    }
  }

  /// Mean energy with all on the lowest level >= 0 of their ladders.
  double lowest_energy() const {
    return sum([&](std::size_t node, std::size_t lowest) { return energy(node, lowest); });
  }

  /// Mean energy less the lowest, of weights E^s exp(-beta E).
  double excess_energy(double beta) const {
    if (exponent_ == 0.0) {
      const double step = static_cast<double>(step_) * grid_.spacing;
      return step / std::expm1(beta * step) * sum([](std::size_t, std::size_t) { return 1.0; });
    }
    const std::size_t levels = occupied(beta, std::numeric_limits<double>::epsilon());
    return sum([&](std::size_t node, std::size_t lowest) {
      double weights = 0.0, energies = 0.0;
      for (std::size_t level = lowest; level < levels; level += step_) {
        const double weight = this->weight(node, lowest, level, beta);
        weights += weight;
        energies += weight * (energy(node, level) - energy(node, lowest));
      }
      return energies / weights;
    });
  }

  Populations populations(double beta, double tail) const {
    const std::size_t levels = occupied(beta, tail);
    Populations result{grid_, levels + 1, {}};
    result.mass.resize(grid_.nodes() * result.levels, 0.0);
    for (std::size_t node = 0; node < grid_.nodes(); ++node) {
      double* ladder = result.mass.data() + node * result.levels;
      ladder[0] = at_rest_[node];
      for (std::size_t lowest = 0; lowest < step_; ++lowest) {
        double weights = 0.0;
        for (std::size_t level = lowest; level < levels; level += step_)
          weights += ladder[level + 1] = weight(node, lowest, level, beta);
        for (std::size_t level = lowest; level < levels; level += step_)
          ladder[level + 1] *= mass_[node * step_ + lowest] / weights;
      }
    }
    return result;
  }

 private:
  double energy(std::size_t node, std::size_t level) const {
    return ladder_energy(grid_.spacing, grid_.offset[node], static_cast<std::int32_t>(level));
  }

  /// (E/E_lowest)^s exp(-beta (E - E_lowest)).
  double weight(std::size_t node, std::size_t lowest, std::size_t level, double beta) const {
    const double of_states = exponent_ == 0.0 ? 1.0 : std::pow(energy(node, level) / energy(node, lowest), exponent_);
    return of_states * std::exp(-beta * grid_.spacing * static_cast<double>(level - lowest));
  }

  /// Levels >= 0 above which less than about `tail` lies; the powers of E are worth a few more.
  std::size_t occupied(double beta, double tail) const {
    const double power = exponent_ == 0.0 ? 0.0 : 4.0 * std::abs(exponent_);
    const double needed = std::ceil((power - std::log(tail)) / (beta * grid_.spacing)) + static_cast<double>(step_);
    if (!(needed * static_cast<double>(grid_.nodes()) < most_doubles)) {
      std::ostringstream message;
      message << "the stationary law of temperature " << 1.0 / beta << " on levels " << grid_.spacing
              << " apart needs more than 2^31 grid points";
      throw NumericsError(message.str());
    }
    return static_cast<std::size_t>(needed);
  }

  /// sum of mass * f(node, lowest level) over the ladders.
  template <class Function>
  double sum(Function f) const {
    double total = 0.0;
    for (std::size_t node = 0; node < grid_.nodes(); ++node)
      for (std::size_t lowest = 0; lowest < step_; ++lowest)
        if (const double mass = mass_[node * step_ + lowest]; mass != 0.0) total += mass * f(node, lowest);
    return total;
  }

  const OffsetGrid& grid_;
  double exponent_;
  std::size_t step_ = 0;
  std::vector<double> mass_;     ///< [node * step + lowest level]
  std::vector<double> at_rest_;  ///< [node], what stays on level -1
};

/// No stroke can happen at the start, and so none ever can.
bool is_frozen(const Populations& start, const laws::StrokeLaw& law) {
  const std::vector<laws::MeanFactors> mean = LadderTransitions(start.grid, start.levels, law).mean_factors(start.mass);
  for (std::size_t k = 0; k < mean.size(); ++k) {
    const auto [up, down] = laws::closed_rates(law.closure, law.transitions[k], mean[k], law.bath.excited);
    if (up * mean[k].uptake > 0.0 || down * mean[k].release > 0.0) return false;
  }
  return true;
}

std::string why_frozen(const laws::StrokeLaw& law) {
  const auto& all = law.transitions;
  if (std::ranges::none_of(all, [&](const auto& transition) { return is_active(law, transition); }))
    return all.size() == 1 ? "frozen: both rates are 0, no stroke ever happens"
                           : "frozen: all rates are 0, no stroke ever happens";
  const std::string nobody =
      all.size() == 1 ? "no particle has E > delta_e" : "no particle has E > delta_e of any transition";
  switch (law.closure) {
    case laws::Closure::given: return "frozen: w+ = 0 and " + nobody + ", so no stroke ever happens";
    case laws::Closure::conserving:
      return "frozen: " + nobody + ", so phi = 0, w+ = w- phi = 0 and (8) leaves any distribution as it is";
    case laws::Closure::exchange: return "frozen: " + nobody + ", so phi = 0 and none has a quantum to pass on";
    case laws::Closure::bath:
      return "frozen: " + nobody + " and no two-level system is excited, so phi = 0 and no stroke ever happens";
  }
  return {};
}

StationaryLaw none(std::string why) {
  return {StationaryLaw::Kind::none, std::numeric_limits<double>::quiet_NaN(), std::move(why)};
}

/// The temperature of given rates, if all transitions agree on one.
StationaryLaw of_given_rates(const Populations& start, const laws::StrokeLaw& law) {
  std::vector<laws::Transition> active;
  std::ranges::copy_if(law.transitions, std::back_inserter(active), [&](const auto& t) { return is_active(law, t); });
  if (std::ranges::all_of(active, [](const auto& t) { return t.rate_up == 0.0; })) {
    if (level_probabilities(start).front() > 0.0)
      return none("none of one form: w+ = 0, so particles at rest stay there, and the others end at E <= delta_e");
    return none("all particles on their lowest level, E <= delta_e: there are no uptakes");
  }
  if (std::ranges::all_of(active, [](const auto& t) { return t.rate_up >= t.rate_down; })) {
    std::ostringstream why;
    why << "none: the uptake rate " << active.front().rate_up << " is not below the release rate "
        << active.front().rate_down << ", so the energy grows without bound";
    return none(why.str());
  }
  const auto log_ratio = [](const laws::Transition& t) { return std::log(t.rate_down / t.rate_up); };
  const double beta = log_ratio(active.front()) / active.front().delta_e;
  constexpr double roundings = 1e-12;
  for (const laws::Transition& t : active) {
    const double ratio = log_ratio(t), apart = std::abs(ratio - beta * t.delta_e);
    if (!std::isfinite(ratio) || !(apart <= roundings * (1.0 + std::abs(ratio))))
      return none("none: no detailed balance: the transitions pull to different temperatures");
  }
  return {StationaryLaw::Kind::exists, beta, {}};
}

/// The beta at which particles, and the two-level systems of a bath, have an energy together.
class ConservedEnergy {
 public:
  ConservedEnergy(const Populations& start, const laws::StrokeLaw& law) : ladders_(start, law) {
    excess_ = mean_energy(start) - ladders_.lowest_energy();
    if (law.closure != laws::Closure::bath) return;
    systems_ = law.bath.systems_per_particle;
    for (const laws::Transition& t : law.transitions) {
      if (!is_active(law, t)) continue;
      gaps_.push_back(t.delta_e);
      excess_ += systems_ * t.delta_e * law.bath.excited;
    }
  }

  /// What can be shared out: the energy above that of all particles and systems on their lowest levels.
  double excess() const { return excess_; }

  double beta() const {
    // Between temperatures at which there is more than the excess and less.
    const auto missing = [&](double log_beta) { return at(std::exp(log_beta)) - excess_; };
    double low = std::log(1.0 / excess_), high = low;
    while (missing(low) < 0.0) low -= 1.0;
    while (missing(high) > 0.0) high += 1.0;
    if (low == high) return std::exp(low);
    constexpr double epsilon = std::numeric_limits<double>::epsilon();
    std::uintmax_t most = 200;
    const auto [a, b] = boost::math::tools::toms748_solve(
        missing, low, high, [](double x, double y) { return std::abs(x - y) <= 4.0 * epsilon * std::max(1.0, std::abs(x)); },
        most);
    return std::exp(0.5 * (a + b));
  }

 private:
  double at(double beta) const {
    double energy = ladders_.excess_energy(beta);
    for (const double gap : gaps_) energy += systems_ * gap / (1.0 + std::exp(beta * gap));
    return energy;
  }

  ConnectedLadders ladders_;
  double excess_, systems_ = 0.0;
  std::vector<double> gaps_;
};

StationaryLaw of_conserved_energy(const Populations& start, const laws::StrokeLaw& law) {
  const ConservedEnergy energy(start, law);
  // What rounding may leave of a start that has all on the lowest levels.
  const double least = 1e-14 * mean_energy(start);
  if (energy.excess() > least) return {StationaryLaw::Kind::exists, energy.beta(), {}};
  std::ostringstream why;
  if (law.transitions.size() == 1 && law.closure != laws::Closure::bath)
    why << "none: the mean level n = " << mean_level(start)
        << " is not above 0, so phi runs down to 0 and freezes the ensemble on the way";
  else
    why << "none: the energy is not above that of all on their lowest levels, by " << energy.excess()
        << ", so the strokes run down and freeze the ensemble on the way";
  return none(why.str());
}

}  // namespace

StationaryLaw stationary_law(const Populations& start, const laws::StrokeLaw& law) {
  if (is_frozen(start, law)) return {StationaryLaw::Kind::frozen, std::numeric_limits<double>::quiet_NaN(), why_frozen(law)};
  return law.closure == laws::Closure::given ? of_given_rates(start, law) : of_conserved_energy(start, law);
}

Populations stationary_populations(const Populations& start, const laws::StrokeLaw& law, double beta, double tail) {
  return ConnectedLadders(start, law).populations(beta, tail);
}

}  // namespace powerstroke::theory
