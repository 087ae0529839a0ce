#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/kernels/flight.hpp"
#include "powerstroke/kernels/initial_phase.hpp"
#include "powerstroke/kernels/kick.hpp"
#include "powerstroke/kernels/langevin_bath.hpp"
#include "powerstroke/kernels/phase_split.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "powerstroke/kernels/species_kernel.hpp"
#include "support/phase_law.hpp"

using namespace powerstroke;
using test_support::PhaseFit;
using test_support::PhaseLaw;

/// Strokes and drift, (16): what they leave alone and where they end, (17), and what is found if
/// the strokes are wrong.
namespace {

constexpr double mass = 1.7, temperature = 1.3, delta_e = 1.0, rate_down = 1.0;

using Split = PhaseSplit;
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
          laws::Given{}};
}

Part strokes(const laws::StrokeLaw& law, std::uint64_t seed = 7) {
  return phase_part(SpeciesKernel(PoissonStrokes(law, seed), 0));
}

PhaseEnsemble start(const Well& well, int dimension, std::size_t particles,
                    const laws::EnergyLaw& energy, const laws::PositionLaw& position) {
  PhaseEnsemble ensemble(dimension, {{particles, mass}});
  start_species(ensemble, 0, {energy, {}, {position, position, position}}, well.potential, {}, 0.0,
                3);
  return ensemble;
}

PhaseEnsemble equilibrium(const Well& well, int dimension, std::size_t particles) {
  return start(well, dimension, particles, {laws::MaxwellBoltzmannEnergy{temperature, dimension}},
               laws::BoltzmannPosition{temperature});
}

/// On one thread: many short steps, which other work on the machine would hold up at every one.
void run(PhaseEnsemble& ensemble, const Well& well, const Part& first, double t) {
  const parallel::Threads one_thread(1);
  StepClock clock;
  Ledger ledger;
  Split({first, phase_part(Kick(well.potential)), phase_part(Flight())}, well.step)
      .advance(ensemble, 0.0, t, clock, ledger);
}

PhaseFit fit(const PhaseEnsemble& ensemble, const Well& well) {
  return PhaseLaw(well.potential, temperature, well.reach).fit(ensemble.view(0));
}

std::string text(const PhaseFit& f) {
  const auto number = [](double x) { return std::to_string(x); };
  return "p-values: x " + number(f.position) + ", p " + number(f.momentum) + ", joint " +
         number(f.joint) + "; <E_kin> " + number(f.mean_kinetic) + " (" + number(f.kinetic) +
         " errors), <V> " + number(f.mean_potential) + " (" + number(f.potential) +
         " errors); total variation of x " + number(f.position_distance) + ", of |p| " +
         number(f.momentum_distance);
}

/// Equilibrium, several 1/w later.
PhaseFit kept(const Well& well, int dimension, const laws::StrokeLaw& law, std::size_t particles,
              double t = 5.0) {
  PhaseEnsemble ensemble = equilibrium(well, dimension, particles);
  run(ensemble, well, strokes(law), t);
  const PhaseFit result = fit(ensemble, well);
  MESSAGE(well.name, ", d = ", dimension, ": ", text(result));
  return result;
}

}  // namespace

TEST_CASE(
    "strokes and drift: thermal, microreversible strokes leave exp(-(p^2/2m + V)/T) alone, d = 1 "
    "and 3") {
  constexpr std::size_t particles = 40'000;
  for (const Well& well : {harmonic, double_well})
    for (const int dimension : {1, 3}) {
      CAPTURE(well.name);
      CAPTURE(dimension);
      // What the step adds to a chi-square statistic is far below its scatter, sqrt(2 dof) = 11 or
      // more.
      CHECK(PhaseLaw(well.potential, temperature, well.reach)
                .noncentrality(mass, well.step, static_cast<double>(particles) * dimension) < 0.5);
      CHECK(kept(well, dimension, thermal(laws::Microreversible(dimension)), particles).passes(4));
    }
}

