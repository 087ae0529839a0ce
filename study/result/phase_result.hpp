#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "powerstroke/study/judge/test.hpp"
#include "powerstroke/study/result/quantity.hpp"

/// What a run in phase space knows beside the series of its kinetic energies. Units follow from the
/// config's; positions are in its length, speed * time, momenta in sqrt(mass * energy).
namespace powerstroke::study {

/// Particles over a coordinate at the end, and the law beside them.
struct Marginal {
  std::string name;  ///< "x", "p", "E"
  std::vector<double> edges;
  std::vector<std::uint64_t> counts;
  std::uint64_t total = 0;  ///< of the particles, those outside the edges among them
  std::vector<double>
      probability;  ///< of each bin by Boltzmann's law; empty if there is no temperature
};

/// First components of some particles' x and p at a snapshot.
struct Cloud {
  double t = 0.0;
  std::vector<double> x, p;
};

/// Keys of the quantities that there is one of for each species, and for each axis.
std::string species_energy_key(std::size_t species);
std::string axis_temperature_key(std::size_t axis);
/// "x", "y", "z".
inline constexpr std::array<const char*, 3> axis_names = {"x", "y", "z"};

/// One of the ensembles that start alike.
struct PhaseSide {
  std::string name;          ///< "strokes", "langevin", "without_collisions", "reverse", ...
  std::string description;   ///< what acts on it
  double temperature = 0.0;  ///< of the law that it is compared with; NaN if there is none
  std::vector<Quantity> quantities;
  std::vector<Marginal> marginals;
  std::vector<Cloud> clouds;
  std::vector<double>
      work;  ///< of each particle at the end, where the potential is driven; else empty

  /// @returns nullptr if there is none of that key.
  const Quantity* quantity(std::string_view key) const { return find_quantity(quantities, key); }
};

struct PhaseResult {
  std::vector<PhaseSide> sides;  ///< the first is the run itself
  std::vector<Test> tests;
};

}  // namespace powerstroke::study
