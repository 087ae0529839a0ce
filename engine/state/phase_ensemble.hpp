#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "powerstroke/engine/core/vector.hpp"
#include "powerstroke/engine/state/momentum_view.hpp"
#include "powerstroke/engine/state/phase_view.hpp"

namespace powerstroke {

/// So many particles of one mass.
struct Species {
  std::size_t particles;
  double mass;  ///< > 0
};

/// N particles with positions and momenta in d = 1, 2 or 3 dimensions: one array a component,
/// species one after the other. 16 d bytes per particle, and what is asked to be recorded.
class PhaseEnsemble {
 public:
  /// All particles at rest at the origin.
  /// @throws ConfigError for a dimension other than 1, 2, 3, no species, or a mass that is no
  /// positive number.
  PhaseEnsemble(int dimension, std::vector<Species> species);

  std::size_t size() const { return position_[0].size(); }
  int dimension() const { return dimension_; }
  std::size_t species() const { return species_.size(); }
  double mass(std::size_t species) const { return species_[species].mass; }
  /// The particles of a species are [first, last).
  std::size_t first(std::size_t species) const { return first_[species]; }
  std::size_t last(std::size_t species) const { return first_[species + 1]; }
  std::size_t species_of(std::size_t particle) const;
  /// use(species, from, to) for each species that has some of the particles [first, last).
  template <class Use>
  void for_each_species(std::size_t first_particle, std::size_t last_particle, Use use) const {
    for (std::size_t kind = 0; kind < species(); ++kind) {
      const std::size_t from = std::max(first_particle, first(kind)),
                        to = std::min(last_particle, last(kind));
      if (from < to) use(kind, from, to);
    }
  }

  std::span<double> positions(int axis) { return position_[static_cast<std::size_t>(axis)]; }
  std::span<double> momenta(int axis) { return momentum_[static_cast<std::size_t>(axis)]; }

  /// The momenta of a species in place, whose random numbers are those of its particles' ids.
  MomentumView momentum_view(std::size_t species);
  PhaseView view(std::size_t species) const;
  double kinetic_energy(std::size_t species, std::size_t particle) const;

  /// p -> -p of all particles: what has happened runs back.
  void reverse();

  /// From now on, `Recorded` kernels add the kinetic energy that they give to a particle to its
  /// sum: the heat of a trajectory, the rest of its change of energy being work.
  void record_heat() { heat_.assign(size(), 0.0); }
  std::span<double> heats() { return heat_; }              ///< empty if not recorded
  std::span<const double> heats() const { return heat_; }  ///< empty if not recorded

  /// Room for strokes that last: the energy of the one under way, and its time left
  /// (`StrokedMomenta`).
  void keep_lasting_strokes();
  std::span<double> lasting_strokes() { return stroke_; }  ///< empty if not kept
  std::span<double> remaining_times() { return remaining_; }

 private:
  int dimension_;
  std::vector<Species> species_;
  std::vector<std::size_t> first_;
  std::array<std::vector<double>, 3> position_, momentum_;
  std::vector<double> heat_, stroke_, remaining_;
};

}  // namespace powerstroke
