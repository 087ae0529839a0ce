#pragma once

#include <array>
#include <cmath>
#include <numbers>
#include <string>

#include "powerstroke/kernels/laws/checks.hpp"
#include "powerstroke/kernels/laws/interval.hpp"
#include "powerstroke/kernels/laws/parameter.hpp"

namespace powerstroke::laws {

/// v = amplitude (1 - cos(2 pi x / period)).
struct Cosine {
  static constexpr const char* name = "cosine";
  static constexpr const char* description = "amplitude (1-cos(2 pi x/period))";
  static constexpr std::array<Parameter, 2> parameters{
      {{"amplitude", "energy", "Half the height of the hills.", Limit::none},
       {"period", "length", "Length of a period."}}};

  double amplitude, period;

  double energy(double x, double) const { return amplitude * (1.0 - std::cos(wave_number() * x)); }
  double force(double x, double) const {
    return -amplitude * wave_number() * std::sin(wave_number() * x);
  }
  Interval confined(double, double) const { return {}; }
  double curvature() const { return std::abs(amplitude) * wave_number() * wave_number(); }
  void validate(const std::string& where) const {
    require_finite(where + ".amplitude", amplitude);
    require_positive(where + ".period", period);
  }
  std::string words(const Say& say) const {
    return "The potential is *V* = " + say(amplitude, "energy") + " Σ(1 − cos(2π*x*/" +
           say(period, "length") + ")).";
  }

  double wave_number() const { return 2.0 * std::numbers::pi / period; }
};

}  // namespace powerstroke::laws
