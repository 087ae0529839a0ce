#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "powerstroke/engine/state/phase_ensemble.hpp"
#include "powerstroke/kernels/phase_split.hpp"
#include "powerstroke/study/settings/config.hpp"

namespace powerstroke::study {

/// How the particles of an ensemble hang together, and with it whether the scatter of a sample
/// tells that of its mean.
enum class Independence {
  always,          ///< nothing acts on two of them, and no rates are shared
  in_equilibrium,  ///< pairs collide or exchange, and leave the product of Boltzmann's laws in
                   ///< which they start
  unknown,  ///< correlations of order 1/N arise, which add to the variance of a mean as much as the
            ///< particles' own scatter
};

/// Of one side of a run, by its name.
Independence independence(const Config& config, std::string_view side);

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
  Independence independence;
  bool keeps_energy;  ///< the sum of kinetic and potential energies: neither baths nor a driving
                      ///< change it
};

/// What starts and what acts, ensemble by ensemble: the run itself first; then, where the config
/// says so, the Langevin bath in place of the strokes, the same with something left out, and the
/// reversed protocol of a driven trap.
/// @param side, so_far an ensemble that goes on, and what it has booked already.
std::vector<PhaseSetup> phase_setups(const Config& config, std::size_t side = 0,
                                     const Ledger& so_far = {});

}  // namespace powerstroke::study
