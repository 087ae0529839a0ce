#pragma once

#include <cstddef>

#include "powerstroke/kernels/laws/collision_law.hpp"

/// Closed forms of the kinetic theory of gases. k_B = 1.
namespace powerstroke::theory {

/// <v^k> of velocities in d dimensions with the Maxwell density exp(-m v^2 / 2T).
/// @param power k > -d.
double mean_speed_power(double power, double mass, double temperature, int dimension);

/// <sigma(g) g> of two species of a gas in equilibrium; their relative velocity is that of a
/// particle of the reduced mass. Hard spheres, equal masses: 4 d^2 sqrt(pi T/m).
double mean_swept_volume(const laws::CollisionLaw& law, std::size_t a, std::size_t b, double mass_a,
                         double mass_b, double temperature, int dimension);
/// <(sigma g)^2> over <sigma g>^2, less 1, for any two species: how far collision rates scatter
/// from pair to pair.
double swept_volume_scatter(const laws::CollisionLaw& law, int dimension);

/// Collisions of a Maxwell molecule with another end its memory of directions: <v_x^2> - <v^2>/d
/// decays as exp(-share nu t), nu = n sigma g, in which the angles of scattering enter as (1 -
/// <cos^2>) d/(2 (d-1)), cos that of the angle: 1/2 in d = 3, isotropic (E. Ikenberry, C.
/// Truesdell, J. Ration. Mech. Anal. 5 (1956) 1); 8/15 for discs. With equal masses and no net
/// momentum this holds for the mean over runs of N particles, any N, at nu = density sigma g.
double anisotropy_decay(int dimension);

/// The fourth-order sums over N equal particles in d = 3 without net momentum.
struct FourthMoments {
  double fourth;  ///< sum of v^4
  double tensor;  ///< sum over i, j of (v_i . v_j)^2: the trace of the square of the tensor sum v v
};
/// Their means at a time, from a start: closed for Maxwell molecules, at any N (M. Kac, 1956; E.
/// Ikenberry, C. Truesdell, 1956). As N grows, sum v^4 approaches its end as exp(-nu t/3).
/// @param square the sum of v^2, which is conserved. @param collisions nu t = density sigma g t.
FourthMoments fourth_moments(const FourthMoments& start, double square, std::size_t particles,
                             double collisions);

/// The solution of the Boltzmann equation for Maxwell molecules, d = 3, that A. V. Bobylev (Sov.
/// Phys. Dokl. 20 (1976) 820) and M. Krook and T. T. Wu (Phys. Fluids 20 (1977) 1589) found:
/// energies of temperature T,
///
///     a gamma law of shape 3/2 with the weight (5K - 3)/2K, and one of shape 5/2 with the rest,
///     both of scale K T, K = 1 - (1 - K_0) exp(-nu t/6).
struct KrookWu {
  double k;  ///< K in [3/5, 1]; 1 is Maxwell-Boltzmann

  /// @param collisions nu t, from K_0 on.
  static KrookWu after(double k_0, double collisions);
  /// <v^(2n)> over that of Maxwell-Boltzmann: K^(n-1) (n - (n-1) K).
  double moment(int n) const;
  /// Prob(E <= energy).
  double cumulative(double energy, double temperature) const;
};

/// Hits of a particle on both sides of an axis, per time, in equilibrium: <|v_x|>/L = sqrt(2T/(pi
/// m))/L.
double wall_hit_rate(double length, double mass, double temperature);

}  // namespace powerstroke::theory
