#include "powerstroke/engine/state/ladder_ensemble.hpp"

#include <doctest/doctest.h>

using namespace powerstroke;

TEST_CASE("an ensemble holds the energies it was given and strokes move them by whole quanta") {
  LadderEnsemble ensemble(0.5, 3);
  CHECK(ensemble.size() == 3);
  CHECK(ensemble.spacing() == 0.5);
  ensemble.set_energy(0, 0.0);
  ensemble.set_energy(1, 0.5);
  ensemble.set_energy(2, 1.75);
  CHECK(ensemble.view().energy(0) == 0.0);
  CHECK(ensemble.view().energy(1) == 0.5);
  CHECK(ensemble.view().energy(2) == 1.75);
  ensemble.levels()[0] += 2;
  ensemble.levels()[2] -= 1;
  CHECK(ensemble.view().energy(0) == 1.0);
  CHECK(ensemble.view().energy(2) == 1.25);
}

TEST_CASE("a part of a view is the particles of its range") {
  LadderEnsemble ensemble(2.0, 10);
  for (std::size_t i = 0; i < 10; ++i) ensemble.set_energy(i, 0.25 + static_cast<double>(i));
  const LadderView part = ensemble.view().part(3, 7);
  REQUIRE(part.size() == 4);
  CHECK(part.spacing == 2.0);
  for (std::size_t i = 0; i < 4; ++i) CHECK(part.energy(i) == 3.25 + static_cast<double>(i));
  CHECK(ensemble.view().part(10, 10).size() == 0);
}
