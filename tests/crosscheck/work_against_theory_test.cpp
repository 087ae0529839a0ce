#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "powerstroke/analysis/theory/trap_work.hpp"
#include "powerstroke/analysis/work_theorems.hpp"
#include "powerstroke/kernels/flight.hpp"
#include "powerstroke/kernels/initial_phase.hpp"
#include "powerstroke/kernels/kick.hpp"
#include "powerstroke/kernels/laws/balance.hpp"
#include "powerstroke/kernels/phase_split.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "powerstroke/kernels/recorded.hpp"
#include "powerstroke/kernels/species_kernel.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;
using test_support::false_alarm_rate;
using test_support::largest_deviate;

/// Harmonic traps that are dragged and stiffened while strokes act. The protocols dissipate at most
/// T/2, so that the weights exp(-W/T), about lognormal, have a variance of less than twice their
/// mean squared and a skewness of about 6: that of the mean of 50,000 is 0.03, which at 5
/// deviations makes one tail half as large again as the normal one. The bounds are for half the
/// rate of false alarms.
namespace {

constexpr double temperature = 1.2, delta_e = 1.0, mass = 1.3, duration = 2.0;

struct Case {
  std::string name;
  int dimension;
  laws::Trap trap;
  double step;
};

laws::Trap dragged(double distance) { return {{2.0, 2.0}, {0.0, distance, 0.0, duration}}; }
laws::Trap stiffened(double to) { return {{1.0, to, 0.0, duration}, {0.3, 0.3}}; }
laws::Trap reversed(const laws::Trap& trap) {
  const auto back = [](const laws::Ramp& ramp) {
    return laws::Ramp{ramp.to, ramp.from, duration - ramp.end, duration - ramp.start};
  };
  return {back(trap.stiffness), back(trap.centre)};
}
double free_energy(const Case& c) {
  return theory::trap_free_energy(c.dimension, temperature, c.trap.stiffness.from,
                                  c.trap.stiffness.to);
}

/// With steps of a quarter of a radian of the trap's motion, and with such as are far too long for
/// it, whose shadow work is part of the work.
std::vector<Case> cases() {
  return {{"dragged d = 1", 1, dragged(1.0), 0.2},
          {"dragged d = 1 at a coarse step", 1, dragged(1.0), 1.0},
          {"dragged d = 3", 3, dragged(0.6), 0.2},
          {"stiffened d = 1", 1, stiffened(4.0), 0.2},
          {"stiffened d = 3", 3, stiffened(2.0), 0.2},
          {"stiffened d = 3 at a coarse step", 3, stiffened(2.0), 0.5}};
}

laws::StrokeLaw thermal(const laws::AnyRates& rates, double uptake_factor = 1.0,
                        double rate = 3.0) {
  return {{{delta_e, uptake_factor * laws::thermal_rate_up(rate, delta_e, temperature), rate}},
          rates,
          laws::Given{}};
}

/// The works of trajectories from equilibrium.
std::vector<double> driven(const Case& c, const laws::Trap& trap, const laws::StrokeLaw& law,
                           std::size_t count, std::uint64_t seed) {
  PhaseEnsemble ensemble(c.dimension, {{count, mass}});
  const laws::BoltzmannPosition place{temperature};
  start_species(
      ensemble, 0,
      {{laws::MaxwellBoltzmannEnergy{temperature, c.dimension}}, {}, {place, place, place}}, trap,
      {}, 0.0, seed);
  ensemble.record_heat();
  const std::vector<double> start = total_energies(ensemble, trap, 0.0);
  PhaseSplit split({recorded(phase_part(SpeciesKernel(PoissonStrokes(law, seed), 0))),
                    phase_part(Kick(trap)), phase_part(Flight())},
                   c.step);
  StepClock clock;
  Ledger ledger;
  split.advance(ensemble, 0.0, duration, clock, ledger);
  return works(ensemble, trap, duration, start);
}

double deviate(const analysis::Estimate& estimate, double truth) {
  return (estimate.value - truth) / estimate.error;
}

constexpr std::size_t particles = 50'000;

}  // namespace

