#pragma once

#include <array>

#include "powerstroke/kernels/laws/rates_input.hpp"

namespace powerstroke::laws {

/// The paper's: w+ and w- do not depend on a particle's energy. Its stationary density is
/// exponential in E, which is Maxwell-Boltzmann in d = 2 only.
struct Constant {
  static constexpr const char* name = "constant";
  static constexpr const char* description = "not at all";
  static constexpr std::array<Parameter, 0> parameters{};

  Constant() = default;
  explicit Constant(const RatesInput&) {}

  constexpr double uptake(double, double) const { return 1.0; }
  constexpr double release(double, double) const { return 1.0; }
  constexpr FactorRange uptake_range(double, double, double) const { return {1.0, 1.0}; }
  constexpr FactorRange release_range(double, double, double) const { return {1.0, 1.0}; }
  constexpr double bound(double) const { return 1.0; }
  constexpr double state_exponent() const { return 0.0; }
};

}  // namespace powerstroke::laws
