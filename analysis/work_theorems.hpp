#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "powerstroke/analysis/estimators.hpp"
#include "powerstroke/analysis/weighted_line.hpp"

/// Free energies from the work W of independent trajectories that start in equilibrium at
/// temperature T (k_B = 1). All sums of exponentials are taken relative to their largest term, so
/// that no work is too large or too small for them.
namespace powerstroke::analysis {

/// <W>.
Estimate mean_work(std::span<const double> work);

/// C. Jarzynski, Phys. Rev. Lett. 78 (1997) 2690: exp(-DeltaF/T) = <exp(-W/T)>.
///
/// Few trajectories carry the average: those of little work. Where they were not drawn at all,
/// estimate and error bar are both too small to tell. So the estimate is trusted only if what was
/// drawn shows no sign of it: at least 100 effective samples, and none with more than a twentieth
/// of the sum.
struct Jarzynski {
  Estimate delta_f;  ///< -T ln <exp(-W/T)>, as it is; the error by the delta method
  /// What the logarithm of a mean of N adds on the average: T Var(exp(-W/T)) / (2 N <exp(-W/T)>^2),
  /// to first order in 1/N (J. Gore, F. Ritort, C. Bustamante, PNAS 100 (2003) 12564). Not taken
  /// off `delta_f`.
  double bias;
  double effective_samples;  ///< (sum of weights)^2 / sum of weights^2, of the weights exp(-W/T)
  double largest_share;      ///< of one trajectory in the sum of weights
  bool is_trusted;
};

/// @param work of at least two trajectories. NaN if one is not finite.
Jarzynski jarzynski(std::span<const double> work, double temperature);

/// <exp(-(W - DeltaF)/T)>, 1 if DeltaF is right.
Estimate exponential_average(std::span<const double> work, double delta_f, double temperature);

/// DeltaF from trajectories both ways, with the least variance that can be had: C. H. Bennett, J.
/// Comput. Phys. 22 (1976) 245.
struct AcceptanceRatio {
  Estimate delta_f;  ///< error: Bennett's, (<f^2>/<f>^2 - 1)/n of both directions
  /// The sum of the acceptances f, the same for both directions: how many trajectories of one look
  /// like those of the other, n/2 at most for n each. Trusted from 100 on.
  double accepted;
  bool is_trusted;
};

/// @param forward W along the protocol. @param reverse W along the reversed protocol, from
/// equilibrium at its own start.
AcceptanceRatio acceptance_ratio(std::span<const double> forward, std::span<const double> reverse,
                                 double temperature);

/// Works in one bin of W, of W along the protocol and of -W along the reversed one.
struct CrooksBin {
  /// Halfway between the means of W and of -W in the bin: where ln P_F(W)/P_R(-W), a line, takes
  /// the ratio of the bin's probabilities, to the fourth power of its width.
  double work;
  std::uint64_t forward, reverse;
};

/// G. E. Crooks, Phys. Rev. E 60 (1999) 2721: ln P_F(W)/P_R(-W) = (W - DeltaF)/T.
struct Crooks {
  std::vector<CrooksBin> bins;  ///< where both kinds were seen
  std::optional<WeightedLine>
      line;          ///< ln P_F/P_R over W; none with fewer than three bins to go through
  Estimate delta_f;  ///< where the line crosses 0; NaN without
};

/// The line goes through bins with at least 50 works of both kinds. ln(n + 1/2) stands for the
/// logarithm of a count's mean, off by a term of the order 1/n^2, with the error 1/sqrt(n). That
/// the counts of a sample sum to its size shifts all points alike: the slope and its error do not
/// see it, and the intercept's error is a little too large.
/// @param bins equal ones over the range in which both were seen.
Crooks crooks(std::span<const double> forward, std::span<const double> reverse,
              std::uint32_t bins = 40);

}  // namespace powerstroke::analysis
