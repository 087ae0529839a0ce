#pragma once

#include <span>
#include <vector>

#include "powerstroke/analysis/offset_map.hpp"
#include "powerstroke/analysis/snapshot.hpp"

namespace powerstroke::analysis {

/// A value and its standard error, for independent particles.
struct Estimate {
  double value, error;
};

/// The mean of independent values, sqrt(variance/N) its error; NaN if a value is not finite, or if
/// there is none.
Estimate mean_of(const Moments& moments);
/// Energies in the units of the config, phi = fraction with E > delta_e, strictly.
Estimate mean_energy(const Snapshot& snapshot);
/// The error is the standard deviation of the share's posterior under a uniform prior (Beta
/// distribution): not 0 when all particles are on one side of delta_e, and the binomial sqrt(phi (1
/// - phi)/N) for large counts. NaN for one particle.
Estimate phi(const Snapshot& snapshot);
/// A mean whose particles may have had an event that none of them has shown, as where all are alike
/// because nobody has made a stroke yet: their scatter says nothing of it. The share of such
/// particles has the posterior of 0 found among N under a uniform prior, as for phi; its standard
/// deviation, 1/(N + 2), times the change is the least that the error can be.
/// @param change of a particle's value by the event; 0 where there can be none, or one was seen.
Estimate with_unseen(Estimate seen, double change, std::uint64_t particles);
/// <ln E>; NaN if a particle is at rest.
Estimate mean_ln_energy(const Snapshot& snapshot);

/// S_E of (9) in k_B from a histogram.
struct EntropyEstimate {
  double value;
  double variance;              ///< of `value`
  double ln_energy_covariance;  ///< of `value` with the mean of ln E, for S^(1)
  /// Squared error beyond the delta method: the scatter of the correction, all there is for a
  /// density as flat as its bins, and the square of what the extrapolation may leave, judged by
  /// doing it once more at twice the width; it shows bins too wide for the density.
  double beyond;
};

/// Plug-in entropy of the bins plus <ln width>, corrected for its bias from finite N (G. A. Miller,
/// W. G. Madow: + (occupied
/// - 1)/2N) and from the width of the bins (Richardson: the estimates at width w and 2w,
/// extrapolated to 0; for a density smooth over a bin, one that jumps or diverges inside a bin of
/// probability p costs an error of the order of p). The correction for finite N needs some
/// particles in a class: a group of bins with fewer than 8 in all is left together. The variance is
/// that of the extrapolated estimate's influence function (delta method; without the extrapolation
/// it is (sum p ln^2 p - (sum p ln p)^2) / N); for the covariance, E is taken as uniform inside a
/// class. Particles above the grid are one class, an exponential tail with their mean excess; NaN
/// if they are more than one in a thousand, so that an entropy is never quietly wrong. NaN if twice
/// the width changes the entropy by more than 0.1: the bins do not resolve the density. NaN if all
/// particles are in one class, whose shape cannot be told.
EntropyEstimate histogram_entropy(const Snapshot& snapshot, const BinGrid& grid);

/// What spacings add to the variance of the S_E of so many particles at least, times their number.
double added_by_spacings(std::size_t particles);

/// S_E without bins.
struct SpacingEntropy {
  double value, error;
  double ln_energy_covariance;  ///< of -ln P with ln E, of one particle, for S^(1); NaN if one is
                                ///< at rest
  double beyond;  ///< the part of error^2 that is no scatter of -ln P: no sum with another mean
                  ///< takes it away
};

/// S_E without bins, the mean of -ln P(E) at every particle: m-spacings to both sides of the sorted
/// energies (O. Vasicek, J. R. Stat. Soc. B 38 (1976) 54), m = round(N^(1/4)), with the mean
/// logarithm of a spacing of k particles psi(k) in place of ln k, and as many particles as there
/// are at the two ends. (With m = sqrt(N) the ends would bias it by as much as its standard error,
/// at any N.) The variance is that of ln P(E), measured, plus what the spacings add, each over N
/// (N. Cressie, Biometrika 63 (1976) 343). What a density that changes over a spacing costs goes
/// with the width of the spacings, so that those twice as wide tell it: the difference that they
/// make is added in square. Spacings are those of the energies under `map`, in which a ladder's
/// peaks and gaps are none, and reach over none of its seams: the particles between two seams are a
/// sample of their own (of at least 16, else with the next), and the entropy of their shares is
/// added, with the correction of Miller and Madow. `energies` is sorted in place. NaN where a
/// spacing is 0 or of roundings alone (atoms), and for fewer than 2m + 1 particles.
SpacingEntropy spacing_entropy(std::span<double> energies, const OffsetMap& map = {});

}  // namespace powerstroke::analysis
