#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "powerstroke/engine/run/split.hpp"
#include "powerstroke/kernels/flight.hpp"
#include "powerstroke/kernels/initial_phase.hpp"
#include "powerstroke/kernels/kick.hpp"
#include "powerstroke/kernels/langevin_bath.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "powerstroke/kernels/species_kernel.hpp"
#include "support/phase_law.hpp"

using namespace powerstroke;
using test_support::PhaseFit;
using test_support::PhaseLaw;

/// Strokes and drift, (16): what they leave alone and where they end, (17), and what is found if the strokes are wrong.
namespace {

constexpr double mass = 1.7, temperature = 1.3, delta_e = 1.0, rate_down = 1.0;

using Split = SymmetricSplit<PhaseEnsemble>;
using Part = Split::Part;

struct Well {
  std::string name;
  laws::AnyPotential potential;
  double reach, step;
};
const Well harmonic{"harmonic", laws::Harmonic{2.3}, 3.0, 0.05};
const Well double_well{"double well", laws::DoubleWell{1.3, 1.0}, 1.9, 0.03};

laws::StrokeLaw thermal(laws::AnyRates rates, double wrong = 1.0) {
  return {{{delta_e, wrong * laws::thermal_rate_up(rate_down, delta_e, temperature), rate_down}},
          rates,
          laws::Closure::given,
          {}};
}

Part strokes(const laws::StrokeLaw& law, std::uint64_t seed = 7) {
  return part<PhaseEnsemble>(SpeciesKernel(PoissonStrokes(law, seed), 0));
}

PhaseEnsemble start(const Well& well, int dimension, std::size_t particles, const laws::EnergyLaw& energy,
                    const laws::PositionLaw& position) {
  PhaseEnsemble ensemble(dimension, {{particles, mass}});
  start_species(ensemble, 0, {energy, {}, {position, position, position}}, well.potential, {}, 0.0, 3);
  return ensemble;
}

PhaseEnsemble equilibrium(const Well& well, int dimension, std::size_t particles) {
  return start(well, dimension, particles, {laws::MaxwellBoltzmannEnergy{temperature, dimension}},
               laws::BoltzmannPosition{temperature});
}

void run(PhaseEnsemble& ensemble, const Well& well, const Part& first, double t) {
  StepClock clock;
  Ledger ledger;
  Split({first, part<PhaseEnsemble>(Kick(well.potential)), part<PhaseEnsemble>(Flight())}, well.step)
      .advance(ensemble, 0.0, t, clock, ledger);
}

PhaseFit fit(const PhaseEnsemble& ensemble, const Well& well) {
  return PhaseLaw(well.potential, temperature, well.reach).fit(ensemble.view(0));
}

std::string text(const PhaseFit& f) {
  const auto number = [](double x) { return std::to_string(x); };
  return "p-values: x " + number(f.position) + ", p " + number(f.momentum) + ", joint " + number(f.joint) + "; <E_kin> " +
         number(f.mean_kinetic) + " (" + number(f.kinetic) + " errors), <V> " + number(f.mean_potential) + " (" +
         number(f.potential) + " errors); total variation of x " + number(f.position_distance) + ", of |p| " +
         number(f.momentum_distance);
}

/// Equilibrium, several 1/w later.
PhaseFit kept(const Well& well, int dimension, const laws::StrokeLaw& law, std::size_t particles, double t = 5.0) {
  PhaseEnsemble ensemble = equilibrium(well, dimension, particles);
  run(ensemble, well, strokes(law), t);
  const PhaseFit result = fit(ensemble, well);
  MESSAGE(well.name, ", d = ", dimension, ": ", text(result));
  return result;
}

}  // namespace

TEST_CASE("strokes and drift: thermal, microreversible strokes leave exp(-(p^2/2m + V)/T) alone, d = 1 and 3") {
  constexpr std::size_t particles = 40'000;
  for (const Well& well : {harmonic, double_well})
    for (const int dimension : {1, 3}) {
      CAPTURE(well.name);
      CAPTURE(dimension);
      // What the step adds to a chi-square statistic is far below its scatter, sqrt(2 dof) = 11 or more.
      CHECK(PhaseLaw(well.potential, temperature, well.reach)
                .noncentrality(mass, well.step, static_cast<double>(particles) * dimension) < 0.5);
      CHECK(kept(well, dimension, thermal(laws::Microreversible(dimension)), particles).passes(4));
    }
}

TEST_CASE("strokes and drift: wrong strokes are found by the same test") {
  constexpr std::size_t particles = 40'000;
  for (const Well& well : {harmonic, double_well}) {
    CHECK_FALSE(kept(well, 3, thermal(laws::Constant()), particles).passes(10));
    CHECK_FALSE(kept(well, 3, thermal(laws::Microreversible(3), 1.05), particles).passes(10));
    CHECK_FALSE(kept(well, 1, thermal(laws::Constant()), particles).passes(10));
    CHECK_FALSE(kept(well, 1, thermal(laws::Microreversible(3)), particles).passes(10));
    CHECK_FALSE(kept(well, 3, thermal(laws::Microreversible(1)), particles).passes(10));
  }
}
