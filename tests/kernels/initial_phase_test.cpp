#include "powerstroke/kernels/initial_phase.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/uniform.hpp>
#include <boost/math/quadrature/tanh_sinh.hpp>
#include <cmath>
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;

namespace {

using Sides = laws::Extent::Sides;

constexpr std::size_t particles = 100'000;
constexpr double temperature = 0.7;

laws::Box box(Sides sides, double low, double high) {
  laws::Box result;
  for (laws::Extent& extent : result.axis) extent = {sides, low, high};
  return result;
}

std::vector<double> sorted_positions(const laws::PositionLaw& law,
                                     const laws::AnyPotential& potential = laws::Free{},
                                     const laws::Box& room = {}, double t = 0.0) {
  PhaseEnsemble ensemble(1, {{particles, 1.0}});
  start_species(ensemble, 0, {{laws::DeltaEnergy{1.0}}, {}, {law}}, potential, room, t, 17);
  std::vector<double> x(ensemble.positions(0).begin(), ensemble.positions(0).end());
  std::ranges::sort(x);
  return x;
}

/// Largest distance of the empirical distribution function of sorted numbers from `cumulative`, in
/// units of the bound that it passes with the allowed rate (P. Massart, Ann. Probab. 18 (1990)
/// 1269).
double kolmogorov(const std::vector<double>& sorted,
                  const std::function<double(double)>& cumulative, int cases) {
  const auto n = static_cast<double>(sorted.size());
  double distance = 0.0;
  for (std::size_t i = 0; i < sorted.size(); i += 7) {
    const double expected = cumulative(sorted[i]), below = static_cast<double>(i);
    distance = std::max({distance, expected - below / n, (below + 1.0) / n - expected});
  }
  return distance / std::sqrt(std::log(2.0 * cases / test_support::false_alarm_rate) / (2.0 * n));
}

/// The distribution function of exp(-v/T) on [low, high] as a table that tanh-sinh quadrature
/// fills: neither the sampler's cells nor its rule.
std::function<double(double)> boltzmann(const laws::AnyPotential& potential, double low,
                                        double high, double t = 0.0) {
  constexpr int cells = 2000;
  boost::math::quadrature::tanh_sinh<double> quadrature;
  const auto weight = [&](double x) {
    return std::exp(-laws::potential_energy(potential, {x}, 1, t) / temperature);
  };
  std::vector<double> below = {0.0};
  const double width = (high - low) / cells;
  for (int k = 0; k < cells; ++k)
    below.push_back(below.back() +
                    quadrature.integrate(weight, low + k * width, low + (k + 1) * width, 1e-9));
  return [=](double x) {
    const double place = std::clamp((x - low) / width, 0.0, cells - 1e-9);
    const auto cell = static_cast<std::size_t>(place);
    // Straight within a cell: off by a millionth.
    return (below[cell] + (place - static_cast<double>(cell)) * (below[cell + 1] - below[cell])) /
           below.back();
  };
}

}  // namespace

TEST_CASE("initial positions: a point, a uniform and a normal law") {
  for (const double x : sorted_positions(laws::PointPosition{0.3})) CHECK(x == 0.3);
  const boost::math::uniform uniform(-1.5, 0.25);
  CHECK(kolmogorov(
            sorted_positions(laws::UniformPosition{-1.5, 0.25}),
            [&](double x) { return cdf(uniform, x); }, 2) < 1.0);
  const boost::math::normal normal(2.0, 0.4);
  CHECK(kolmogorov(
            sorted_positions(laws::NormalPosition{2.0, 0.4}),
            [&](double x) { return cdf(normal, x); }, 2) < 1.0);
}

