#pragma once

#include <cstddef>
#include <vector>

#include "powerstroke/analysis/theory/populations.hpp"
#include "powerstroke/kernels/laws/stroke_law.hpp"

namespace powerstroke::theory {

/// Whether a transition of a law can make strokes at all.
bool is_active(const laws::StrokeLaw& law, const laws::Transition& transition);

/// The ladders that the strokes of a law connect: the levels of one offset that differ by multiples
/// of the strides' common divisor. Each keeps the probability that it had at the start; in the
/// stationary state of inverse temperature beta it is shared out by weights E^s exp(-beta E), s the
/// exponent of the rates law's density of states.
class ConnectedLadders {
 public:
  /// @param start must outlive this.
  ConnectedLadders(const Populations& start, const laws::StrokeLaw& law);

  /// Mean energy with all on the lowest level >= 0 of their ladders; those at rest who never take
  /// up energy have none.
  double lowest_energy() const;
  /// Mean energy in the stationary state, less the lowest.
  double excess_energy(double beta) const;
  /// The stationary state. @param tail about what may be left above the top.
  /// @throws NumericsError if the grid would need more than 2^23 numbers, of which each is an
  /// exponential.
  Populations populations(double beta, double tail) const;

 private:
  double energy(std::size_t node, std::size_t level) const;
  double weight(std::size_t node, std::size_t lowest, std::size_t level, double beta) const;
  double excess_energy(std::size_t node, std::size_t lowest, double levels, double beta) const;
  double rest_of_sum(double energy, double exponent, double beta) const;
  double occupied(double beta, double tail) const;

  /// Sum of mass * f(node, lowest level) over the ladders.
  template <class Function>
  double sum(Function f) const {
    double total = 0.0;
    for (std::size_t node = 0; node < grid_.nodes(); ++node)
      for (std::size_t lowest = 0; lowest < step_; ++lowest)
        if (const double mass = mass_[node * step_ + lowest]; mass != 0.0)
          total += mass * f(node, lowest);
    return total;
  }

  const OffsetGrid& grid_;
  double exponent_;
  std::size_t step_ = 0;         ///< between the levels of a ladder
  std::vector<double> mass_;     ///< [node * step + lowest level]
  std::vector<double> at_rest_;  ///< [node], what stays on level -1
};

}  // namespace powerstroke::theory
