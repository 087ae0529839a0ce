#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

#include "powerstroke/kernels/counts/stroke_counts.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"
#include "powerstroke/kernels/sampling/places.hpp"

/// Averages over an ensemble of the factors that a rates law multiplies w+ and w- with, and how the
/// strokes move them.
namespace powerstroke {

struct FactorSums {
  std::array<double, StrokeCounts::most_transitions> uptake{}, release{};  ///< of each transition

  FactorSums& operator+=(const FactorSums& other) {
    for (std::size_t k = 0; k < uptake.size(); ++k) {
      uptake[k] += other.uptake[k];
      release[k] += other.release[k];
    }
    return *this;
  }
};

/// Sums of u(E) and of Theta(E > dE) r(E).
template <class Places>
FactorSums factor_sums(const laws::AnyRates& rates, std::span<const Hop> hops,
                       const Places& places);

/// Sums of their time derivatives, the strokes' generator applied to the factors: sum over the
/// transitions j of w+_j u_j(E) (f(E+dE_j) - f(E)) + w-_j Theta r_j(E) (f(E-dE_j) - f(E)).
template <class Places>
FactorSums factor_derivatives(const laws::AnyRates& rates, std::span<const Hop> hops,
                              std::span<const laws::RatePair> now, const Places& places);

/// Sums over so many particles as averages.
std::vector<laws::MeanFactors> averages(const FactorSums& sums, std::size_t transitions,
                                        std::size_t particles);

extern template FactorSums factor_sums(const laws::AnyRates&, std::span<const Hop>,
                                       const LadderPlaces&);
extern template FactorSums factor_sums(const laws::AnyRates&, std::span<const Hop>,
                                       const EnergyPlaces&);
extern template FactorSums factor_derivatives(const laws::AnyRates&, std::span<const Hop>,
                                              std::span<const laws::RatePair>, const LadderPlaces&);
extern template FactorSums factor_derivatives(const laws::AnyRates&, std::span<const Hop>,
                                              std::span<const laws::RatePair>, const EnergyPlaces&);

}  // namespace powerstroke