TEST_CASE(
    "initial positions: Boltzmann's law of wells, in boxes, of tables and of a trap in time") {
  const laws::BoltzmannPosition law{temperature};
  struct Case {
    std::string name;
    laws::AnyPotential potential;
    laws::Box room;
    double low, high, t;
  };
  std::vector<double> table;
  for (int k = 0; k < 30; ++k)
    table.push_back(0.2 * (k - 11.0) * (k - 11.0) / 9.0 + 0.1 * std::sin(k));
  const laws::Trap trap{{1.0, 40.0, 0.0, 2.0}, {0.0, 30.0, 0.0, 2.0}};
  const std::vector<Case> cases = {
      {"double well", laws::DoubleWell{1.9, 0.8}, {}, -2.5, 2.5, 0.0},
      {"wells far apart", laws::DoubleWell{60.0, 0.8}, {}, -1.2, 1.2, 0.0},
      {"quartic", laws::Quartic{1.7}, {}, -4.0, 4.0, 0.0},
      {"cosine in a periodic box", laws::Cosine{0.9, 2.0}, box(Sides::periodic, -3.0, 1.0), -3.0,
       1.0, 0.0},
      {"free in a box", laws::Free{}, box(Sides::reflecting, 5.0, 6.0), 5.0, 6.0, 0.0},
      {"on the flank of a well", laws::Harmonic{2.0}, box(Sides::reflecting, 3.0, 5.0), 3.0, 5.0,
       0.0},
      {"a box much wider than its well", laws::Harmonic{2e6, 3.0},
       box(Sides::reflecting, -1e3, 2e3), 2.99, 3.01, 0.0},
      {"tabulated", laws::Tabulated(-4.0, 0.3, table), {}, -12.0, 12.0, 0.0},
      {"trap, later", trap, {}, 10.0, 20.0, 1.0}};
  for (const Case& one : cases) {
    CAPTURE(one.name);
    const std::vector<double> x = sorted_positions(law, one.potential, one.room, one.t);
    CHECK(kolmogorov(x, boltzmann(one.potential, one.low, one.high, one.t),
                     static_cast<int>(cases.size()) + 3) < 1.0);
  }
  // A harmonic well in closed form: also one far from where the search begins.
  for (const double centre : {0.0, 2e4}) {
    const boost::math::normal normal(centre, std::sqrt(temperature / 2.3));
    CHECK(kolmogorov(
              sorted_positions(law, laws::Harmonic{2.3, centre}),
              [&](double x) { return cdf(normal, x); }, 12) < 1.0);
  }
  // A temperature that is 2% too high is found.
  const boost::math::normal hotter(0.0, std::sqrt(1.02 * temperature / 2.3));
  CHECK(kolmogorov(
            sorted_positions(laws::BoltzmannPosition{1.1 * temperature}, laws::Harmonic{2.3}),
            [&](double x) { return cdf(hotter, x); }, 12) > 1.0);
}

TEST_CASE("initial positions: the tails of a Boltzmann law, too") {
  // Chi-square over classes of rank that halve towards both ends, down to 50 expected particles.
  const boost::math::normal normal(0.0, std::sqrt(temperature / 2.3));
  std::vector<double> edges;
  for (double share = 0.25; share * particles > 50.0; share /= 2.0)
    edges.insert(edges.end(), {share, 1.0 - share});
  std::ranges::sort(edges);
  std::vector<double> counts(edges.size() + 1);
  for (const double x : sorted_positions(laws::BoltzmannPosition{temperature}, laws::Harmonic{2.3}))
    ++counts[static_cast<std::size_t>(std::ranges::upper_bound(edges, cdf(normal, x)) -
                                      edges.begin())];
  double statistic = 0.0;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const double low = k == 0 ? 0.0 : edges[k - 1], high = k == edges.size() ? 1.0 : edges[k];
    const double expected = (high - low) * static_cast<double>(particles);
    statistic += (counts[k] - expected) * (counts[k] - expected) / expected;
  }
  const boost::math::chi_squared law(static_cast<double>(counts.size() - 1));
  CHECK(statistic < quantile(complement(law, test_support::false_alarm_rate)));
}

