#pragma once

#include <span>

#include "powerstroke/analysis/snapshot.hpp"

namespace powerstroke::analysis {

/// A value and its standard error, for independent particles.
struct Estimate {
  double value, error;
};

/// Energies in the units of the config, phi = fraction with E > delta_e, strictly.
Estimate mean_energy(const Snapshot& snapshot);
Estimate phi(const Snapshot& snapshot);
/// <ln E>; NaN if a particle is at rest.
Estimate mean_ln_energy(const Snapshot& snapshot);

/// S_E of (9) in k_B from a histogram.
struct EntropyEstimate {
  double value;
  double variance;             ///< of `value`
  double ln_energy_covariance; ///< of `value` with the mean of ln E, for S^(1)
};

/// Plug-in entropy of the bins plus <ln width>, corrected for its bias from finite N (G. A. Miller, W. G. Madow: + (occupied - 1)/2N)
/// and from the width of the bins (Richardson: the estimates at width w and 2w, extrapolated to 0; for a density smooth over a bin).
/// The variance is that of the extrapolated estimate's influence function (delta method; without the extrapolation it is
/// (sum p ln^2 p - (sum p ln p)^2) / N). Particles above the grid enter as one class whose width cannot be known: NaN if they
/// are more than one in a thousand, so that an entropy is never quietly wrong. NaN if all particles share one energy in a bin narrower
/// than can be told (fewer than two occupied bins).
EntropyEstimate histogram_entropy(const Snapshot& snapshot, const BinGrid& grid);

/// S_E without bins: m-spacings of the sorted energies (O. Vasicek, J. R. Stat. Soc. B 38 (1976) 54) with the bias correction
/// ln m - psi(m), m = round(sqrt N). `energies` is sorted in place. NaN for ties that make a spacing 0 (atoms).
/// The error is the delta method's, from the spread of the ln spacings' local means.
Estimate spacing_entropy(std::span<double> energies);

}  // namespace powerstroke::analysis
