#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "powerstroke/kernels/laws/stroke_law.hpp"

namespace powerstroke {

/// How far a stroke of one transition moves a particle.
struct Hop {
  double delta_e;          ///< energy of the stroke
  std::int32_t stride;     ///< in levels of the ladder; 0 where there is none
  std::size_t transition;  ///< its number in the law
};

/// The hops of a law on a ladder. @param spacing of the ladder; 0: particles keep their energies as
/// numbers.
/// @throws NumericsError if a delta_e is no whole number of spacings.
std::vector<Hop> hops(const laws::StrokeLaw& law, double spacing);

/// The spacing of the ladder that the transitions of a law share; 0 if they are incommensurate.
double common_spacing(const laws::StrokeLaw& law);

}  // namespace powerstroke
