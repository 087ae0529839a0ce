#include <doctest/doctest.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"
#include "powerstroke/analysis/phase_entropy.hpp"
#include "powerstroke/analysis/theory/free_expansion.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/kernels/flight.hpp"
#include "powerstroke/kernels/initial_phase.hpp"
#include "powerstroke/kernels/laws/balance.hpp"
#include "powerstroke/kernels/phase_split.hpp"
#include "powerstroke/kernels/poisson_strokes.hpp"
#include "powerstroke/kernels/species_kernel.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;
using test_support::false_alarm_rate;
using test_support::largest_deviate;

/// An ideal gas behind a partition that is taken out in the middle of a step.
namespace {

constexpr double temperature = 1.2, mass = 1.3, partition = 1.0, length = 2.5, release = 0.7,
                 step = 0.25;
constexpr std::size_t particles = 50'000;
constexpr std::uint32_t cells = 25;
constexpr double fastest = 8.0 * 1.25;  // sqrt(m T) = 1.25

const analysis::PhaseGrid places{{0.0, length, cells}, {-fastest, fastest, 1}};

laws::Box box(double until = release) {
  return {{laws::Extent{laws::Extent::Sides::reflecting, 0.0, length,
                        laws::Partition{partition, until}}}};
}

struct Gas {
  PhaseEnsemble ensemble;
  StepClock clock{};
  Ledger ledger{};

  explicit Gas(int dimension, std::uint64_t seed = 5) : ensemble(dimension, {{particles, mass}}) {
    start_species(ensemble, 0,
                  {{laws::MaxwellBoltzmannEnergy{temperature, dimension}},
                   {},
                   {laws::BoltzmannPosition{temperature}}},
                  laws::Free{}, box(), 0.0,
                  seed);  // along the other axes unbounded, from their origin
  }

  void advance(std::vector<PhasePart> parts, double from, double to) {
    PhaseSplit(std::move(parts), step).advance(ensemble, from, to - from, clock, ledger);
  }
  void fly(double from, double to, double until = release) {
    advance({phase_part(Flight(box(until)))}, from, to);
  }
  analysis::PhaseHistogram histogram() const {
    const PhaseView view = ensemble.view(0);
    return parallel::sum_over_blocks<analysis::PhaseHistogram>(
        view.size(), [&](std::size_t first, std::size_t last) {
          return gather(view.part(first, last), places);
        });
  }
  std::size_t behind_the_partition() {
    return static_cast<std::size_t>(
        std::ranges::count_if(ensemble.positions(0), [](double x) { return x <= partition; }));
  }
};

std::vector<double> expected(double after_release) {
  return theory::expanded_cells({partition, length, temperature, mass}, after_release,
                                places.position.edges());
}

/// Of positions alone: the one momentum cell adds its width.
double position_entropy(const analysis::PhaseHistogram& histogram) {
  return analysis::entropy(histogram).value - std::log(places.momentum.width());
}

}  // namespace

TEST_CASE(
    "a released ideal gas has the density of the images, also when it is released within a step") {
  const std::vector<double> times = {0.05, 0.3, 1.0};
  const double rate = false_alarm_rate / static_cast<double>(times.size());
  for (const double after : times) {
    CAPTURE(after);
    Gas gas(1);
    gas.fly(0.0, release + after);
    CHECK(analysis::chi_square(gas.histogram().cells, expected(after), particles).p_value > rate);
    Gas late(1);  // released late by a fifth of a step
    late.fly(0.0, release + after, release + 0.05);
    CHECK(analysis::chi_square(late.histogram().cells, expected(after), particles).p_value < rate);
  }
}

TEST_CASE("the density of the images by another way: Fourier modes of the diffusing phase") {
  // n(x) = 1/L + (2/a) sum over k of sin(q a)/(q L) cos(q x) exp(-q^2 s^2/2), q = k pi/L.
  constexpr double after = 0.3;
  const double s = after * std::sqrt(temperature / mass), pi = std::acos(-1.0);
  const std::vector<double> edges = places.position.edges(), found = expected(after);
  double sum = 0.0;
  for (std::size_t i = 0; i < found.size(); ++i) {
    double cell = (edges[i + 1] - edges[i]) / length;
    for (int k = 1; k < 200; ++k) {
      const double q = k * pi / length;
      cell += 2.0 / partition * std::sin(q * partition) / (q * length) *
              (std::sin(q * edges[i + 1]) - std::sin(q * edges[i])) / q *
              std::exp(-0.5 * q * q * s * s);
    }
    CHECK(found[i] == doctest::Approx(cell).epsilon(1e-12).scale(1.0));
    sum += found[i];
  }
  CHECK(sum == doctest::Approx(1.0).epsilon(1e-13));
}

