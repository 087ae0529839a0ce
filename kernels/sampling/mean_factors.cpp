#include "powerstroke/kernels/sampling/mean_factors.hpp"

#include "powerstroke/engine/core/threshold.hpp"

namespace powerstroke {
namespace {

/// Could a particle, once moved by sign times a hop, release through another?
bool can_release(const LadderPlaces& places, std::size_t i, const Hop& moved, int sign,
                 const Hop& hop) {
  return places.level[i] + sign * moved.stride >= hop.stride;
}
bool can_release(const EnergyPlaces& places, std::size_t i, const Hop& moved, int sign,
                 const Hop& hop) {
  return lies_above(places.energies[i] + sign * moved.delta_e, hop.delta_e);
}

}  // namespace

template <class Places>
FactorSums factor_sums(const laws::AnyRates& rates, std::span<const Hop> hops,
                       const Places& places) {
  return std::visit(
      [&](const auto& law) {
        FactorSums sums;
        for (std::size_t k = 0; k < hops.size(); ++k) {
          double uptake = 0.0, release = 0.0;
          for (std::size_t i = 0; i < places.size(); ++i) {
            const double energy = places.energy(i);
            uptake += law.uptake(energy, hops[k].delta_e);
            if (places.can_release(i, hops[k])) release += law.release(energy, hops[k].delta_e);
          }
          sums.uptake[k] = uptake;
          sums.release[k] = release;
        }
        return sums;
      },
      rates);
}

template <class Places>
FactorSums factor_derivatives(const laws::AnyRates& rates, std::span<const Hop> hops,
                              std::span<const laws::RatePair> now, const Places& places) {
  const auto of_law = [&](const auto& law) {
    FactorSums sums;
    const auto add = [&](std::size_t i, double energy, const Hop& moved, int sign, double weight) {
      for (std::size_t k = 0; k < hops.size(); ++k) {
        const double delta_e = hops[k].delta_e;
        sums.uptake[k] += weight * law.uptake(energy, delta_e);
        if (can_release(places, i, moved, sign, hops[k]))
          sums.release[k] += weight * law.release(energy, delta_e);
      }
    };
    for (std::size_t i = 0; i < places.size(); ++i) {
      const double energy = places.energy(i);
      double leaving = 0.0;
      for (std::size_t j = 0; j < hops.size(); ++j) {
        const double up = now[j].up * law.uptake(energy, hops[j].delta_e);
        add(i, energy + hops[j].delta_e, hops[j], 1, up);
        leaving += up;
        if (!places.can_release(i, hops[j])) continue;
        const double down = now[j].down * law.release(energy, hops[j].delta_e);
        add(i, energy - hops[j].delta_e, hops[j], -1, down);
        leaving += down;
      }
      add(i, energy, hops.front(), 0, -leaving);
    }
    return sums;
  };
  return std::visit(of_law, rates);
}

std::vector<laws::MeanFactors> averages(const FactorSums& sums, std::size_t transitions,
                                        std::size_t particles) {
  std::vector<laws::MeanFactors> mean(transitions);
  const auto n = static_cast<double>(particles);
  for (std::size_t k = 0; k < transitions; ++k) mean[k] = {sums.uptake[k] / n, sums.release[k] / n};
  return mean;
}

template FactorSums factor_sums(const laws::AnyRates&, std::span<const Hop>, const LadderPlaces&);
template FactorSums factor_sums(const laws::AnyRates&, std::span<const Hop>, const EnergyPlaces&);
template FactorSums factor_derivatives(const laws::AnyRates&, std::span<const Hop>,
                                       std::span<const laws::RatePair>, const LadderPlaces&);
template FactorSums factor_derivatives(const laws::AnyRates&, std::span<const Hop>,
                                       std::span<const laws::RatePair>, const EnergyPlaces&);

}  // namespace powerstroke
