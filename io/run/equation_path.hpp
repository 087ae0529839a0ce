#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/analysis/theory/bin_integrator.hpp"
#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/analysis/theory/mean_field_noise.hpp"
#include "powerstroke/io/config/config.hpp"

namespace powerstroke::io {

/// The deterministic side of a config, moved from snapshot to snapshot: the equation, its bins, and how far an ensemble of
/// the config may scatter about it.
class EquationPath {
 public:
  /// @param config its transitions share a ladder.
  /// @param with_scatter also follow the scatter that rates which the particles share add.
  EquationPath(const Config& config, bool with_scatter);

  void advance(double t);

  const theory::MasterEquation& equation() const { return equation_; }
  const theory::Populations& start() const { return start_; }
  const theory::BinIntegrator& bins() const { return bins_; }
  std::vector<double> bin_probabilities() const { return bins_(equation_.populations()); }
  std::vector<double> level_probabilities() const { return theory::level_probabilities(equation_.populations()); }

  /// Excited fraction of each transition's two-level systems; empty without a bath.
  std::vector<double> excited() const;

  /// Why an ensemble of N particles cannot be held against the distribution at this time; empty if it can. The scatter of
  /// shared rates may be too costly to follow, or so large that its expansion about the equation means nothing.
  std::string untestable() const;
  const theory::MeanFieldNoise* scatter() const { return scatter_ ? &*scatter_ : nullptr; }
  /// For `analysis::chi_square`; nullopt where particles are independent. Valid until the next `advance`.
  std::optional<analysis::SharedNoise> scatter_of_bins() const;
  std::optional<analysis::SharedNoise> scatter_of_levels() const;

 private:
  void advance_scatter(double t);
  std::string pinned() const;
  bool is_shaped() const;

  theory::Populations start_;
  theory::MasterEquation equation_;
  theory::BinIntegrator bins_;
  std::optional<theory::MeanFieldNoise> scatter_;
  double particles_ = 0.0;    ///< of an ensemble that shares rates; 0 if none does
  std::string scatter_lost_;  ///< why the scatter is not known
};

}  // namespace powerstroke::io
