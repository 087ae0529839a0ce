#pragma once

#include <cstdint>

#include "powerstroke/engine/run/simulation.hpp"
#include "powerstroke/engine/state/phase_ensemble.hpp"
#include "powerstroke/kernels/laws/collision_law.hpp"
#include "powerstroke/kernels/ledger.hpp"

namespace powerstroke {

/// Elastic collisions of a homogeneous gas, the interaction of (18): the jump process of N
/// particles behind the Boltzmann equation (M. Kac, Proc. 3rd Berkeley Symp. 3 (1956) 171), exact
/// in time.
///
/// Each pair collides at the rate sigma(g) g density/N and scatters as hard spheres do: in d = 3
/// into all directions of the centre of mass alike, in d = 2 by a uniform impact parameter.
/// Positions are neither read nor moved.
///
/// Candidates come as a Poisson process, at a rate that bounds all pairs of two species: that of
/// the largest speeds of both about the gas's mean velocity (a majorant: M. S. Ivanov, S. V.
/// Rogasinsky, Sov. J. Numer. Anal. Math. Modelling 3 (1988) 453). A collision that makes a faster
/// particle raises the bound, and candidates go on from that time at the new rate: the process has
/// no memory, so that nothing is approximated. A pair above the bound is an error.
///
/// One candidate after another, all from one stream: the result does not depend on threads, which
/// do not help here either.
class ElasticCollisions {
 public:
  /// @param density particles per volume (d = 3) or area (d = 2), of all species together, >= 0.
  /// @throws ConfigError as `laws::validate`, or for a density out of range.
  ElasticCollisions(laws::CollisionLaw law, double density, std::uint64_t seed);

  /// @throws ConfigError in d = 1, where equal particles do no more than swap momenta, or unless
  /// each species has a diameter.
  /// @throws NumericsError if a momentum is not finite, if over 10^12 candidates are expected, or
  /// if a bound is broken.
  void advance(PhaseEnsemble& ensemble, double t, double dt, StepClock& clock,
               Ledger& ledger) const;

 private:
  laws::CollisionLaw law_;
  double density_;
  std::uint64_t seed_;
};

}  // namespace powerstroke