TEST_CASE("strokes and drift: wrong strokes are found by the same test") {
  for (const Well& well : {harmonic, double_well}) {
    CHECK_FALSE(kept(well, 3, thermal(laws::Constant()), 10'000).passes(10));
    CHECK_FALSE(kept(well, 3, thermal(laws::Microreversible(1)), 10'000).passes(10));
    CHECK_FALSE(kept(well, 3, thermal(laws::Microreversible(3), 1.05), 160'000).passes(10));
    CHECK_FALSE(kept(well, 1, thermal(laws::Constant()), 10'000).passes(10));
    CHECK_FALSE(kept(well, 1, thermal(laws::Microreversible(3)), 10'000).passes(10));
  }
}

TEST_CASE(
    "strokes of constant rates, d = 3: a free gas keeps exp(-p^2/(2 m T))/p, not "
    "Maxwell-Boltzmann") {
  // exp(-E/T)/T of the kinetic energy, over the density of states sqrt(E).
  constexpr std::size_t particles = 60'000, bins = 40;
  const Well free{"free", laws::Free{}, 1.0, 1.0};
  PhaseEnsemble ensemble =
      start(free, 3, particles, {laws::ExponentialEnergy{temperature}}, laws::PointPosition{});
  run(ensemble, free, strokes(thermal(laws::Constant())), 8.0);
  std::vector<std::uint64_t> counts(bins, 0);
  std::vector<double> constant, maxwell;
  const boost::math::gamma_distribution<double> gamma(1.5, temperature);
  const double width = 8.0 / bins;
  for (std::size_t k = 0; k < bins; ++k) {
    const double low = width * static_cast<double>(k), high = low + width;
    constant.push_back(std::exp(-low * low / (2.0 * mass * temperature)) -
                       std::exp(-high * high / (2.0 * mass * temperature)));
    maxwell.push_back(cdf(gamma, high * high / (2.0 * mass)) -
                      cdf(gamma, low * low / (2.0 * mass)));
  }
  for (std::size_t i = 0; i < particles; ++i) {
    const double p = std::sqrt(2.0 * mass * ensemble.kinetic_energy(0, i));
    if (const auto k = static_cast<std::size_t>(p / width); k < bins) ++counts[k];
  }
  CHECK(analysis::chi_square(counts, constant, particles).p_value > test_support::false_alarm_rate);
  CHECK(analysis::chi_square(counts, maxwell, particles).p_value < test_support::false_alarm_rate);
  MESSAGE("total variation of |p| to Maxwell-Boltzmann: ",
          analysis::total_variation(constant, maxwell));
}

TEST_CASE(
    "strokes and drift: at any step of Verlet, a harmonic well has the law of a well softer by "
    "omega^2 h^2/4") {
  // Verlet keeps p^2/2m + (1 - omega^2 h^2/4) k x^2/2 as it is, and volumes; strokes keep
  // exp(-p^2/(2 m T)) at each x. So the split's own stationary law is exact, and its error is of
  // second order.
  constexpr std::size_t particles = 40'000;
  constexpr double stiffness = 2.3;
  for (const double step : {1.0, 0.5}) {
    const double softer = stiffness * (1.0 - stiffness / mass * step * step / 4.0);
    for (const int dimension : {1, 3}) {
      const Well law{"softer", laws::Harmonic{softer}, 3.5, step},
          used{"harmonic", laws::Harmonic{stiffness}, 3.5, step};
      PhaseEnsemble ensemble = equilibrium(law, dimension, particles);
      run(ensemble, used, strokes(thermal(laws::Microreversible(dimension))), 10.0);
      MESSAGE("h = ", step, ", d = ", dimension, ", the softer well: ", text(fit(ensemble, law)));
      CHECK(fit(ensemble, law).passes(8));
      CHECK_FALSE(fit(ensemble, used).passes(8));
    }
  }
}

TEST_CASE(
    "strokes and drift: with one delta_e, H modulo delta_e is an invariant, and a start at one H "
    "stays on its ladder") {
  for (const Well& well : {harmonic, double_well}) {
    PhaseEnsemble ensemble =
        start(well, 1, 2000, {laws::DeltaEnergy{0.3}}, laws::PointPosition{0.9});
    const auto energy = [&](std::size_t i) {
      return ensemble.kinetic_energy(0, i) +
             laws::potential_energy(well.potential, {ensemble.positions(0)[i]}, 1, 0.0);
    };
    const double first = energy(0);
    run(ensemble, well, strokes(thermal(laws::Microreversible(1))), 40.0);
    double square = 0.0;
    for (std::size_t i = 0; i < ensemble.size(); ++i) {
      const double off = std::remainder(energy(i) - first, delta_e);
      square += off * off / static_cast<double>(ensemble.size());
    }
    MESSAGE(well.name, ": H modulo delta_e off by ", std::sqrt(square), " (rms)");
    // Uniform on [-1/2, 1/2] if it were forgotten: 0.289. What there is comes from the energy error
    // of Verlet.
    CHECK(std::sqrt(square) < 0.05 * delta_e);
    CHECK_FALSE(fit(ensemble, well).passes());
  }
}

namespace {

/// From a start far away, by strokes and by friction and noise. Two thresholds without a common
/// measure, so that no H modulo delta_e stays.
void check_both_ends(const Well& well) {
  constexpr std::size_t particles = 15'000;
  constexpr double t = 40.0, second = 0.6180339887;
  for (const int dimension : {1, 3}) {
    CAPTURE(dimension);
    laws::StrokeLaw law = thermal(laws::Microreversible(dimension));
    law.transitions.push_back(
        {second, laws::thermal_rate_up(rate_down, second, temperature), rate_down});
    Well coarse = well;
    coarse.step *= 2.0;
    const auto end = [&](const Part& process) {
      PhaseEnsemble ensemble = start(well, dimension, particles, {laws::DeltaEnergy{0.3}},
                                     laws::NormalPosition{0.0, 0.3});
      CHECK_FALSE(fit(ensemble, well).passes(6));
      run(ensemble, coarse, process, t);
      return fit(ensemble, well);
    };
    const PhaseFit by_strokes = end(strokes(law)),
                   by_noise = end(phase_part(LangevinBath(0.6, temperature, 9)));
    MESSAGE(well.name, ", d = ", dimension, ", strokes: ", text(by_strokes));
    MESSAGE(well.name, ", d = ", dimension, ", noise: ", text(by_noise));
    CHECK(by_strokes.passes(6));
    CHECK(by_noise.passes(6));
  }
}

}  // namespace

TEST_CASE(
    "strokes and drift, or friction and noise: from the same start, both end in the same law of a "
    "harmonic well") {
  check_both_ends(harmonic);
}

TEST_CASE(
    "strokes and drift, or friction and noise: from the same start, both end in the same law of a "
    "double well") {
  check_both_ends(double_well);
}
