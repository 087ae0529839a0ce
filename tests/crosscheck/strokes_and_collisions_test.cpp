#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/kernels/conserving_strokes.hpp"
#include "powerstroke/kernels/elastic_collisions.hpp"
#include "powerstroke/kernels/pair_strokes.hpp"
#include "powerstroke/kernels/phase_split.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "powerstroke/kernels/species_kernel.hpp"
#include "support/gas.hpp"
#include "support/maxwell_fit.hpp"
#include "support/replicas.hpp"

using namespace powerstroke;
using test_support::false_alarm_rate;
using test_support::maxwell_gas;

/// (18), (19): strokes and elastic collisions of a homogeneous gas together.
namespace {

constexpr double temperature = 1.5, delta_e = 1.0;

laws::StrokeLaw thermal(const laws::AnyRates& rates, double bath = temperature) {
  laws::StrokeLaw law;
  law.transitions = {{delta_e, laws::thermal_rate_up(1.0, delta_e, bath), 1.0}};
  law.rates = rates;
  return law;
}

/// Hard spheres or discs that collide a few times between two strokes.
PhasePart collisions(int dimension, double density = 1.0) {
  return phase_part(
      ElasticCollisions({{dimension == 3 ? std::numbers::inv_sqrtpi : 0.5}}, density, 11));
}

template <class K>
PhasePart strokes(K kernel, std::size_t species = 0) {
  return phase_part(SpeciesKernel<K>(std::move(kernel), species));
}

Ledger run(std::vector<PhasePart> parts, PhaseEnsemble& gas, double time) {
  StepClock clock;
  Ledger ledger;
  PhaseSplit(std::move(parts), 0.5).advance(gas, 0.0, time, clock, ledger);
  return ledger;
}

double mean_energy(const PhaseEnsemble& gas) {
  return test_support::total_energy(gas) / static_cast<double>(gas.size());
}

/// Are the energies of particles 2k and 2k+1 independent? Classes of equal probability for both.
double pair_p_value(const PhaseView& particles) {
  constexpr std::size_t classes = 8;
  std::vector<std::uint64_t> counts(classes * classes, 0);
  const auto place = [&](std::size_t i) {
    return test_support::class_of(
        test_support::maxwell_cumulative(particles.kinetic_energy(i), temperature,
                                         particles.dimension),
        classes);
  };
  for (std::size_t i = 0; i + 1 < particles.size(); i += 2)
    ++counts[classes * place(i) + place(i + 1)];
  return test_support::fit_to_equal_classes(counts).p_value;
}

/// Total variation of the energies to Maxwell-Boltzmann on bins of a twentieth of delta_e.
double distance_to_maxwell(const PhaseView& particles, double of_temperature) {
  constexpr std::size_t bins = 400;
  std::vector<std::uint64_t> counts(bins, 0);
  std::vector<double> law(bins);
  const auto below = [&](std::size_t bin) {
    return test_support::maxwell_cumulative(static_cast<double>(bin) / 20.0, of_temperature,
                                            particles.dimension);
  };
  for (std::size_t bin = 0; bin < bins; ++bin) law[bin] = below(bin + 1) - below(bin);
  for (std::size_t i = 0; i < particles.size(); ++i) {
    const auto bin = static_cast<std::size_t>(20.0 * particles.kinetic_energy(i));
    if (bin < bins) ++counts[bin];
  }
  return analysis::total_variation(counts, law, particles.size());
}

/// What total variation so many particles drawn from Maxwell-Boltzmann itself show, on the same
/// bins.
double distance_of_a_sample(std::size_t particles, double of_temperature) {
  const PhaseEnsemble sample = maxwell_gas(3, {{particles, 1.0}}, of_temperature, 77);
  return distance_to_maxwell(sample.view(0), of_temperature);
}

/// E modulo delta_e on 20 classes.
std::vector<std::uint64_t> offset_counts(const PhaseView& particles) {
  std::vector<std::uint64_t> counts(20, 0);
  for (std::size_t i = 0; i < particles.size(); ++i) {
    const double quanta = particles.kinetic_energy(i) / delta_e;
    ++counts[test_support::class_of(quanta - std::floor(quanta), 20)];
  }
  return counts;
}

/// Their probabilities of Maxwell-Boltzmann, d = 3.
std::vector<double> maxwell_offsets(double of_temperature) {
  std::vector<double> law(20, 0.0);
  for (std::size_t bin = 0; bin < 2000; ++bin) {
    const auto below = [&](std::size_t edge) {
      return test_support::maxwell_cumulative(delta_e * static_cast<double>(edge) / 20.0,
                                              of_temperature, 3);
    };
    law[bin % 20] += below(bin + 1) - below(bin);
  }
  return law;
}

PhaseEnsemble narrow_gas(std::size_t particles) {
  PhaseEnsemble gas(3, {{particles, 1.0}});
  start_species(gas, 0, {{laws::NormalEnergy{3.5, 0.2}}}, laws::Free{}, {}, 0.0, 13);
  return gas;
}

}  // namespace

