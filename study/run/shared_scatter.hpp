#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <variant>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/analysis/theory/bin_integrator.hpp"
#include "powerstroke/analysis/theory/low_rank_noise.hpp"
#include "powerstroke/analysis/theory/mean_field_noise.hpp"
#include "powerstroke/study/settings/config.hpp"

namespace powerstroke::study {

/// How an ensemble scatters beyond independent particles, because these share their rates, and how
/// its numbers of strokes scatter under any balance: by the dense covariance of the levels where
/// rates are constant and levels few, else by the low-rank one, of levels or, where rates depend on
/// the energy, of a coarse grid of energies.
class SharedScatter {
 public:
  /// @param config its transitions share a ladder. @param start of the equation.
  /// @throws NumericsError if it is too costly to follow up to the last snapshot.
  SharedScatter(const Config& config, const theory::Populations& start);

  /// Solves up to time t >= the one before.
  void advance(double t);

  /// Influence functions on what `excess_covariance` takes. @param now the equation's populations
  /// at the same time.
  theory::Influence influence(const theory::Populations& now, std::size_t stride) const;
  /// N times what sharing adds to the covariance of the means of two influence functions.
  double excess_covariance(std::span<const double> x, std::span<const double> y) const;

  /// Variances of the numbers of uptakes and of releases of N particles by transition k, over N.
  double variance_of_uptakes(std::size_t k) const;
  double variance_of_releases(std::size_t k) const;
  /// N Cov of the excited systems per particle of two transitions; under laws::Bath alone.
  double covariance_of_excited(std::size_t k, std::size_t l) const;

  /// For `analysis::chi_square` of bins and of levels; valid until the next `advance`.
  /// @param bins of the equation's grid. @param now the equation's populations at the same time.
  analysis::SharedNoise of_bins(const theory::BinIntegrator& bins,
                                const theory::Populations& now) const;
  analysis::SharedNoise of_levels() const;

  /// Probabilities of the levels, and N times what sharing adds to the variance of the fraction of
  /// particles on or above each, [level + 1].
  std::vector<double> levels() const;
  std::vector<double> excess_above() const;

  double time() const;
  /// What it took so far, in operations.
  double operations() const;
  /// From now on what it takes is counted, and not known: a forecast for what a copy will do.
  void sketch();

  /// Bytes that it holds at most, with the stages of its solver and the matrices of a test.
  double bytes() const;

 private:
  const theory::MeanFieldNoise* dense() const {
    return std::get_if<theory::MeanFieldNoise>(&noise_);
  }
  const theory::LowRankNoise& narrow() const { return std::get<theory::LowRankNoise>(noise_); }
  /// The sums over the offsets of a direction of the low-rank noise, [level + 1].
  std::vector<double> on_levels(std::size_t direction) const {
    return theory::level_probabilities(narrow().direction(direction));
  }

  std::variant<theory::MeanFieldNoise, theory::LowRankNoise> noise_;
  bool by_place_ = false;                             ///< places of a grid, not levels alone
  std::optional<theory::BinIntegrator> coarse_bins_;  ///< of that grid
  std::vector<double> weights_;                       ///< of the directions of the low-rank noise
  theory::Populations start_levels_;  ///< should these become too many for the dense covariance
  laws::StrokeLaw law_;
  bool is_sketch_ = false;
};

}  // namespace powerstroke::study
