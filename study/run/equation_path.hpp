#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/analysis/theory/bin_integrator.hpp"
#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/study/run/shared_scatter.hpp"
#include "powerstroke/study/settings/config.hpp"

namespace powerstroke::study {

/// The deterministic side of a config, moved from snapshot to snapshot: the equation, its bins, and
/// how far an ensemble of the config may scatter about it.
class EquationPath {
 public:
  /// @param config its transitions share a ladder.
  /// @param with_scatter also follow the scatter that rates which the particles share add.
  EquationPath(const Config& config, bool with_scatter);

  void advance(double t);

  const theory::MasterEquation& equation() const { return equation_; }
  const theory::Populations& start() const { return start_; }
  /// Of one particle.
  double energy_variance_at_start() const { return energy_variance_at_start_; }
  const theory::BinIntegrator& bins() const { return bins_; }
  std::vector<double> bin_probabilities() const { return bins_(equation_.populations()); }
  std::vector<double> level_probabilities() const {
    return theory::level_probabilities(equation_.populations());
  }

  /// Why an ensemble of N particles cannot be compared with the distribution at this time; empty if
  /// it can. The scatter of shared rates may be too costly to follow, or so large that its
  /// expansion about the equation means nothing.
  std::string untestable() const;
  /// Of an ensemble that shares rates; nullptr for others, and where it is not known.
  const SharedScatter* scatter() const {
    return scatter_ && particles_ > 0.0 ? &*scatter_ : nullptr;
  }

  /// Bytes of the scatter that is followed, at most; 0 without.
  double scatter_bytes() const { return scatter_ ? scatter_->bytes() : 0.0; }

  /// At t = 0, makes a forecast of what the rest costs: the scatter's cost is followed, and not the
  /// scatter (`SharedScatter::sketch`), and the equation of shared rates on few offsets, which says
  /// how long its steps are.
  void sketch();
  /// What the scatter took so far: seconds of this thread, and operations, of a sketch those that
  /// it would take.
  double scatter_seconds() const { return scatter_seconds_; }
  double scatter_operations() const;
  double scatter_time() const { return scatter_ ? scatter_->time() : equation_.time(); }

  /// Strokes of a particle by a transition since t = 0: what is expected, and the variance of the
  /// sum over N particles, over N.
  struct Strokes {
    double uptakes, uptakes_variance, releases, releases_variance;
  };
  /// One a transition; empty where the variance is not known, as the scatter is too costly. Where
  /// rates depend on energy and are given, it is then a bound: the number of a particle's
  /// candidates is Poisson's.
  std::vector<Strokes> strokes() const;
  /// For `analysis::chi_square`; nullopt where particles are independent. Valid until the next
  /// `advance`.
  std::optional<analysis::SharedNoise> scatter_of_bins() const;
  std::optional<analysis::SharedNoise> scatter_of_levels() const;

 private:
  void advance_scatter(double t);
  std::string pinned() const;
  bool is_shaped() const;

  theory::Populations start_;
  theory::MasterEquation equation_;
  theory::BinIntegrator bins_;
  std::optional<SharedScatter> scatter_;
  double energy_variance_at_start_;
  double particles_ = 0.0;  ///< of an ensemble that shares rates; 0 if none does
  double scatter_seconds_ = 0.0,
         operations_before_ = 0.0;  ///< operations of a scatter that was given up
  bool counted_ = false;            ///< strokes are counted, and their scatter asked for
  std::string scatter_lost_;        ///< why the scatter is not known
};

}  // namespace powerstroke::study
