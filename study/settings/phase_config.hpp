#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "powerstroke/kernels/laws/box.hpp"
#include "powerstroke/kernels/laws/energy_law.hpp"
#include "powerstroke/kernels/laws/position_law.hpp"
#include "powerstroke/kernels/laws/potential.hpp"

/// What a config says of phase space: valid by construction, as all of `Config`.
namespace powerstroke::study {

/// Particles of one kind.
struct SpeciesConfig {
  std::string name;
  std::size_t particles = 0;
  double mass = 1.0;
  laws::EnergyLaw energy;
  std::vector<double> direction;  ///< unit vector; empty means isotropic
  bool strokes = true;            ///< it makes strokes
  double diameter = 0.0;          ///< > 0 where there are collisions
};

struct LangevinConfig {
  double friction = 0.0, temperature = 0.0;
};

struct CollisionsConfig {
  double density = 0.0;
  double viscosity_exponent = 0.5;
  double reference_speed = 0.0;  ///< > 0 unless the exponent is 0.5
};

/// Cells of the first components of x and p.
struct PhaseGridConfig {
  double x_low = 0.0, x_high = 0.0, p_low = 0.0, p_high = 0.0;
  std::uint32_t x_cells = 0, p_cells = 0;
};

struct TrajectoryConfig {
  double every = 0.0;
  std::size_t particles = 0;
};

enum class Beside { without_strokes, without_collisions };

struct PhaseConfig {
  double step = 0.0;  ///< largest h of the split
  laws::AnyPotential potential = laws::Free{};
  laws::Box box;
  std::array<laws::PositionLaw, 3> position{};
  std::vector<SpeciesConfig> species;  ///< at least one; particles sum to the ensemble's

  bool strokes_at_walls = false;
  double stroke_window = 0.0;  ///< 0: instantaneous
  std::optional<LangevinConfig> langevin;
  std::optional<CollisionsConfig> collisions;
  std::vector<Beside> beside;
  std::optional<double> reverse_at;
  std::optional<PhaseGridConfig> grid;
  std::optional<TrajectoryConfig> trajectory;
};

/// Of the lightest species at the bottom of the stiffest well, sqrt(k/m); 0 where no curvature is
/// known.
inline double highest_frequency(const PhaseConfig& phase) {
  double lightest = std::numeric_limits<double>::infinity();
  for (const SpeciesConfig& one : phase.species) lightest = std::min(lightest, one.mass);
  return std::sqrt(laws::stiffest(phase.potential) / lightest);
}

}  // namespace powerstroke::study
