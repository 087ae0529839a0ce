#pragma once

#include <span>
#include <vector>

#include "powerstroke/kernels/laws/potential.hpp"

/// Densities in the phase space of one axis whose entropy is known; S = -int P ln P dx dp, in k_B.
namespace powerstroke::theory {

/// 1 + ln 2 pi + ln(det C)/2 of a normal density; motion in a harmonic well, or any linear map of
/// determinant 1, keeps it normal and keeps det C. (That of a density that is even on an area is
/// the area's logarithm.)
double normal_phase_entropy(double position_variance, double momentum_variance, double covariance);

/// exp(-(p^2/2m + v(x))/T) of a potential's profile at time t, on a range of x that holds all of it
/// that counts: the sides of a box, or where v is some 40 T above its minimum.
class BoltzmannLaw {
 public:
  /// @throws ConfigError for a potential that is no sum over axes, or a range that is not finite or
  /// does not ascend.
  BoltzmannLaw(laws::AnyPotential potential, double mass, double temperature, double low,
               double high, double t = 0.0);

  /// S = ln(2 pi e m T)/2 + ln Z + <v>/T, Z and <v> by quadrature.
  double entropy() const;
  /// Probabilities of the cells between edges, [position * momentum cells + momentum].
  std::vector<double> cells(std::span<const double> positions,
                            std::span<const double> momenta) const;

 private:
  double energy(double x) const;
  /// int exp(-(v - least)/T) f(x) dx.
  template <class Function>
  double integral(double low, double high, int panels, Function f) const;

  laws::AnyPotential potential_;
  double mass_, temperature_, low_, high_, t_;
  double least_ = 0.0, normalisation_ = 0.0;
};

/// The area of phase space within the energy E of the quartic well v = strength x^4 / 4: oint p dx
/// = sqrt(2mE) (4E/strength)^(1/4) B(1/4, 3/2).
double quartic_phase_area(double strength, double mass, double energy);

/// The largest entropy that a density can have with these probabilities of shells of energy that
/// have these areas, even on each: -sum p ln(p/area). Where motion keeps each particle's energy and
/// has no other invariant, it is what a coarse-grained entropy rises to.
double shell_entropy(std::span<const double> probabilities, std::span<const double> areas);

}  // namespace powerstroke::theory
