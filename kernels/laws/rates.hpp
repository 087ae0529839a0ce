#pragma once

#include <concepts>
#include <variant>

#include "powerstroke/kernels/laws/rates_input.hpp"
#include "powerstroke/kernels/laws/rates_list.hpp"  // made by CMake from the files in rates/

/// How the rates of a stroke depend on a particle's energy. A law is a pure function with a bound
/// in a file of its own, rates/<name>.hpp; that file is all it takes: the list of laws, the names
/// and parameters that a config may use, the kernels and the equation follow from it.
namespace powerstroke::laws {

/// An uptake at E happens at rate w+ uptake(E, dE), a release at E > dE at rate w- release(E, dE).
/// Both factors lie in [0, bound(dE)]; a kernel that finds one above the bound throws. Detailed
/// balance holds with the density of states E^state_exponent(): uptake(E) E^s = release(E + dE) (E
/// + dE)^s. A law may also say between which values a factor lies for energies in a range,
/// `uptake_range(low, high, dE)` and `release_range`, which makes strokes several times as fast.
template <class R>
concept Rates = requires(const R& rates, const RatesInput& input, double energy, double delta_e) {
  R(input);
  { R::name } -> std::convertible_to<const char*>;
  { R::description } -> std::convertible_to<const char*>;
  R::parameters.size();
  { rates.uptake(energy, delta_e) } -> std::same_as<double>;
  { rates.release(energy, delta_e) } -> std::same_as<double>;
  { rates.bound(delta_e) } -> std::same_as<double>;
  { rates.state_exponent() } -> std::same_as<double>;
};

/// One of the laws, for code that does not run once a stroke.
using AnyRates = std::variant<POWERSTROKE_RATES_LAWS>;

inline double uptake_factor(const AnyRates& rates, double energy, double delta_e) {
  return std::visit([&](const auto& law) { return law.uptake(energy, delta_e); }, rates);
}
inline double release_factor(const AnyRates& rates, double energy, double delta_e) {
  return std::visit([&](const auto& law) { return law.release(energy, delta_e); }, rates);
}
/// What neither factor exceeds.
inline double bound(const AnyRates& rates, double delta_e) {
  return std::visit([&](const auto& law) { return law.bound(delta_e); }, rates);
}
inline double state_exponent(const AnyRates& rates) {
  return std::visit([](const auto& law) { return law.state_exponent(); }, rates);
}
inline const char* name(const AnyRates& rates) {
  return std::visit([](const auto& law) { return law.name; }, rates);
}

}  // namespace powerstroke::laws
