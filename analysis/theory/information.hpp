#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "powerstroke/analysis/theory/master_equation.hpp"

namespace powerstroke::theory {

/// Prob(offset in ((c, c+1] / cells), level), [c * levels + level + 1].
std::vector<double> cell_probabilities(const Populations& populations, std::uint32_t cells);

/// Shannon information between a particle's energy at the start and at t, both as cells of the
/// ladder: each step is cut into equal cells of the offset, aligned with it. In nats.
struct Information {
  double mutual;         ///< I(E_0; E_t)
  double start_entropy;  ///< H(E_0), of the cells
  double entropy;        ///< H(E_t)
  double carried;        ///< H(cell of the offset), which no stroke changes: I is never less
};

/// The exact I(E_0; E_t) under given rates: one master equation for the particles of each starting
/// level, so that any rates law and any transitions will do.
///
/// What a particle forgets is H(E_0|E_t) = H(E_0) - I, and what is new to it is H(E_t|E_0) = H(E_t)
/// - I, so that
///     H(E_t) - H(E_0) = H(E_t|E_0) - H(E_0|E_t):
/// the entropy rises by what the strokes add less what they make it forget, not by the latter
/// alone. I falls as t grows; with constant rates that connect all levels it ends at `carried`.
class InformationEquation {
 public:
  /// @param law whose rates are numbers. @param cells a step of the ladder. @param tolerance of
  /// each level's equation.
  InformationEquation(const Populations& start, const laws::StrokeLaw& law, std::uint32_t cells,
                      double tolerance = 1e-12);

  /// Up to time t, not before the present.
  void advance(double t);
  Information information() const;

 private:
  struct Start {
    std::vector<double> probability;  ///< [cell], of starting there on this level
    MasterEquation equation;          ///< of the particles that did, normalised
    double mass;                      ///< their probability
  };

  std::uint32_t cells_;
  std::vector<Start> starts_;
};

}  // namespace powerstroke::theory
