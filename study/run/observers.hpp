#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "powerstroke/analysis/theory/information.hpp"
#include "powerstroke/analysis/theory/log_density.hpp"
#include "powerstroke/analysis/theory/master_equation.hpp"
#include "powerstroke/study/run/run.hpp"

/// What is asked of the particles beyond the usual series (`analysis` of a config): each looks at
/// the start and then at every snapshot.
namespace powerstroke::study {

/// <Delta s_tot> and <exp(-Delta s_tot)> along the strokes since t = 0. Needs ln P_t, and so an
/// equation of its own beside the particles.
class PathObserver {
 public:
  /// From now on the ensemble records its paths.
  PathObserver(const Config& config, LadderEnsemble& ensemble);
  /// What takes long of the next look: it may be stopped, and made again.
  void prepare(double t) { equation_.advance(t); }
  void look(double t, const LadderEnsemble& ensemble, std::vector<Quantity>& quantities);
  /// A run goes on after looks at these times: only the equation has to follow.
  void catch_up(std::span<const double> times);

 private:
  theory::MasterEquation equation_;
  std::vector<double> ln_start_;  ///< ln P_0 of each particle's place
};

/// I(E_0; E_t) on cells of the ladder, from the particles and, under given rates and on few enough
/// levels, exactly.
class InformationObserver {
 public:
  InformationObserver(const Config& config, const LadderEnsemble& ensemble);
  /// What takes long of the next look: it may be stopped, and made again.
  void prepare(double t) {
    if (equation_) equation_->advance(t);
  }
  void look(double t, const LadderEnsemble& ensemble, std::vector<Quantity>& quantities);
  /// A run goes on after looks at these times: the equation has to follow, and tell again what it
  /// told.
  void catch_up(std::span<const double> times, std::vector<Quantity>& quantities);

 private:
  void look_at_equation(double t, std::vector<double>& exact);
  std::vector<std::uint32_t> start_;  ///< class of each particle
  std::optional<theory::InformationEquation> equation_;
};

}  // namespace powerstroke::study