TEST_CASE(
    "exp(-W/T) of driven traps under thermal microreversible strokes averages to exp(-DeltaF/T), "
    "at any step") {
  const int checks = 2 * static_cast<int>(cases().size());
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    const std::vector<double> work =
        driven(c, c.trap, thermal(laws::Microreversible(c.dimension)), particles, 7);
    const analysis::Jarzynski j = analysis::jarzynski(work, temperature);
    CHECK(j.is_trusted);
    const analysis::Estimate average =
        analysis::exponential_average(work, free_energy(c), temperature);
    MESSAGE(c.name << ": W " << analysis::mean_work(work).value << " dF " << free_energy(c)
                   << " average " << average.value << " +- " << average.error << " ESS "
                   << j.effective_samples);
    CHECK(std::abs(deviate(average, 1.0)) < largest_deviate(checks));
  }
}

TEST_CASE(
    "Crooks and the acceptance ratio hold for driven traps and their time-reversed protocols") {
  const int checks = 8 * static_cast<int>(cases().size());
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    const laws::StrokeLaw law = thermal(laws::Microreversible(c.dimension));
    const std::vector<double> forward = driven(c, c.trap, law, particles, 8),
                              reverse = driven(c, reversed(c.trap), law, particles, 9);
    const analysis::AcceptanceRatio ratio =
        analysis::acceptance_ratio(forward, reverse, temperature);
    CHECK(ratio.is_trusted);
    CHECK(std::abs(deviate(ratio.delta_f, free_energy(c))) < largest_deviate(checks));
    const analysis::Crooks fit = analysis::crooks(forward, reverse);
    REQUIRE(fit.line);
    MESSAGE(c.name << ": BAR " << ratio.delta_f.value << " +- " << ratio.delta_f.error
                   << " slope*T " << fit.line->slope * temperature << " +- "
                   << fit.line->slope_error * temperature);
    CHECK(std::abs(deviate({fit.line->slope, fit.line->slope_error}, 1.0 / temperature)) <
          largest_deviate(checks));
    CHECK(std::abs(deviate(fit.delta_f, free_energy(c))) < largest_deviate(checks));
    CHECK(fit.line->p_value > false_alarm_rate / checks);
  }
}

TEST_CASE("constant rates in d = 3, and uptakes 5 % too many, break the theorem") {
  // Two relaxation times of a strong bath: enough for the wrong one to be felt.
  const Case c{"stiffened d = 3", 3, stiffened(3.0), 0.5};
  const auto deviate_of = [&](const laws::StrokeLaw& law) {
    const std::vector<double> work = driven(c, c.trap, law, 2 * particles, 10);
    const analysis::Estimate average =
        analysis::exponential_average(work, free_energy(c), temperature);
    MESSAGE(average.value << " +- " << average.error << " z " << deviate(average, 1.0));
    return std::abs(deviate(average, 1.0));
  };
  constexpr double strong = 10.0;
  CHECK(deviate_of(thermal(laws::Microreversible(3), 1.0, strong)) < largest_deviate(2));
  CHECK(deviate_of(thermal(laws::Microreversible(3), 1.05, strong)) > largest_deviate(2));
  CHECK(deviate_of(thermal(laws::Constant{}, 1.0, strong)) > largest_deviate(2));
}

TEST_CASE(
    "a trap dragged without strokes: mean and variance of its work are those of a swinging "
    "particle") {
  constexpr double distance = 0.9, stiffness = 2.0, step = 0.01;
  for (const int dimension : {1, 3}) {
    const Case c{"isolated", dimension, dragged(distance), step};
    const std::vector<double> work =
        driven(c, c.trap, thermal(laws::Constant{}, 0.0, 0.0), 20'000, 11);
    const double mean =
        dimension * theory::isolated_drag_work(mass, stiffness, distance / duration, duration);
    const analysis::Estimate found = analysis::mean_work(work);
    // Verlet's error of the frequency is (omega step)^2/24 of it, 1e-5, and less than that of the
    // work.
    CHECK(std::abs(deviate(found, mean)) < largest_deviate(4));
    const double n = static_cast<double>(work.size()), variance = n * found.error * found.error;
    CHECK(std::abs(variance / (2.0 * temperature * mean) - 1.0) <
          largest_deviate(4) * std::sqrt(2.0 / n));
  }
}
