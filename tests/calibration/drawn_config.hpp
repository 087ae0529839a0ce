#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace calibration {

using Json = nlohmann::ordered_json;

/// What the end of a run in phase space is known to be.
enum class Known {
  equation,     ///< the master equation: energy space, or free flight in phase space
  equilibrium,  ///< Boltzmann's law at every snapshot
  theorem,      ///< of a driven trap: what its own tests say, and no series
  nothing       ///< incommensurate transitions: no equation
};

/// A config that a number stands for.
struct DrawnConfig {
  std::string kind;  ///< the balance, or "incommensurate", "well", "gas", "walls", "flight", "trap"
  Json json;
  Known known = Known::equation;
  double temperature = 0.0;  ///< of the equilibrium
  double step_bias = 0.0;    ///< relative, of the energies, that the integrator's step may leave
};

/// The kinds, in the order of the tables.
const std::vector<std::string>& kinds();

/// Draws config `number` of the stream `seed`: the same on every machine.
DrawnConfig draw_config(std::uint64_t seed, std::uint64_t number);

/// A parameter that can be put off by a factor.
struct Parameter {
  std::string name;             ///< "rate_down", "range", ...: what stands in the table
  std::vector<std::string> at;  ///< JSON pointers that take the factor together
};
/// What of an energy-space config can be put off.
std::vector<Parameter> parameters_of(const Json& config);
Json put_off(Json config, const Parameter& parameter, double factor);

}  // namespace calibration
