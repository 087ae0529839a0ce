#pragma once

#include <span>

#include "powerstroke/analysis/estimators.hpp"
#include "powerstroke/analysis/snapshot.hpp"

/// The path entropy of a particle since the start (U. Seifert, Phys. Rev. Lett. 95 (2005) 040602),
/// in k_B:
///     delta s_tot = ln P_0(E_0) - ln P_t(E_t) + sum over its strokes of ln(forward rate / reverse
///     rate).
/// Whatever the start, <exp(-delta s_tot)> = 1 at any t, and <delta s_tot> is the entropy
/// production, integrated.
///
/// One condition: P_0 must not vanish where the reverse process, started from P_t, can arrive.
/// Where it does, paths that the reverse process has and no particle ever took are missing, and the
/// mean is 1 - lambda, lambda their probability (absolute irreversibility: Y. Murashita, K. Funo,
/// M. Ueda, Phys. Rev. E 90 (2014) 042110). Under given rates lambda is Prob(P_0(E) = 0) at time
/// 2t.
namespace powerstroke::analysis {

/// delta s_tot of each particle of a block. As the offset never changes, both densities may be per
/// energy, per offset, or, for atoms, probabilities.
/// @param ln_start ln P_0 of its place at the start. @param ln_now ln P_t of its place now. @param
/// path its sum over strokes.
void path_entropy(std::span<const double> ln_start, std::span<const double> ln_now,
                  std::span<const double> path, std::span<double> delta_s);

/// What is gathered of a block; merged in the blocks' order.
struct PathEntropySums {
  Moments delta_s;
  Moments weight;               ///< exp(-delta s)
  double largest_weight = 0.0;  ///< of one particle

  PathEntropySums& operator+=(const PathEntropySums& other);
};

PathEntropySums gather_path_entropy(std::span<const double> delta_s);

struct IntegralFluctuation {
  Estimate exponential;  ///< <exp(-delta s)>; NaN if a delta s is NaN or -infinite, where P_0
                         ///< vanishes at a start
  Estimate mean;         ///< <delta s>; NaN if one is infinite
  /// Particles that carry the average: (sum of weights)^2 / sum of weights^2. The weights' tail is
  /// heavy, and with few such particles the standard error is too small, because the rare ones that
  /// would raise the mean were not drawn.
  double effective_particles;
  double largest_share;  ///< of one particle in the sum of weights
};

IntegralFluctuation integral_fluctuation(const PathEntropySums& sums);
IntegralFluctuation integral_fluctuation(std::span<const double> delta_s);

}  // namespace powerstroke::analysis
