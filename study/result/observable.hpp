#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <vector>

#include "powerstroke/analysis/estimators.hpp"
#include "powerstroke/analysis/snapshot.hpp"
#include "powerstroke/analysis/theory/populations.hpp"
#include "powerstroke/kernels/ledger.hpp"
#include "powerstroke/study/settings/config.hpp"

/// An observable is a quantity that a snapshot of the particles and the populations of the equation
/// both have. Each is one file of study/observables, found by the build: a struct with
///
///     static constexpr QuantityInfo info;                               what it is, and where it
///     is shown static analysis::Estimate measure(const ParticleLook& look);      of the particles,
///     with the error of independent ones static double solve(const EquationLook& look); of the
///     equation static double error(const ErrorSources& sources);                 the standard
///     error, where the equation is known static bool exists(const ErrorSources& sources);
///     optional: whether the law has such a mean at all
namespace powerstroke::study {

/// The particles at one snapshot.
struct ParticleLook {
  const Config& config;
  const analysis::Snapshot& snapshot;
  const analysis::EntropyEstimate& entropy;  ///< S_E, from bins or from spacings
  analysis::Estimate spacing;                ///< S_E from spacings; NaN where it was not evaluated
  double unseen_stroke;  ///< what one may have given to a particle or taken, if nobody has made any
};

/// The largest delta_e of a config where time has passed and no stroke was made; else 0: there was
/// none, or the scatter shows them.
double unseen_stroke(const Config& config, double t, const Ledger& ledger);

/// The equation at the time of one snapshot.
struct EquationLook {
  const Config& config;
  const theory::Populations& populations;
  double mean_energy, phi, mean_ln_energy, energy_entropy;  ///< of the populations
};

/// What the standard error of an observable is made of at one snapshot, from the equation.
struct ErrorSources {
  const Config& config;
  double particles;    ///< N
  double mean_energy;  ///< standard error of <E>, by the law of conservation where there is one
  theory::ObservableVariances independent;  ///< of one particle
  theory::Influence
      influence;        ///< of a particle on the means; empty where particles are independent
  double measured;      ///< what the particles alone say, as if they were independent
  double bias_of_bins;  ///< what bins leave of S_E, where it is estimated with bins
  /// Of one particle, where rates that the particles share may take variance away; else empty.
  std::optional<theory::EntropyVariances> shared_entropy;
  /// Root of the variance of independent particles plus what shared rates add to it, by the
  /// influence of a particle. NaN where that is not known.
  std::function<double(double variance, const std::vector<double>& influence)> with_shared;

  /// Variance of an entropy of N independent particles: the sample's own estimate, or where rates
  /// are shared the larger of it and the solution's. Sharing may take nearly all of it away; from
  /// an estimate that is too small by chance nothing would be left.
  /// @param c of S_E + c <ln E>; 0 for S_E itself.
  double of_entropy(double c = 0.0) const {
    const double sample = measured * measured;
    if (!shared_entropy) return sample;
    double of_one =
        shared_entropy->entropy + analysis::added_by_spacings(static_cast<std::size_t>(particles));
    if (c != 0.0)
      of_one += 2.0 * c * shared_entropy->with_ln_energy + c * c * independent.ln_energy;
    return std::max(sample, of_one / particles);  // the sample's where there is no solution
  }
};

}  // namespace powerstroke::study
