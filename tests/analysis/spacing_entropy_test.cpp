#include <doctest/doctest.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/random/geometric_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <boost/random/uniform_01.hpp>
#include <cmath>
#include <numbers>
#include <vector>

#include "analysis/energy_samples.hpp"
#include "powerstroke/analysis/estimators.hpp"
#include "powerstroke/engine/random/stream.hpp"

using namespace powerstroke;
using namespace powerstroke::analysis;

TEST_CASE("spacing entropy: three particles by hand, in any order") {
  std::vector<double> energies = {4.0, 1.0, 2.0};
  // m = 1: spacings of one particle at the ends (1 and 2), of two around the middle one (3).
  const double expected = std::log(6.0) / 3.0 + boost::math::digamma(4.0) -
                          (2.0 * boost::math::digamma(1.0) + boost::math::digamma(2.0)) / 3.0;
  CHECK(spacing_entropy(energies).value == doctest::Approx(expected).epsilon(1e-13));
  CHECK(energies == std::vector<double>{1.0, 2.0, 4.0});
}

TEST_CASE(
    "spacing entropy: NaN for atoms, also beside a continuous part, and for too few particles") {
  std::vector<double> atoms(1000, 3.5), two = {1.0, 2.0}, mixed;
  for (int i = 0; i < 1000; ++i) mixed.push_back(i % 2 == 0 ? 3.5 : 0.01 * i);
  CHECK(std::isnan(spacing_entropy(atoms).value));
  CHECK(std::isnan(spacing_entropy(two).value));
  CHECK(std::isnan(spacing_entropy(mixed).value));
  CHECK(std::isnan(spacing_entropy(mixed).error));
}

TEST_CASE("spacing entropy: energies stretched by s have the entropy + ln s and the same error") {
  std::vector<double> energies = test::draw_energies(test::gamma_law(1.5, 1.0, 1.0), 5000, 1),
                      stretched;
  for (const double energy : energies) stretched.push_back(8.0 * energy);
  const SpacingEntropy one = spacing_entropy(energies), eight = spacing_entropy(stretched);
  CHECK(eight.value == doctest::Approx(one.value + std::log(8.0)).epsilon(1e-12));
  CHECK(eight.error == doctest::Approx(one.error).epsilon(1e-9));
}

TEST_CASE(
    "spacing entropy: its error bar is its scatter about the truth, also where the density "
    "diverges") {
  // Bounds of 1e-6 on how often the 95% bar covers the truth, law by law, and on all squared
  // deviations together.
  std::vector<test::Law> laws = test::laws();
  laws.push_back(test::gamma_law(0.5, 7.0, 1.0));  // Maxwell-Boltzmann, d = 1
  constexpr int seeds = 400;
  const auto [low, high] = test::count_bounds(seeds, 0.95, 1e-6);
  const double half_width = quantile(boost::math::normal(), 0.975);
  double squares = 0.0;
  std::uint64_t seed = 0;
  for (const test::Law& law : laws) {
    int hits = 0;
    for (int i = 0; i < seeds; ++i) {
      std::vector<double> energies = test::draw_energies(law, 10000, ++seed);
      const SpacingEntropy estimate = spacing_entropy(energies);
      const double deviation = (estimate.value - law.entropy) / estimate.error;
      hits += std::abs(deviation) <= half_width;
      squares += deviation * deviation;
    }
    CAPTURE(law.name);
    CHECK(hits >= low);
    CHECK(hits <= high);
  }
  const boost::math::chi_squared expected(seeds * static_cast<double>(laws.size()));
  CHECK(squares > quantile(expected, 0.5e-6));
  CHECK(squares < quantile(complement(expected, 0.5e-6)));
}

TEST_CASE(
    "spacing entropy: peaks with gaps between them, and jumps, again and again, are not smeared "
    "over the seams") {
  // Narrow peaks on the levels of a ladder, and steps on them; P(level n) = (1-q) q^n.
  constexpr double q = 0.6, sigma = 0.04;
  constexpr int seeds = 300;
  const double levels = -std::log(1.0 - q) - q / (1.0 - q) * std::log(q);
  const auto [low, high] = test::count_bounds(seeds, 0.95, 1e-6 / 6);
  const double half_width = quantile(boost::math::normal(), 0.975);
  Stream stream(7, 0, 0, Purpose::initial_energy);
  boost::random::normal_distribution<double> normal(0.5, sigma);
  boost::random::uniform_01<double> uniform;
  boost::random::geometric_distribution<int, double> level(1.0 - q);
  for (const bool peaks : {true, false}) {
    const double exact =
        levels + (peaks ? std::log(sigma * std::sqrt(2.0 * std::numbers::pi * std::numbers::e))
                        : std::log(0.3));
    const OffsetMap offsets(1.0, peaks ? std::vector<double>{0.0} : std::vector<double>{0.2, 0.5},
                            [&](double y) {
                              return peaks ? boost::math::cdf(boost::math::normal(0.5, sigma), y)
                                           : std::min(1.0, y / 0.3);
                            });
    for (const int particles : {100, 900, 2700}) {
      int hits = 0;
      for (int seed = 0; seed < seeds; ++seed) {
        std::vector<double> energies;
        for (int i = 0; i < particles; ++i)
          energies.push_back(level(stream) +
                             (peaks ? normal(stream) : 0.2 + 0.3 * uniform(stream)));
        const SpacingEntropy estimate = spacing_entropy(energies, offsets);
        hits += std::abs(estimate.value - exact) <= half_width * estimate.error ? 1 : 0;
      }
      CAPTURE(peaks);
      CAPTURE(particles);
      MESSAGE("covered ", hits, " of ", seeds);
      CHECK(hits >= low);
      CHECK(hits <= high);
    }
  }
}

TEST_CASE("spacing entropy: the covariance with ln E is that of the density") {
  // Of an exponential of mean 1, -ln P = E: Cov(E, ln E) = <E ln E> - <E><ln E> = psi(2) - psi(1)
  // = 1.
  constexpr int particles = 200000;
  std::vector<double> energies = test::draw_energies(test::gamma_law(1.0, 1.0, 0.0), particles, 3);
  // Var((E - 1)(ln E + gamma)) is below 6: <(E-1)^2 (ln E + gamma)^2>, by its moments.
  CHECK(std::abs(spacing_entropy(energies).ln_energy_covariance - 1.0) <
        5.0 * std::sqrt(6.0 / particles));
}

TEST_CASE("binless entropy: particles of one energy that differ by roundings have none") {
  std::vector<double> energies;
  double energy = 0.4181;
  for (int i = 0; i < 200; ++i) {
    energies.push_back(energy);
    energy = std::nextafter(energy, 1.0);
    if (i % 8 == 7) energy = 0.4181 + 0.2934 * (i / 8);
  }
  CHECK(std::isnan(analysis::spacing_entropy(energies).value));
}
