#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "powerstroke/engine/parallel/ranks.hpp"

namespace powerstroke {

/// Momenta that another code owns, for strokes in place: d arrays of components, or one array of
/// vectors. Owns nothing.
class MomentumView {
 public:
  /// d = 1, 2, 3: one span a component, equally long. @param mass of a particle, > 0.
  MomentumView(std::span<double> x, double mass);
  MomentumView(std::span<double> x, std::span<double> y, double mass);
  MomentumView(std::span<double> x, std::span<double> y, std::span<double> z, double mass);

  /// One array a component, equally long: d = 1, 2 or 3 of them.
  static MomentumView components(std::span<double* const> arrays, std::size_t particles,
                                 double mass);

  /// One array of vectors: particle i has its components at vectors[i * stride], vectors[i * stride
  /// + 1], ...
  /// @param dimension 1, 2 or 3; @param stride >= dimension.
  /// @throws ConfigError for spans of unequal length or parameters out of range, as above.
  static MomentumView interleaved(std::span<double> vectors, int dimension, std::size_t stride,
                                  double mass);

  /// The same momenta, whose random numbers are those of the ids first, first + 1, ... instead of
  /// 0, 1, ...: for a part of a larger ensemble, such as one rank's.
  MomentumView numbered_from(std::uint64_t first) const {
    MomentumView view = *this;
    view.first_id_ = first;
    return view;
  }

  /// Particles [first, last), with their ids.
  MomentumView part(std::size_t first, std::size_t last) const {
    MomentumView view = numbered_from(first_id_ + first);
    for (int axis = 0; axis < dimension_; ++axis)
      view.component_[static_cast<std::size_t>(axis)] += first * stride_;
    view.size_ = last - first;
    return view;
  }

  std::size_t size() const { return size_; }
  /// As of an ensemble: a view is all that its kernels look at.
  std::size_t whole_size() const { return size_; }
  parallel::Ranks ranks() const { return {}; }
  std::uint64_t first_id() const { return first_id_; }
  int dimension() const { return dimension_; }
  double mass() const { return mass_; }
  double& component(std::size_t particle, int axis) const {
    return component_[static_cast<std::size_t>(axis)][particle * stride_];
  }
  /// p^2 / 2m.
  double energy(std::size_t particle) const {
    double square = 0.0;
    for (int axis = 0; axis < dimension_; ++axis)
      square += component(particle, axis) * component(particle, axis);
    return square / (2.0 * mass_);
  }

 private:
  MomentumView(std::array<double*, 3> component, std::size_t size, std::size_t stride,
               int dimension, double mass);

  std::array<double*, 3> component_{};
  std::size_t size_ = 0, stride_ = 1;
  std::uint64_t first_id_ = 0;
  int dimension_ = 3;
  double mass_ = 1.0;
};

}  // namespace powerstroke
