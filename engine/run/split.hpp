#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/run/simulation.hpp"

namespace powerstroke {

/// A symmetric split of several processes that act at once (G. Strang, SIAM J. Numer. Anal. 5 (1968) 506): over each step h
/// the parts act in turn for h/2, the last one for h, and then the others again in the reverse order. Second order in h
/// where each part is exact or of second order itself.
///
///     {kick, flight}          velocity Verlet
///     {kick, flight, bath}    BAOAB (B. Leimkuhler, C. Matthews, Appl. Math. Res. Express 2013, 34)
///     {strokes, kick, flight} the split of (16)
///
/// Each part is told its own time: all of them go through the same [t, t + dt]. The first part's last half step and its next
/// first one are one call.
template <class Ensemble>
class SymmetricSplit {
 public:
  /// A part, of whatever type.
  using Part = std::function<void(Ensemble&, double t, double dt, StepClock&, Ledger&)>;

  /// @param step the largest h, > 0. @throws ConfigError if it is not, or if there is no part.
  SymmetricSplit(std::vector<Part> parts, double step) : parts_(std::move(parts)), step_(step) {
    if (parts_.empty()) throw ConfigError("a split has no part: nothing would move");
    if (!(std::isfinite(step) && step > 0.0))
      throw ConfigError("the step of a split is " + std::to_string(step) + "; it must be a positive number");
  }

  /// Cuts dt into equal steps of at most `step`.
  void advance(Ensemble& ensemble, double t, double dt, StepClock& clock, Ledger& ledger) const {
    const double steps = std::max(1.0, std::ceil(dt / step_ * (1.0 - rounding)));
    const double h = dt / steps;
    const auto count = static_cast<std::size_t>(steps);
    if (parts_.size() == 1) {
      for (std::size_t k = 0; k < count; ++k) parts_[0](ensemble, t + static_cast<double>(k) * h, h, clock, ledger);
      return;
    }
    parts_[0](ensemble, t, 0.5 * h, clock, ledger);
    for (std::size_t k = 0; k < count; ++k) {
      const double start = t + static_cast<double>(k) * h, middle = start + 0.5 * h;
      for (std::size_t part = 1; part + 1 < parts_.size(); ++part) parts_[part](ensemble, start, 0.5 * h, clock, ledger);
      parts_.back()(ensemble, start, h, clock, ledger);
      for (std::size_t part = parts_.size() - 1; part-- > 1;) parts_[part](ensemble, middle, 0.5 * h, clock, ledger);
      parts_[0](ensemble, middle, k + 1 < count ? h : 0.5 * h, clock, ledger);
    }
  }

 private:
  /// dt may be a whole number of steps but for rounding.
  static constexpr double rounding = 1e-12;

  std::vector<Part> parts_;
  double step_;
};

/// A kernel as a part of a split of ensembles of this type.
template <class Ensemble, Kernel<Ensemble> K>
typename SymmetricSplit<Ensemble>::Part part(K kernel) {
  return [kernel = std::move(kernel)](Ensemble& ensemble, double t, double dt, StepClock& clock, Ledger& ledger) mutable {
    kernel.advance(ensemble, t, dt, clock, ledger);
  };
}

}  // namespace powerstroke