TEST_CASE(
    "free expansion: no particle's energy changes, and the entropy of positions rises by "
    "ln(V2/V1)") {
  Gas gas(1);
  std::vector<double> energies;
  for (std::size_t i = 0; i < particles; ++i) energies.push_back(gas.ensemble.kinetic_energy(0, i));
  const double before = position_entropy(gas.histogram());
  gas.fly(0.0, 20.0);
  for (std::size_t i = 0; i < particles; ++i)
    CHECK_EQ(gas.ensemble.kinetic_energy(0, i), energies[i]);

  // With K even cells 2N (S - plug-in) is chi-square of K - 1: what remains of other modes after 20
  // is e^-280.
  const auto falls_short = [](double truth, double found, double occupied) {
    const double n = static_cast<double>(particles);
    const double statistic = 2.0 * n * (truth - found) + (occupied - 1.0);
    return boost::math::cdf(
        boost::math::complement(boost::math::chi_squared(occupied - 1.0), statistic));
  };
  const double after = position_entropy(gas.histogram()), rate = false_alarm_rate / 4.0;
  MESSAGE("S before " << before << " after " << after << " ln(V2/V1) "
                      << std::log(length / partition));
  for (const double p : {falls_short(std::log(partition), before, 10.0),
                         falls_short(std::log(length), after, 25.0)}) {
    CHECK(p > rate);
    CHECK(p < 1.0 - rate);
  }
}

TEST_CASE("between start and end the entropy of positions is that of the images, cell by cell") {
  for (const double after : {0.2, 0.6}) {
    Gas gas(1, 6);
    gas.fly(0.0, release + after);
    double truth = 0.0;
    for (const double p : expected(after)) truth -= p * std::log(p / places.position.width());
    const double error = analysis::entropy(gas.histogram()).error;
    CHECK(std::abs(position_entropy(gas.histogram()) - truth) < largest_deviate(2) * error);
  }
}

TEST_CASE(
    "reversed, a freely expanded gas goes back behind the partition; with strokes in between it "
    "does not") {
  constexpr double end = 20.0;
  Gas free(3);
  free.fly(0.0, release);
  const std::vector<double> start(free.ensemble.positions(0).begin(),
                                  free.ensemble.positions(0).end());
  const double at_start = position_entropy(free.histogram());
  free.fly(release, end);
  free.ensemble.reverse();
  free.fly(end, 2.0 * end - release);
  // A few roundings of places of up to one flight's length each step.
  const double steps = 2.0 * end / step, flight = length + step * fastest / mass;
  double farthest = 0.0;
  for (std::size_t i = 0; i < particles; ++i)
    farthest = std::max(farthest, std::abs(free.ensemble.positions(0)[i] - start[i]));
  MESSAGE("came back to " << farthest);
  CHECK(farthest < 4.0 * steps * flight * std::numeric_limits<double>::epsilon());
  CHECK(free.behind_the_partition() >= particles - 1);
  CHECK(std::abs(position_entropy(free.histogram()) - at_start) < 1e-3);

  Gas struck(3);
  const double delta_e = 0.5, rate = 2.0;
  const laws::StrokeLaw law{{{delta_e, laws::thermal_rate_up(rate, delta_e, temperature), rate}},
                            laws::Microreversible(3),
                            laws::Given{}};
  const auto go = [&](double from, double to) {
    struck.advance(
        {phase_part(SpeciesKernel(PoissonStrokes(law, 5), 0)), phase_part(Flight(box()))}, from,
        to);
  };
  go(0.0, end);
  struck.ensemble.reverse();
  go(end, 2.0 * end - release);
  const analysis::PhaseHistogram histogram = struck.histogram();
  MESSAGE("with strokes: behind " << struck.behind_the_partition() << " S "
                                  << position_entropy(histogram));
  CHECK(position_entropy(histogram) - at_start >
        largest_deviate(1) * analysis::entropy(histogram).error);
  CHECK(struck.behind_the_partition() < particles / 2);
}

TEST_CASE("a release within a step has the same bits for any number of threads") {
  const auto fly = [](int threads) {
    const parallel::Threads scope(threads);
    Gas gas(1);
    gas.fly(0.0, 2.0);
    return std::pair(
        std::vector<double>(gas.ensemble.positions(0).begin(), gas.ensemble.positions(0).end()),
        gas.ledger.wall_hits);
  };
  const auto one = fly(1);
  for (const int threads : {2, 4, 8}) CHECK(fly(threads) == one);
}
