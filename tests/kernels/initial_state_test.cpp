#include "powerstroke/kernels/initial_state.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <string>

#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"

namespace {

using namespace powerstroke;
using namespace powerstroke::laws;

/// Each statistical check below rejects a right sampler once in a million seeds, at most.
constexpr double false_alarm = 1e-6;
constexpr std::size_t particles = 200000;

struct Named {
  std::string name;
  EnergyLaw law;
};

std::vector<Named> continuous_laws() {
  return {{"uniform", {UniformEnergy{0.5, 2.25}}},
          {"normal", {NormalEnergy{3.5, 0.2}}},
          {"normal cut at 0", {NormalEnergy{1.0, 1.0}}},
          {"normal far below 0", {NormalEnergy{-30.0, 1.0}}},
          {"exponential", {ExponentialEnergy{2.0}}},
          {"Maxwell-Boltzmann d=1", {MaxwellBoltzmannEnergy{1.5, 1}}},
          {"Maxwell-Boltzmann d=2", {MaxwellBoltzmannEnergy{1.5, 2}}},
          {"Maxwell-Boltzmann d=3", {MaxwellBoltzmannEnergy{1.5, 3}}},
          {"histogram", {HistogramEnergy{{0.0, 1.0, 1.5, 4.0}, {2.0, 0.0, 1.0}}}},
          {"mixture",
           {MixtureEnergy{{{NormalEnergy{3.0, 0.5}}, {ExponentialEnergy{1.0}}}, {1.0, 3.0}}}}};
}

std::vector<double> sorted_energies(const LadderEnsemble& ensemble) {
  std::vector<double> energies(ensemble.size());
  for (std::size_t i = 0; i < energies.size(); ++i) energies[i] = ensemble.view().energy(i);
  std::ranges::sort(energies);
  return energies;
}

/// Largest distance of the empirical distribution function of sorted numbers from the law's.
double kolmogorov_distance(const std::vector<double>& sorted, const EnergyLaw& law) {
  const auto n = static_cast<double>(sorted.size());
  double distance = 0.0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const double expected = cumulative(law, sorted[i]);
    const auto below = static_cast<double>(i);
    distance = std::max({distance, expected - below / n, (below + 1.0) / n - expected});
  }
  return distance;
}

/// P. Massart (Ann. Probab. 18 (1990) 1269): Prob(distance > x) <= 2 exp(-2 n x^2), for every n.
double kolmogorov_bound(std::size_t n) {
  return std::sqrt(std::log(2.0 / false_alarm) / (2.0 * static_cast<double>(n)));
}

bool same(const LadderEnsemble& a, const LadderEnsemble& b) {
  return std::ranges::equal(a.view().offset, b.view().offset) &&
         std::ranges::equal(a.view().level, b.view().level);
}

}  // namespace

TEST_CASE("initial energies follow their law") {
  // Kolmogorov's distance sees the bulk; it alone decides here.
  for (const Named& named : continuous_laws()) {
    CAPTURE(named.name);
    const auto energies = sorted_energies(initial_ensemble(named.law, 1.0, particles, 7));
    CHECK(kolmogorov_distance(energies, named.law) < kolmogorov_bound(particles));
  }
}

TEST_CASE("initial energies have the right tails") {
  // Chi-square over classes that halve towards both ends, down to 50 expected particles.
  for (const Named& named : continuous_laws()) {
    CAPTURE(named.name);
    std::vector<double> edges;
    for (double share = 0.25; share * particles > 50.0; share /= 2.0) {
      edges.push_back(share);
      edges.push_back(1.0 - share);
    }
    std::ranges::sort(edges);
    std::vector<double> counts(edges.size() + 1);
    const auto ensemble = initial_ensemble(named.law, 0.75, particles, 8);
    for (std::size_t i = 0; i < particles; ++i) {
      const double rank = cumulative(named.law, ensemble.view().energy(i));
      ++counts[static_cast<std::size_t>(std::ranges::upper_bound(edges, rank) - edges.begin())];
    }
    double statistic = 0.0;
    for (std::size_t k = 0; k < counts.size(); ++k) {
      const double low = k == 0 ? 0.0 : edges[k - 1], high = k == edges.size() ? 1.0 : edges[k];
      const double expected = (high - low) * static_cast<double>(particles);
      statistic += (counts[k] - expected) * (counts[k] - expected) / expected;
    }
    const boost::math::chi_squared law(static_cast<double>(counts.size() - 1));
    CHECK(statistic < boost::math::quantile(boost::math::complement(law, false_alarm)));
  }
}

