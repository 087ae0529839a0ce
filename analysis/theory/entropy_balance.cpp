#include "powerstroke/analysis/theory/entropy_balance.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "powerstroke/analysis/theory/ladder_transitions.hpp"
#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/ladder.hpp"
#include "powerstroke/engine/core/stop.hpp"

namespace powerstroke::theory {
namespace {

/// Probability of a node and level that may be no more than what a solver cut off.
constexpr double unresolved = 1e-12;
constexpr std::size_t logarithms = 16;  // a flow's work
constexpr double infinite = std::numeric_limits<double>::infinity();

/// Two opposite flows between two places, and the probabilities that they come from.
struct OppositeFlows {
  double lower, upper;  ///< probabilities
  double up, down;      ///< flows

  bool is_one_way() const {
    return (up > 0.0 && down == 0.0 && lower > unresolved) ||
           (down > 0.0 && up == 0.0 && upper > unresolved);
  }

  double production() const {
    if (up > 0.0 && down > 0.0) return (up - down) * std::log(up / down);
    return is_one_way() ? infinite : 0.0;
  }

  /// J ln(P(E) (E+dE)^s / (P(E+dE) E^s)).
  double change(double log_of_states) const {
    if (up == 0.0 && down == 0.0) return 0.0;
    if (lower > 0.0 && upper > 0.0) return (up - down) * (std::log(lower / upper) + log_of_states);
    return is_one_way() ? infinite : 0.0;
  }

  double exchange(double log_of_rates) const {
    if (std::isfinite(log_of_rates)) return (up - down) * log_of_rates;
    return is_one_way() ? infinite : 0.0;
  }
};

bool has_atoms(const Populations& populations) {
  return populations.grid.nodes() > populations.grid.continuous;
}

double log_of_rates(const laws::RatePair& pair) {
  return pair.up > 0.0 && pair.down > 0.0 ? std::log(pair.up / pair.down) : infinite;
}

}  // namespace

EntropyBalance entropy_balance(const Populations& populations, const laws::StrokeLaw& law,
                               std::span<const laws::RatePair> rates) {
  POWERSTROKE_EXPECT(rates.size() == law.transitions.size());
  const OffsetGrid& grid = populations.grid;
  const std::size_t levels = populations.levels;
  const LadderTransitions transitions(grid, levels, law);
  const double s = laws::state_exponent(law.rates);
  EntropyBalance sum{0.0, 0.0, 0.0};
  StopPacer pace;
  for (std::size_t k = 0; k < rates.size(); ++k) {
    const std::size_t stride = transitions.stride(k);
    for (std::size_t node = 0; node < grid.nodes(); ++node) {
      pace(logarithms * levels);
      const auto ladder = populations.ladder(node);
      for (std::size_t i = 0; i + stride < levels; ++i) {
        const double lower = std::max(ladder[i], 0.0), upper = std::max(ladder[i + stride], 0.0);
        const OppositeFlows flows{lower, upper,
                                  rates[k].up * transitions.uptake(k, node, i) * lower,
                                  rates[k].down * transitions.release(k, node, i + stride) * upper};
        const auto energy = [&](std::size_t at) {
          return ladder_energy(grid.spacing, grid.offset[node],
                               static_cast<std::int32_t>(at) + lowest_level);
        };
        sum.production += flows.production();
        sum.exchange += flows.exchange(log_of_rates(rates[k]));
        sum.change +=
            flows.change(s == 0.0 || i == 0 ? 0.0 : s * std::log(energy(i + stride) / energy(i)));
      }
    }
  }
  if (has_atoms(populations))
    sum.production = sum.change = std::numeric_limits<double>::quiet_NaN();
  return sum;
}

}  // namespace powerstroke::theory
