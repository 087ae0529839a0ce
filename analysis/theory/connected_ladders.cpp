#include "powerstroke/analysis/theory/connected_ladders.hpp"

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <sstream>

#include "powerstroke/analysis/theory/ladder_transitions.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/core/ladder.hpp"
#include "powerstroke/engine/core/stop.hpp"

namespace powerstroke::theory {
namespace {

constexpr std::size_t powers = 16;  // a weight's work: a power and an exponential
constexpr double most_points = 0x1p23;
/// Levels that are summed one by one; what lies above them is as smooth as a power of the level and
/// needs no sum.
constexpr double most_summed = 4096.0;

bool rest_can_take_up(const laws::StrokeLaw& law) {
  return std::ranges::any_of(law.transitions, [&](const laws::Transition& transition) {
    return is_active(law, transition) &&
           laws::uptake_factor(law.rates, 0.0, transition.delta_e) > 0.0;
  });
}

}  // namespace

bool is_active(const laws::StrokeLaw& law, const laws::Transition& transition) {
  return transition.rate_down > 0.0 ||
         (laws::has_given_rates(law.balance) && transition.rate_up > 0.0);
}

ConnectedLadders::ConnectedLadders(const Populations& start, const laws::StrokeLaw& law)
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

double ConnectedLadders::energy(std::size_t node, std::size_t level) const {
  return ladder_energy(grid_.spacing, grid_.offset[node], static_cast<std::int32_t>(level));
}

/// (E/E_lowest)^s exp(-beta (E - E_lowest)).
double ConnectedLadders::weight(std::size_t node, std::size_t lowest, std::size_t level,
                                double beta) const {
  const double states =
      exponent_ == 0.0 ? 1.0 : std::pow(energy(node, level) / energy(node, lowest), exponent_);
  return states * std::exp(-beta * grid_.spacing * static_cast<double>(level - lowest));
}

/// Levels >= 0 above which less than about `tail` lies; the powers of E are worth a few more.
double ConnectedLadders::occupied(double beta, double tail) const {
  const double logarithms = 4.0 * std::abs(exponent_) - std::log(tail);
  return std::ceil(logarithms / (beta * grid_.spacing)) + static_cast<double>(step_);
}

double ConnectedLadders::lowest_energy() const {
  return sum([&](std::size_t node, std::size_t lowest) { return energy(node, lowest); });
}

double ConnectedLadders::excess_energy(double beta) const {
  if (exponent_ == 0.0) {  // geometric
    const double step = static_cast<double>(step_) * grid_.spacing;
    return step / std::expm1(beta * step) * sum([](std::size_t, std::size_t) { return 1.0; });
  }
  const double levels = occupied(beta, std::numeric_limits<double>::epsilon());
  return sum([&](std::size_t node, std::size_t lowest) {
    return excess_energy(node, lowest, levels, beta);
  });
}

/// The sum of E^s exp(-beta E) over the levels of a ladder from the energy E on, by Euler and
/// Maclaurin's formula: its integral over the step, and what its end there adds.
double ConnectedLadders::rest_of_sum(double energy, double exponent, double beta) const {
  const double step = static_cast<double>(step_) * grid_.spacing;
  const double value = std::pow(energy, exponent) * std::exp(-beta * energy);
  const double slope = exponent / energy - beta,
               curvature = slope * slope - exponent / (energy * energy);
  const double third = slope * (curvature - 2.0 * exponent / (energy * energy)) +
                       2.0 * exponent / (energy * energy * energy);
  return std::pow(beta, -exponent - 1.0) * boost::math::tgamma(exponent + 1.0, beta * energy) /
             step +
         value * (0.5 - step * slope / 12.0 + step * step * step * third / 720.0);
}

double ConnectedLadders::excess_energy(std::size_t node, std::size_t lowest, double levels,
                                       double beta) const {
  double weights = 0.0, energies = 0.0;
  const double base = energy(node, lowest);
  if (levels > most_summed) {
    const auto above =
        lowest + step_ * static_cast<std::size_t>(most_summed / static_cast<double>(step_));
    const double from = energy(node, above),
                 scale = std::pow(base, -exponent_) * std::exp(beta * base);
    weights = scale * rest_of_sum(from, exponent_, beta);
    energies = scale * rest_of_sum(from, exponent_ + 1.0, beta) - base * weights;
    levels = static_cast<double>(above);
  }
  StopPacer pace;
  for (std::size_t level = lowest; static_cast<double>(level) < levels; level += step_) {
    pace(powers);
    const double weight = this->weight(node, lowest, level, beta);
    weights += weight;
    energies += weight * grid_.spacing * static_cast<double>(level - lowest);
  }
  return energies / weights;
}

Populations ConnectedLadders::populations(double beta, double tail) const {
  const double needed = occupied(beta, tail);
  if (!(needed * static_cast<double>(grid_.nodes()) < most_points)) {
    std::ostringstream message;
    message << "the stationary law of temperature " << 1.0 / beta << " on levels " << grid_.spacing
            << " apart needs " << needed << " levels on " << grid_.nodes()
            << " offsets; allowed: 2^23 numbers in all";
    throw NumericsError(message.str());
  }
  const auto levels = static_cast<std::size_t>(needed);
  Populations result{grid_, levels + 1, {}};
  result.mass.resize(grid_.nodes() * result.levels, 0.0);
  StopPacer pace;
  for (std::size_t node = 0; node < grid_.nodes(); ++node) {
    double* ladder = result.mass.data() + node * result.levels;
    ladder[0] = at_rest_[node];
    pace(powers * levels);
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

}  // namespace powerstroke::theory