TEST_CASE("equal energies are all equal, also at rest, and atoms have their share in a mixture") {
  const auto rest = initial_ensemble({DeltaEnergy{0.0}}, 2.0, 5000, 1);
  CHECK(std::ranges::all_of(rest.view().level, [](auto level) { return level == lowest_level; }));
  const auto threshold = initial_ensemble({DeltaEnergy{2.0}}, 2.0, 5000, 1);
  CHECK(std::ranges::all_of(threshold.view().level, [](auto level) { return level == 0; }));

  const auto mixture =
      initial_ensemble({MixtureEnergy{{{DeltaEnergy{2.5}}, {UniformEnergy{0.0, 2.0}}}, {1.0, 3.0}}},
                       1.0, particles, 3);
  double hits = 0.0;
  for (std::size_t i = 0; i < particles; ++i) hits += mixture.view().energy(i) == 2.5 ? 1.0 : 0.0;
  const auto n = static_cast<double>(particles);
  const double z = (hits - 0.25 * n) / std::sqrt(n * 0.25 * 0.75);
  CHECK(std::abs(z) <
        boost::math::quantile(boost::math::complement(boost::math::normal(), 0.5 * false_alarm)));
}

TEST_CASE("an empty bin of a histogram stays empty and no energy reaches the last edge") {
  const auto ensemble = initial_ensemble({HistogramEnergy{{0.5, 1.0, 3.0, 4.0}, {1.0, 0.0, 2.0}}},
                                         1.0, particles, 11);
  for (const double energy : sorted_energies(ensemble)) {
    const bool inside = (energy >= 0.5 && energy < 1.0) || (energy >= 3.0 && energy < 4.0);
    if (!inside) FAIL("energy outside the bins: " << energy);
  }
}

TEST_CASE("initial energies have the same bits for any number of threads") {
  const EnergyLaw law{
      MixtureEnergy{{{NormalEnergy{1.0, 0.5}}, {MaxwellBoltzmannEnergy{1.0, 3}}}, {1.0, 1.0}}};
  const parallel::Threads one_thread(1);
  const auto reference = initial_ensemble(law, 1.0, 30000, 42);
  for (const int threads : {2, 4, 8}) {
    const parallel::Threads scope(threads);
    CHECK(same(initial_ensemble(law, 1.0, 30000, 42), reference));
  }
  CHECK_FALSE(same(initial_ensemble(law, 1.0, 30000, 43), reference));
}

TEST_CASE("a particle keeps its energy when others join the ensemble") {
  const EnergyLaw law{NormalEnergy{1.0, 0.5}};
  const auto few = initial_ensemble(law, 1.0, 100, 5), many = initial_ensemble(law, 1.0, 10000, 5);
  CHECK(std::ranges::equal(few.view().offset, many.view().offset.first(100)));
}

TEST_CASE("a ladder that cannot hold the energies is refused") {
  for (const double delta_e : {0.0, -1.0, std::numeric_limits<double>::infinity(), std::nan("")})
    CHECK_THROWS_AS(initial_ensemble({DeltaEnergy{1.0}}, delta_e, 1, 1), ConfigError);
  CHECK_NOTHROW(initial_ensemble({DeltaEnergy{0x1p30}}, 1.0, 1, 1));
  CHECK_THROWS_WITH_AS(initial_ensemble({DeltaEnergy{0x1p31}}, 1.0, 1, 1),
                       doctest::Contains("over 2^30 delta_e"), NumericsError);
  CHECK(initial_ensemble({DeltaEnergy{1.0}}, 1.0, 0, 1).size() == 0);
}
