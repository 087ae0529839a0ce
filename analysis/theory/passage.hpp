#pragma once

#include <span>
#include <vector>

#include "powerstroke/kernels/laws/flip_probability.hpp"

namespace powerstroke::theory {

/// A two-level system while a particle passes, the course of Figure 2.
struct PassageCourse {
  std::vector<double> time;    ///< the particle is closest at 0
  std::vector<double> energy;  ///< E_int = <psi|H|psi>
  std::vector<double> upper;   ///< probability of the upper level of the free system
  double norm = 1.0;           ///< of psi after the last time: what the integration has kept of 1
};

/// Integrates i hbar dpsi/dt = H psi, H = (dE/2) sigma_z + V0 sech(t/tau) sigma_x, from the lower
/// level long before the passage. After it E_int = dE (P - 1/2), P of `laws::flip_probability`.
/// @param times ascending.
/// @throws NumericsError unless all parameters are positive and finite, or if the times do not
/// ascend.
PassageCourse passage_course(const laws::Passage& passage, std::span<const double> times);

/// Three passages that show the three cases of Figure 2, in units where dE = hbar = 1, with the
/// coupling V0 = 1.5.
struct NamedPassage {
  const char* name;
  laws::Passage passage;
};
std::span<const NamedPassage> passages_of_figure_2();

}  // namespace powerstroke::theory
