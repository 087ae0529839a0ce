#include "powerstroke/engine/state/phase_ensemble.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

#include "powerstroke/engine/core/contract.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"

namespace powerstroke {

PhaseEnsemble::PhaseEnsemble(int dimension, std::vector<Species> species)
    : dimension_(dimension), species_(std::move(species)), first_{0} {
  if (dimension < 1 || dimension > 3)
    throw ConfigError("phase space: dimension is " + std::to_string(dimension) +
                      "; it must be 1, 2 or 3");
  if (species_.empty())
    throw ConfigError("phase space: no species is given; there must be at least one");
  for (const Species& kind : species_) {
    if (!(std::isfinite(kind.mass) && kind.mass > 0.0))
      throw ConfigError("phase space: a mass is " + std::to_string(kind.mass) +
                        "; it must be a positive number");
    first_.push_back(first_.back() + kind.particles);
  }
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(dimension); ++axis) {
    position_[axis].assign(first_.back(), 0.0);
    momentum_[axis].assign(first_.back(), 0.0);
  }
}

std::size_t PhaseEnsemble::species_of(std::size_t particle) const {
  POWERSTROKE_EXPECT(particle < size());
  const auto after = std::upper_bound(first_.begin(), first_.end(), particle);
  return static_cast<std::size_t>(after - first_.begin()) - 1;
}

MomentumView PhaseEnsemble::momentum_view(std::size_t species) {
  const std::size_t start = first(species), count = last(species) - start;
  const auto axis = [&](std::size_t a) {
    return std::span<double>(momentum_[a]).subspan(start, count);
  };
  const double m = mass(species);
  const MomentumView view = dimension_ == 1   ? MomentumView(axis(0), m)
                            : dimension_ == 2 ? MomentumView(axis(0), axis(1), m)
                                              : MomentumView(axis(0), axis(1), axis(2), m);
  return view.numbered_from(start);
}

PhaseView PhaseEnsemble::view(std::size_t species) const {
  PhaseView all{dimension_, mass(species), {}, {}};
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(dimension_); ++axis) {
    all.position[axis] = position_[axis];
    all.momentum[axis] = momentum_[axis];
  }
  return all.part(first(species), last(species));
}

double PhaseEnsemble::kinetic_energy(std::size_t species, std::size_t particle) const {
  double square = 0.0;
  for (std::size_t axis = 0; axis < static_cast<std::size_t>(dimension_); ++axis)
    square += momentum_[axis][particle] * momentum_[axis][particle];
  return square / (2.0 * mass(species));
}

void PhaseEnsemble::reverse() {
  for (std::vector<double>& component : momentum_) {
    parallel::for_each_block(component.size(),
                             [&](std::size_t, std::size_t first, std::size_t last) {
                               for (std::size_t i = first; i < last; ++i)
                                 component[i] = -component[i];
                             });
  }
}

void PhaseEnsemble::keep_lasting_strokes() {
  stroke_.assign(size(), 0.0);
  remaining_.assign(size(), 0.0);
}

}  // namespace powerstroke
