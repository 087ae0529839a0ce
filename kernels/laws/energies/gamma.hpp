#pragma once

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "powerstroke/kernels/laws/checks.hpp"
#include "powerstroke/kernels/laws/exponential_scale.hpp"
#include "powerstroke/kernels/laws/parameter.hpp"
#include "powerstroke/kernels/laws/special_functions.hpp"
#include "powerstroke/kernels/laws/variate.hpp"

namespace powerstroke::laws {

/// Density E^(k-1) exp(-E/s) / (Gamma(k) s^k) of shape k >= 1/2 and scale s > 0: the sum of k
/// exponential energies where k is whole, the Maxwell-Boltzmann distribution of 2k degrees of
/// freedom in any case. Mean k s, variance k s^2.
///
/// Below k = 1/2 the density is steeper at 0 than that of any kinetic energy, and next to all of it
/// may lie below what doubles tell from 0.
struct GammaEnergy {
  static constexpr const char* name = "gamma";
  static constexpr const char* description =
      "Density proportional to E^(shape-1) exp(-E/scale): Maxwell-Boltzmann of 2 shape degrees of "
      "freedom.";
  static constexpr double least_shape = 0.5, most_shape = 1e6;
  static constexpr std::array<Parameter, 2> parameters{
      {{.name = "shape",
        .quantity = "",
        .description = "Shape k, from 0.5 to 1e6; the mean energy is k times the scale.",
        .range = {{least_shape, most_shape}}},
       {.name = "scale",
        .quantity = "energy",
        .description = "Scale: the energy over which the density falls by e far up."}}};
  static constexpr bool everywhere = true;

  double shape, scale;

  void validate(const std::string& where) const {
    if (!(shape >= least_shape && shape <= most_shape))
      reject(where + ".shape", shape, "it must be a number from 0.5 to 1e6");
    require_positive(where + ".scale", scale);
  }
  double density(double energy) const {
    if (energy == 0.0 && shape < 1.0) return std::numeric_limits<double>::infinity();
    return gamma_p_derivative(shape, energy / scale) / scale;
  }
  double cumulative(double energy) const { return gamma_p(shape, energy / scale); }
  /// Those of the exponential tail, and of a peak that is narrow where k is large.
  std::vector<double> breakpoints() const {
    std::vector<double> points = exponential_scale(scale);
    for (const int deviations : {-8, -6, -4, -2, 0, 2, 4, 6, 8}) {
      const double energy = scale * (shape + deviations * std::sqrt(shape));
      if (energy > 0.0) points.push_back(energy);
    }
    return points;
  }
  double upper_energy(double tail) const { return gamma_q_inv(shape, tail) * scale; }
  double expectation() const { return shape * scale; }
  double variance() const { return shape * scale * scale; }
  bool resolved_by(double width) const { return shape >= 1.0 && width < 0.5 * scale; }
  Variate variate() const { return GammaVariate{shape, scale}; }
  std::string words(const Say& say) const {
    return "gamma-distributed energies of shape " + say(shape, "") + " and scale " +
           say(scale, "energy");
  }
};

}  // namespace powerstroke::laws