TEST_CASE(
    "strokes and collisions leave the product of Maxwell-Boltzmann laws alone: one particle, "
    "pairs, constant rates caught") {
  constexpr std::size_t particles = 40'000;
  for (const int dimension : {2, 3}) {
    PhaseEnsemble gas = maxwell_gas(dimension, {{particles, 1.0}}, temperature, 12);
    const Ledger ledger =
        run({collisions(dimension),
             strokes(PoissonStrokes(thermal(laws::Microreversible(dimension)), 12))},
            gas, 6.0);
    const double p = test_support::worst_maxwell_fit(gas.view(0), temperature),
                 pairs = pair_p_value(gas.view(0));
    MESSAGE("d = ", dimension, ": p = ", p, ", of pairs ", pairs, ", strokes ", ledger.strokes(),
            ", collisions ", ledger.collisions);
    CHECK(ledger.strokes() > 2 * particles);
    CHECK(ledger.collisions > particles);
    CHECK(p > false_alarm_rate / 9.0);
    CHECK(pairs > false_alarm_rate / 9.0);
  }
  // Constant rates in d = 3: collisions keep the gas near Maxwell-Boltzmann, but of a wrong
  // temperature.
  PhaseEnsemble gas = maxwell_gas(3, {{particles, 1.0}}, temperature, 12);
  run({collisions(3), strokes(PoissonStrokes(thermal(laws::Constant{}), 12))}, gas, 20.0);
  const double p = test_support::worst_maxwell_fit(gas.view(0), temperature);
  const double own = test_support::energy_fit(gas.view(0), 2.0 / 3.0 * mean_energy(gas)).p_value;
  MESSAGE("constant rates: temperature ", 2.0 / 3.0 * mean_energy(gas), " of ", temperature,
          ", p = ", p, "; to Maxwell-Boltzmann of that temperature p = ", own, ", total variation ",
          distance_to_maxwell(gas.view(0), 2.0 / 3.0 * mean_energy(gas)), ", to the bath's ",
          distance_to_maxwell(gas.view(0), temperature));
  CHECK(p < 1e-20);
}

TEST_CASE(
    "strokes and collisions: the energy of all particles together scatters as that of independent "
    "ones") {
  // In equilibrium: variance N d/2 T^2. From one gas, seen at times far apart against its
  // relaxation, many times.
  constexpr std::size_t particles = 60;
  constexpr int looks = 2000;
  PhaseEnsemble gas = maxwell_gas(3, {{particles, 1.0}}, temperature, 12);
  test_support::Replicas energy;
  StepClock clock;
  Ledger ledger;
  const PhaseSplit split(
      {collisions(3), strokes(PoissonStrokes(thermal(laws::Microreversible(3)), 14))}, 1.0);
  for (int look = 0; look < looks; ++look) {
    split.advance(gas, 0.0, 16.0, clock, ledger);
    energy.add(test_support::total_energy(gas));
  }
  const double shape = 1.5 * particles, variance = shape * temperature * temperature;
  // The fourth central moment of a gamma law of that shape is 3 variance^2 (1 + 2/shape).
  const double error = variance * std::sqrt((2.0 + 6.0 / shape) / looks);
  MESSAGE("variance ", energy.variance(), ", of independent particles ", variance, " +- ", error,
          "; mean ", energy.mean(), " of ", shape * temperature);
  CHECK(std::abs(energy.variance() - variance) < test_support::largest_deviate(2) * error);
  CHECK(std::abs(energy.deviate(shape * temperature)) < test_support::largest_deviate(2));
}

