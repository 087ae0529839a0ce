#include "powerstroke/engine/state/phase_ensemble.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "powerstroke/engine/core/error.hpp"

using namespace powerstroke;

TEST_CASE("species lie one after the other, and views see their part alone") {
  PhaseEnsemble ensemble(2, {{3, 1.0}, {2, 4.0}});
  CHECK(ensemble.size() == 5);
  CHECK(ensemble.first(1) == 3);
  CHECK(ensemble.last(1) == 5);
  CHECK(ensemble.species_of(2) == 0);
  CHECK(ensemble.species_of(3) == 1);
  ensemble.momenta(1)[4] = 4.0;
  ensemble.positions(0)[3] = 7.0;
  const MomentumView momenta = ensemble.momentum_view(1);
  CHECK(momenta.size() == 2);
  CHECK(momenta.first_id() == 3);
  CHECK(momenta.energy(1) == 2.0);
  CHECK(ensemble.view(1).kinetic_energy(1) == 2.0);
  CHECK(ensemble.kinetic_energy(1, 4) == 2.0);
  CHECK(ensemble.view(1).position_of(0)[0] == 7.0);
  ensemble.reverse();
  CHECK(ensemble.momenta(1)[4] == -4.0);
}

TEST_CASE("an ensemble in phase space refuses what it cannot hold") {
  CHECK_THROWS_AS(PhaseEnsemble(4, {{1, 1.0}}), ConfigError);
  CHECK_THROWS_AS(PhaseEnsemble(1, {}), ConfigError);
  CHECK_THROWS_AS(PhaseEnsemble(1, {{1, 0.0}}), ConfigError);
  CHECK_THROWS_AS(PhaseEnsemble(1, {{1, std::numeric_limits<double>::infinity()}}), ConfigError);
}
