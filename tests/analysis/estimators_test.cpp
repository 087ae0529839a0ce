#include "powerstroke/analysis/estimators.hpp"

#include <doctest/doctest.h>

#include <array>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <cmath>
#include <limits>

#include "analysis/energy_samples.hpp"

using namespace powerstroke;
using namespace powerstroke::analysis;

namespace {

/// Counts that are the probabilities of the bins to 1e-15: what an estimator says without any
/// noise.
template <class Distribution>
Snapshot noiseless(const Distribution& distribution, const BinGrid& grid,
                   double mean_excess = 1.0) {
  constexpr double particles = 1e15;
  Snapshot snapshot;
  for (std::uint32_t i = 0; i < grid.bins; ++i) {
    const double p = cdf(complement(distribution, grid.edge(i))) -
                     cdf(complement(distribution, grid.edge(i + 1)));
    snapshot.bins.push_back(static_cast<std::uint64_t>(std::llround(particles * p)));
    snapshot.particles += snapshot.bins.back();
  }
  snapshot.overflow =
      static_cast<std::uint64_t>(std::llround(particles * cdf(complement(distribution, grid.max))));
  snapshot.overflow_excess = mean_excess * static_cast<double>(snapshot.overflow);
  snapshot.particles += snapshot.overflow;
  return snapshot;
}

double plain_entropy(const Snapshot& snapshot, double width) {
  double entropy = 0.0;
  for (const std::uint64_t count : snapshot.bins) {
    const double p = static_cast<double>(count) / static_cast<double>(snapshot.particles);
    if (count > 0) entropy -= p * std::log(p / width);
  }
  return entropy;
}

constexpr int quantities = 5;
constexpr std::array<const char*, quantities> names = {"mean energy", "phi", "<ln E>", "S_E",
                                                       "S_1"};
using Hits = std::array<int, quantities>;

/// S^(1) of section 5 for d = 3, m = 1, less its constant: S_E + <ln E>/2.
Estimate momentum_entropy(const EntropyEstimate& entropy, const Estimate& ln_energy) {
  const double variance =
      entropy.variance + entropy.ln_energy_covariance + 0.25 * ln_energy.error * ln_energy.error;
  return {entropy.value + 0.5 * ln_energy.value, std::sqrt(variance)};
}

/// How often the 95% bars cover the truth.
Hits hits_of_95_percent_bars(const test::Law& law, std::size_t particles, std::uint64_t first_seed,
                             int seeds) {
  const double half_width = quantile(boost::math::normal(), 0.975);
  const std::array<double, quantities> truth = {law.mean_energy, law.phi, law.mean_ln_energy,
                                                law.entropy,
                                                law.entropy + 0.5 * law.mean_ln_energy};
  const BinGrid grid{40.0, 800};
  Hits hits{};
  for (int seed = 0; seed < seeds; ++seed) {
    const auto energies =
        test::draw_energies(law, particles, first_seed + static_cast<std::uint64_t>(seed));
    const Snapshot snapshot = gather(test::Particles(law.delta_e, energies).view(), grid);
    const EntropyEstimate entropy = histogram_entropy(snapshot, grid);
    const Estimate ln_energy = mean_ln_energy(snapshot);
    const std::array<Estimate, quantities> estimates = {
        mean_energy(snapshot), phi(snapshot), ln_energy,
        Estimate{entropy.value, std::sqrt(entropy.variance)}, momentum_entropy(entropy, ln_energy)};
    for (std::size_t q = 0; q < quantities; ++q) {
      hits[q] += std::abs(estimates[q].value - truth[q]) <= half_width * estimates[q].error;
    }
  }
  return hits;
}

}  // namespace

TEST_CASE("estimators: a few particles by hand, phi strict") {
  const test::Particles particles(2.0, {1.0, 2.0, 3.0, 6.0});
  const Snapshot snapshot = gather(particles.view(), {8.0, 4});
  CHECK(mean_energy(snapshot).value == 3.0);
  CHECK(mean_energy(snapshot).error == doctest::Approx(std::sqrt(14.0 / 3.0 / 4.0)).epsilon(1e-14));
  CHECK(phi(snapshot).value == 0.5);
  CHECK(phi(snapshot).error == doctest::Approx(std::sqrt(9.0 / (36.0 * 7.0))).epsilon(1e-14));
  CHECK(mean_ln_energy(snapshot).value == doctest::Approx(std::log(36.0) / 4.0).epsilon(1e-14));
}