TEST_CASE(
    "collisions mix E modulo delta_e: one delta_e reaches Maxwell-Boltzmann from a narrow start, "
    "and does not without") {
  constexpr std::size_t particles = 40'000;
  constexpr double end_temperature = 3.5 / 1.5, time = 15.0;
  const double floor = distance_of_a_sample(particles, end_temperature);
  laws::StrokeLaw conserving = thermal(laws::Microreversible(3));
  conserving.balance = laws::Conserving{};
  const auto kernels = [&](const std::string& name) {
    if (name == "conserving") return strokes(ConservingStrokes(conserving, 15));
    return strokes(PoissonStrokes(thermal(laws::Microreversible(3), end_temperature), 15));
  };
  for (const std::string name : {"thermal", "conserving"}) {
    PhaseEnsemble mixed = narrow_gas(particles), alone = mixed;
    const std::vector<std::uint64_t> offsets = offset_counts(alone.view(0));
    run({kernels(name), collisions(3)}, mixed, time);
    run({kernels(name)}, alone, time);
    const double final_temperature =
        name == "conserving" ? 2.0 / 3.0 * mean_energy(mixed) : end_temperature;
    const double p = test_support::worst_maxwell_fit(mixed.view(0), final_temperature);
    const double without = distance_to_maxwell(alone.view(0), end_temperature);
    // No less far is the law of the offsets alone.
    const std::vector<double> of_maxwell = maxwell_offsets(end_temperature);
    double least = 0.0;
    for (std::size_t k = 0; k < 20; ++k)
      least += 0.5 * std::abs(static_cast<double>(offsets[k]) / particles - of_maxwell[k]);
    MESSAGE(name, ": total variation with collisions ",
            distance_to_maxwell(mixed.view(0), end_temperature), " (a sample: ", floor,
            "), p = ", p, "; without ", without, ", its offsets alone ", least);
    CHECK(p > false_alarm_rate / 8.0);
    CHECK(offset_counts(alone.view(0)) == offsets);
    CHECK(without > least);
    CHECK(least > 0.25);
    CHECK(test_support::energy_fit(alone.view(0), end_temperature).p_value < 1e-20);
  }
}

TEST_CASE(
    "exchange of quanta with collisions: the energy of the start, to rounding, as the temperature "
    "of the end") {
  constexpr std::size_t particles = 40'000;
  PhaseEnsemble gas = narrow_gas(particles);
  const double before = test_support::total_energy(gas);
  laws::StrokeLaw law = thermal(laws::Microreversible(3));
  law.balance = laws::Exchange{};
  const Ledger ledger = run({strokes(ExchangeStrokes(law, 16)), collisions(3)}, gas, 15.0);
  const double after = test_support::total_energy(gas);
  CHECK(ledger.net_quanta() == 0);
  CHECK(ledger.strokes() > particles);
  const double roundings = 20.0 * static_cast<double>(2 * ledger.collisions + ledger.strokes()) +
                           2.0 * particles * particles;
  CHECK(std::abs(after - before) < roundings * 2.3e-16 * 2.0 * after / particles);
  CHECK(test_support::worst_maxwell_fit(gas.view(0), after / (1.5 * particles)) >
        false_alarm_rate / 4.0);
}

TEST_CASE("strokes and collisions in one split: the same bits for 1, 2, 4 and 8 threads") {
  const auto momenta = [](int threads) {
    const parallel::Threads scope(threads);
    PhaseEnsemble gas = maxwell_gas(3, {{15'000, 1.0}}, temperature, 12);
    run({strokes(PoissonStrokes(thermal(laws::Microreversible(3)), 12)), collisions(3)}, gas, 1.0);
    std::vector<double> all;
    for (int axis = 0; axis < 3; ++axis)
      all.insert(all.end(), gas.momenta(axis).begin(), gas.momenta(axis).end());
    return all;
  };
  const std::vector<double> once = momenta(1);
  for (const int threads : {2, 4, 8}) CHECK(momenta(threads) == once);
}