TEST_CASE(
    "initial phase: energies and directions of each species, ids that go on, and axes that know "
    "nothing of each other") {
  PhaseEnsemble ensemble(3, {{20'000, 1.0}, {20'000, 4.0}});
  PhaseStart cold{{laws::DeltaEnergy{2.0}}, Vector{0.6, 0.0, -0.8}, {}};
  PhaseStart hot{
      {laws::MaxwellBoltzmannEnergy{temperature, 3}},
      {},
      {laws::NormalPosition{0.0, 1.0}, laws::NormalPosition{0.0, 1.0}, laws::PointPosition{7.0}}};
  start_species(ensemble, 0, cold, laws::Free{}, {}, 0.0, 5);
  start_species(ensemble, 1, hot, laws::Free{}, {}, 0.0, 5);
  CHECK(ensemble.momenta(0)[11] == doctest::Approx(2.0 * 0.6));
  CHECK(ensemble.momenta(2)[11] == doctest::Approx(-2.0 * 0.8));
  CHECK(ensemble.positions(2)[30'000] == 7.0);
  // Each component of a momentum is normal with variance m T, and no two of the five numbers of a
  // particle are correlated.
  const std::size_t first = ensemble.first(1), last = ensemble.last(1);
  const double n = static_cast<double>(last - first), unit = std::sqrt(4.0 * temperature);
  const auto value = [&](std::size_t i, int k) {
    return k < 3 ? ensemble.momenta(k)[i] / unit : ensemble.positions(k - 3)[i];
  };
  for (int a = 0; a < 5; ++a)
    for (int b = 0; b <= a; ++b) {
      double sum = 0.0;
      for (std::size_t i = first; i < last; ++i) sum += value(i, a) * value(i, b);
      const double expected = a == b ? 1.0 : 0.0, error = std::sqrt((a == b ? 2.0 : 1.0) / n);
      CHECK(std::abs(sum / n - expected) < test_support::largest_deviate(15) * error);
    }
  // The same particles where all are of one species.
  PhaseEnsemble alone(3, {{40'000, 4.0}});
  start_species(alone, 0, hot, laws::Free{}, {}, 0.0, 5);
  for (const std::size_t i : {20'000UL, 39'999UL}) {
    CHECK(alone.positions(0)[i] == ensemble.positions(0)[i]);
    CHECK(alone.momenta(1)[i] == ensemble.momenta(1)[i]);
  }
}

TEST_CASE("initial phase: the same bits for 1, 2, 4 and 8 threads") {
  const auto make = [](int threads) {
    const parallel::Threads scope(threads);
    PhaseEnsemble ensemble(2, {{20'000, 1.0}});
    const PhaseStart start{{laws::MaxwellBoltzmannEnergy{1.0, 2}},
                           {},
                           {laws::BoltzmannPosition{1.0}, laws::NormalPosition{0.0, 1.0}}};
    start_species(ensemble, 0, start, laws::DoubleWell{1.0, 1.0}, {}, 0.0, 5);
    std::vector<double> all;
    for (int axis = 0; axis < 2; ++axis) {
      all.insert(all.end(), ensemble.positions(axis).begin(), ensemble.positions(axis).end());
      all.insert(all.end(), ensemble.momenta(axis).begin(), ensemble.momenta(axis).end());
    }
    return all;
  };
  const std::vector<double> one = make(1);
  for (const int threads : {2, 4, 8}) CHECK(make(threads) == one);
}

TEST_CASE("initial phase: what cannot be is refused") {
  PhaseEnsemble ensemble(2, {{10, 1.0}});
  const auto refused = [&](const laws::PositionLaw& law, const laws::AnyPotential& potential,
                           const laws::Box& room, const char* what) {
    const PhaseStart start{{laws::DeltaEnergy{1.0}}, {}, {laws::PointPosition{0.5}, law}};
    CHECK_THROWS_WITH_AS(start_species(ensemble, 0, start, potential, room, 0.0, 1),
                         doctest::Contains(what), ConfigError);
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const laws::BoltzmannPosition boltzmann{1.0};
  const laws::Box half = box(Sides::reflecting, 0.0, 1.0);
  refused(boltzmann, laws::Free{}, {}, "normalised");
  refused(boltzmann, laws::Cosine{100.0, 1.0}, {}, "normalised");
  refused(boltzmann, laws::Tabulated(0.0, 1.0, {4.0, 3.0, 2.0, 1.0, 0.0}), {}, "normalised");
  const laws::UserPotential user{[](const Vector&, double) { return 0.0; },
                                 [](const Vector&, double) { return Vector{}; }};
  refused(boltzmann, user, half, "sum over the axes");
  refused(laws::PointPosition{1.5}, laws::Free{}, half, "outside of its box");
  refused(laws::PointPosition{nan}, laws::Free{}, {}, "position.value");
  refused(laws::UniformPosition{1.0, 1.0}, laws::Free{}, {}, "position.high");
  refused(laws::NormalPosition{0.0, 0.0}, laws::Free{}, {}, "position.sigma");
  refused(laws::BoltzmannPosition{-1.0}, laws::Harmonic{1.0}, {}, "position.temperature");
  const PhaseStart negative{{laws::DeltaEnergy{-1.0}}, {}, {}};
  CHECK_THROWS_AS(start_species(ensemble, 0, negative, laws::Free{}, {}, 0.0, 1), ConfigError);
}