TEST_CASE(
    "estimators: phi of 0 or 1 has an error, and that of many particles is the binomial one") {
  Snapshot snapshot{};
  snapshot.particles = 100;
  const double one_sided = std::sqrt(101.0 / 103.0) / 102.0;
  for (const std::uint64_t above : {0U, 100U}) {
    snapshot.above = above;
    CHECK(phi(snapshot).value == static_cast<double>(above) / 100.0);
    CHECK(phi(snapshot).error == doctest::Approx(one_sided).epsilon(1e-14));
  }
  snapshot.particles = 1'000'000;
  snapshot.above = 300'000;
  CHECK(phi(snapshot).error == doctest::Approx(std::sqrt(0.3 * 0.7 / 1e6)).epsilon(1e-5));
}

TEST_CASE("estimators: of one particle no error is known") {
  const test::Particles particles(2.0, {3.0});
  const Snapshot snapshot = gather(particles.view(), {8.0, 4});
  CHECK(phi(snapshot).value == 1.0);
  for (const Estimate& estimate : {mean_energy(snapshot), phi(snapshot), mean_ln_energy(snapshot)})
    CHECK(std::isnan(estimate.error));
}

TEST_CASE("estimators: <ln E> is NaN once a particle is at rest") {
  const test::Particles particles(1.0, {0.0, 1.0});
  const Estimate estimate = mean_ln_energy(gather(particles.view(), {8.0, 4}));
  CHECK(std::isnan(estimate.value));
  CHECK(std::isnan(estimate.error));
}

TEST_CASE("histogram entropy: two bins by hand") {
  Snapshot snapshot;
  snapshot.particles = 40;
  snapshot.bins = {30, 10};
  const EntropyEstimate entropy = histogram_entropy(snapshot, {1.0, 2});
  // One bin: density 1, entropy 0, one occupied. Two: densities 3/2 and 1/2, two occupied.
  const double fine = -0.75 * std::log(1.5) - 0.25 * std::log(0.5);
  CHECK(entropy.value == doctest::Approx(4.0 / 3.0 * (fine + 1.0 / 80.0)).epsilon(1e-13));
  const double a = -4.0 / 3.0 * std::log(1.5), b = -4.0 / 3.0 * std::log(0.5);
  CHECK(entropy.variance == doctest::Approx(0.75 * 0.25 * (a - b) * (a - b) / 40.0).epsilon(1e-13));
  const double l = std::log(0.5) - 1.0, h = 2.0 * (0.0 - 0.5 * std::log(0.5)) - 1.0;
  CHECK(entropy.ln_energy_covariance ==
        doctest::Approx(0.75 * 0.25 * (a - b) * (l - h) / 40.0).epsilon(1e-13));
}

TEST_CASE(
    "histogram entropy: the width of the bins leaves no bias that an error bar of a million "
    "particles shows") {
  // A plain histogram is off by w^2/24 times the Fisher information 1/sigma^2, 3.7 of its standard
  // errors 0.7e-3.
  const boost::math::normal normal(3.5, 0.2);
  const BinGrid grid{40.0, 800};
  const Snapshot snapshot = noiseless(normal, grid);
  const double truth = 0.5 * std::log(2.0 * std::numbers::pi * std::numbers::e * 0.04),
               bias = 0.05 * 0.05 / 24.0 / 0.04;
  CHECK(plain_entropy(snapshot, 0.05) - truth == doctest::Approx(bias).epsilon(0.05));
  const EntropyEstimate entropy = histogram_entropy(snapshot, grid);
  CHECK(std::abs(entropy.value - truth) < bias / 50.0);
  // Var ln P = 1/2; the extrapolated influence function follows -ln P to the same relative order.
  CHECK(entropy.variance * 1e15 == doctest::Approx(0.5).epsilon(0.01));
}

