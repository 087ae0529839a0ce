#pragma once

#include <string>
#include <vector>

#include "powerstroke/engine/state/phase_ensemble.hpp"
#include "powerstroke/kernels/phase_split.hpp"
#include "powerstroke/study/settings/config.hpp"

namespace powerstroke::study {

/// One ensemble of a run in phase space, ready to move.
struct PhaseSetup {
  std::string name, description;
  PhaseEnsemble ensemble;
  laws::AnyPotential potential;
  PhaseSplit split;
  double temperature;          ///< of the law that it is compared with; NaN if there is none
  bool keeps_boltzmann;        ///< whatever acts leaves exp(-(p^2/2m + V)/T) as it is
  bool starts_in_equilibrium;  ///< at that temperature, in a potential and a box that stay
  bool makes_strokes;
};

/// What starts and what acts, ensemble by ensemble: the run itself first; then, where the config says so, the Langevin bath in
/// place of the strokes, the same with something left out, and the reversed protocol of a driven trap.
/// @param side, so_far an ensemble that goes on, and what it has booked already.
std::vector<PhaseSetup> phase_setups(const Config& config, std::size_t side = 0, const Ledger& so_far = {});

}  // namespace powerstroke::study
