#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "powerstroke/engine/state/momenta.hpp"
#include "powerstroke/kernels/initial_state.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"

using namespace powerstroke;

TEST_CASE(
    "momenta are recoverable from an energy-space ensemble, and strokes change their magnitude "
    "alone") {
  constexpr double mass = 0.7;
  const auto square = [](const Vector& p) { return p[0] * p[0] + p[1] * p[1] + p[2] * p[2]; };
  for (const Directions& directions :
       {Directions{1, 3, {}}, Directions{2, 3, {}}, Directions{3, 3, {}},
        Directions{3, 3, Vector{0.6, 0.0, -0.8}}}) {
    CAPTURE(directions.dimension);
    LadderEnsemble ensemble = initial_ensemble({laws::ExponentialEnergy{2.0}}, 0.5, 2000, 3);
    std::vector<Vector> before;
    for (std::size_t i = 0; i < ensemble.size(); ++i)
      before.push_back(momentum(ensemble.view(), i, mass, directions));
    StepClock clock;
    Ledger ledger;
    PoissonStrokes({0.5, 0.9, 1.0}, 3).advance(ensemble, 0.0, 5.0, clock, ledger);
    std::size_t moved = 0;
    for (std::size_t i = 0; i < ensemble.size(); ++i) {
      const Vector p = momentum(ensemble.view(), i, mass, directions);
      CHECK(square(p) / (2.0 * mass) == doctest::Approx(ensemble.view().energy(i)).epsilon(1e-14));
      const double scale = std::sqrt(square(p) / square(before[i]));
      for (std::size_t axis = 0; axis < 3; ++axis)
        CHECK(p[axis] == doctest::Approx(scale * before[i][axis]).epsilon(1e-13));
      moved += scale != 1.0 ? 1U : 0U;
    }
    CHECK(moved > ensemble.size() / 2);
  }
}