TEST_CASE(
    "histogram entropy: value, variance and covariance with <ln E> of Maxwell-Boltzmann, any "
    "number of bins") {
  // -ln P = E/T - (k-1) ln E + const: Var = k - 2(k-1) + (k-1)^2 psi'(k), Cov(-ln P, ln E) = 1 -
  // (k-1) psi'(k). What the bins cost: extrapolated away for the exponential; sqrt(E) in the first
  // bin is taken as a constant, less by a Kullback-Leibler divergence of ln(3/2) - 1/3.
  for (const double shape : {1.0, 1.5}) {
    const boost::math::gamma_distribution<double> law(shape, 1.0);
    const double k1 = shape - 1.0, trigamma = boost::math::trigamma(shape);
    for (const std::uint32_t bins : {800U, 801U, 1023U}) {
      const EntropyEstimate entropy = histogram_entropy(noiseless(law, {40.0, bins}), {40.0, bins});
      const double truth = test::gamma_law(shape, 1.0, 1.0).entropy;
      const double width = 40.0 / bins;
      CHECK(std::abs(entropy.value - truth) < (shape > 1.0
                                                   ? cdf(law, width) * (std::log(1.5) - 1.0 / 3.0)
                                                   : width * width / 24.0 / 50.0));
      CHECK(entropy.variance * 1e15 ==
            doctest::Approx(shape - 2.0 * k1 + k1 * k1 * trigamma).epsilon(0.01));
      CHECK(entropy.ln_energy_covariance * 1e15 ==
            doctest::Approx(1.0 - k1 * trigamma).epsilon(0.01));
    }
  }
}

TEST_CASE("histogram entropy: equal bins, odd or even, are a uniform density without error") {
  for (const std::uint32_t bins : {6U, 7U, 41U}) {
    Snapshot snapshot;
    snapshot.bins.assign(bins, 1000000000000);
    snapshot.particles = bins * 1000000000000;
    const EntropyEstimate entropy = histogram_entropy(snapshot, {3.5, bins});
    CHECK(entropy.value == doctest::Approx(std::log(3.5)).epsilon(1e-10));
    CHECK(entropy.variance * static_cast<double>(snapshot.particles) < 1e-20);
  }
}

TEST_CASE(
    "histogram entropy: particles above the grid count as an exponential tail, up to one in a "
    "thousand") {
  const boost::math::gamma_distribution<double> law(1.0, 1.0);
  const BinGrid enough{7.0, 140}, short_of_it{6.9, 138};
  const EntropyEstimate entropy = histogram_entropy(noiseless(law, enough, 1.0), enough);
  CHECK(std::abs(entropy.value - 1.0) < 1e-5);
  CHECK(entropy.variance * 1e15 == doctest::Approx(1.0).epsilon(0.01));
  CHECK(std::isnan(histogram_entropy(noiseless(law, short_of_it, 1.0), short_of_it).value));
}

TEST_CASE("histogram entropy: NaN where all particles share a bin") {
  Snapshot snapshot;
  snapshot.particles = 1000;
  snapshot.bins = {0, 0, 1000, 0, 0};
  const EntropyEstimate entropy = histogram_entropy(snapshot, {5.0, 5});
  CHECK(std::isnan(entropy.value));
  CHECK(std::isnan(entropy.variance));
  CHECK(std::isnan(entropy.ln_energy_covariance));
}

TEST_CASE("error bars: the 95% bar covers the truth 90 to 99 times in 100") {
  // Bars of exactly 95% would fail this 17 times in 1000 a quantity (12 below, 6 above), so the
  // seeds are fixed and the next test is the sharp one.
  const boost::math::binomial exact(100, 0.95);
  CHECK(cdf(exact, 89) + cdf(complement(exact, 99)) == doctest::Approx(0.0174).epsilon(0.01));
  for (const test::Law& law : test::laws()) {
    const Hits hits = hits_of_95_percent_bars(law, 100000, 1, 100);
    for (std::size_t q = 0; q < quantities; ++q) {
      CAPTURE(law.name);
      CAPTURE(names[q]);
      CHECK(hits[q] >= 90);
      CHECK(hits[q] <= 99);
    }
  }
}

TEST_CASE("error bars: over 1000 seeds coverage stays within the binomial bounds of 1e-6") {
  const auto [low, high] = test::count_bounds(1000, 0.95, 1e-6);
  for (const test::Law& law : test::laws()) {
    const Hits hits = hits_of_95_percent_bars(law, 10000, 1001, 1000);
    for (std::size_t q = 0; q < quantities; ++q) {
      CAPTURE(law.name);
      CAPTURE(names[q]);
      CHECK(hits[q] >= low);
      CHECK(hits[q] <= high);
    }
  }
}
