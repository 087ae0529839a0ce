#include "powerstroke/kernels/recorded.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <utility>
#include <vector>

#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/kernels/flight.hpp"
#include "powerstroke/kernels/initial_phase.hpp"
#include "powerstroke/kernels/kick.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "powerstroke/kernels/species_kernel.hpp"

using namespace powerstroke;

namespace {

constexpr double delta_e = 0.75;  // its multiples are exact
const laws::AnyPotential trap = laws::Trap{{2.0, 3.0, 0.0, 1.0}, {0.0, 1.0, 0.0, 1.0}};

PhaseEnsemble two_species() {
  PhaseEnsemble ensemble(2, {{3000, 1.0}, {5000, 2.5}});
  const laws::BoltzmannPosition place{1.0};
  for (std::size_t species = 0; species < 2; ++species)
    start_species(ensemble, species, {{laws::MaxwellBoltzmannEnergy{1.0, 2}}, {}, {place, place}},
                  trap, {}, 0.0, 3);
  return ensemble;
}

PhasePart strokes_on(std::size_t species) {
  return phase_part(SpeciesKernel(PoissonStrokes({delta_e, 1.0, 2.0}, 3), species));
}

struct Driven {
  PhaseEnsemble ensemble = two_species();
  std::vector<double> start, work;
  Ledger ledger;
};

Driven driven() {
  Driven run;
  run.ensemble.record_heat();
  run.start = total_energies(run.ensemble, trap, 0.0);
  PhaseSplit split({recorded(strokes_on(0)), recorded(strokes_on(1)), phase_part(Kick(trap)),
                    phase_part(Flight())},
                   0.1);
  StepClock clock;
  split.advance(run.ensemble, 0.0, 1.0, clock, run.ledger);
  run.work = works(run.ensemble, trap, 1.0, run.start);
  return run;
}

}  // namespace

TEST_CASE(
    "the heat of all particles is what the ledger says the strokes gave, and each one's is whole "
    "strokes") {
  const Driven run = driven();
  double sum = 0.0;
  for (const double heat : run.ensemble.heats()) {
    sum += heat;
    // A few dozen roundings of energies of at most a few tens.
    CHECK(heat / delta_e == doctest::Approx(std::round(heat / delta_e)).epsilon(1e-12).scale(1.0));
  }
  REQUIRE(run.ledger.strokes() > 5000);
  CHECK(sum == doctest::Approx(delta_e * static_cast<double>(run.ledger.net_quanta()))
                   .epsilon(1e-11)
                   .scale(1000.0));
}

TEST_CASE("work and heat are all of the change of a particle's energy") {
  const Driven run = driven();
  const std::vector<double> end = total_energies(run.ensemble, trap, 1.0);
  for (std::size_t i = 0; i < end.size(); i += 97)
    CHECK(run.start[i] + run.work[i] + run.ensemble.heats()[i] ==
          doctest::Approx(end[i]).epsilon(1e-13).scale(10.0));
}

TEST_CASE("H of a particle by hand") {
  PhaseEnsemble ensemble(2, {{1, 1.0}, {1, 2.0}});
  ensemble.positions(0)[1] = 3.0;
  ensemble.momenta(1)[1] = 4.0;
  const std::vector<double> energies = total_energies(ensemble, trap, 0.5);  // k = 2.5, c = 0.5
  CHECK(energies[0] == doctest::Approx(2.0 * 0.5 * 2.5 * 0.25));
  CHECK(energies[1] == doctest::Approx(4.0 + 0.5 * 2.5 * (6.25 + 0.25)));
}

TEST_CASE("what is recorded moves the ensemble as it would unrecorded") {
  PhaseEnsemble plain = two_species(), silent = two_species();
  StepClock clock_a, clock_b;
  Ledger ledger;
  strokes_on(1)(plain, 0.0, 1.0, clock_a, ledger);
  recorded(strokes_on(1))(silent, 0.0, 1.0, clock_b, ledger);
  CHECK(silent.heats().empty());
  for (std::size_t i = 0; i < plain.size(); i += 7)
    CHECK(plain.momenta(1)[i] == silent.momenta(1)[i]);
}

TEST_CASE("heat and work have the same bits for any number of threads") {
  const parallel::Threads one_thread(1);
  const Driven one = driven();
  for (const int threads : {2, 4, 8}) {
    const parallel::Threads scope(threads);
    const Driven many = driven();
    CHECK(many.work == one.work);
    CHECK(std::equal(many.ensemble.heats().begin(), many.ensemble.heats().end(),
                     one.ensemble.heats().begin()));
  }
}
