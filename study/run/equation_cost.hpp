#pragma once

#include <string>

#include "powerstroke/study/run/equation_path.hpp"

namespace powerstroke::study {

/// What the equation of a run costs, with the scatter that shared rates add, the tests at its
/// snapshots, and the stationary law.
struct EquationCost {
  double seconds = 0.0, bytes = 0.0;
  double strokes = 0.0;       ///< of a particle in the whole run
  std::string no_comparison;  ///< why the equation will fail, so that a run is compared with
                              ///< nothing; empty if nothing is known
  std::string
      no_stationary_test;  ///< why its stationary law will not be compared; empty if it can be
};

/// Solves the equation as the run does, from snapshot to snapshot, for half a second of a processor
/// at most, and tests once what a run tests at each; what is left of the time and of the snapshots
/// is taken to go on like the last of it.
/// @param path at t = 0, with its scatter.
EquationCost watch_equation(const Config& config, EquationPath& path);

/// Bytes that an equation holds at most: the masses of its grid with all stages of a step.
/// @param cells offsets times levels. @param shared whether all particles share their rates.
double equation_bytes(double cells, bool shared);

}  // namespace powerstroke::study
