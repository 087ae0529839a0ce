#include <doctest/doctest.h>

#include <algorithm>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/non_central_chi_squared.hpp>
#include <boost/random/binomial_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include "powerstroke/analysis/goodness_of_fit.hpp"

using namespace powerstroke::analysis;

namespace {

using Counts = std::vector<std::uint64_t>;
using Numbers = std::vector<double>;

/// Exponential bins of this width (units of the mean); what is above the last is lacking.
Numbers exponential_bins(std::size_t bins, double width) {
  Numbers result;
  for (std::size_t i = 0; i < bins; ++i) {
    const auto low = width * static_cast<double>(i);
    result.push_back(std::exp(-low) - std::exp(-low - width));
  }
  return result;
}

/// What the probabilities lack is drawn too, and not returned.
Counts draw_counts(const Numbers& probabilities, std::uint64_t total, std::mt19937_64& generator) {
  Counts counts;
  std::int64_t left = static_cast<std::int64_t>(total);
  double probability_left = 1.0;
  for (const double p : probabilities) {
    boost::random::binomial_distribution<std::int64_t, double> binomial(
        left, std::clamp(p / probability_left, 0.0, 1.0));
    const std::int64_t count = left > 0 ? binomial(generator) : 0;
    counts.push_back(static_cast<std::uint64_t>(count));
    left -= count;
    probability_left -= p;
  }
  return counts;
}

/// Largest distance of the distribution of p-values from the uniform one.
double distance_from_uniform(Numbers p_values) {
  std::sort(p_values.begin(), p_values.end());
  double distance = 0.0;
  const auto n = static_cast<double>(p_values.size());
  for (std::size_t i = 0; i < p_values.size(); ++i) {
    const auto rank = static_cast<double>(i);
    distance = std::max({distance, (rank + 1.0) / n - p_values[i], p_values[i] - rank / n});
  }
  return distance;
}

/// Exceeded by n uniform values with probability 1e-6 at most (A. Dvoretzky, J. Kiefer, J.
/// Wolfowitz; P. Massart).
double bound_of_distance(std::size_t n) {
  return std::sqrt(std::log(2.0 / 1e-6) / (2.0 * static_cast<double>(n)));
}

/// Four modes, each spread over classes of its own and over some shared ones; the noise has two
/// directions.
struct NoisyModel {
  Numbers mode = {0.4, 0.3, 0.2, 0.1};
  std::vector<Numbers> conditional = {
      {0.5, 0.3, 0.1, 0.1, 0.0, 0.0},  // [mode][class], the last class is the lacking one
      {0.1, 0.4, 0.3, 0.1, 0.1, 0.0},
      {0.0, 0.1, 0.3, 0.4, 0.1, 0.1},
      {0.0, 0.0, 0.1, 0.2, 0.3, 0.4}};
  std::vector<Numbers> directions = {{0.9, -0.2, -0.4, -0.3}, {0.1, 0.8, -1.2, 0.3}};
  Numbers excess = Numbers(16);

  NoisyModel() {
    for (const Numbers& v : directions) {
      for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t j = 0; j < 4; ++j) excess[4 * i + j] += v[i] * v[j];
      }
    }
  }

  Numbers all_classes(const Numbers& weights) const {
    Numbers result(6);
    for (std::size_t m = 0; m < 4; ++m) {
      for (std::size_t c = 0; c < 6; ++c) result[c] += weights[m] * conditional[m][c];
    }
    return result;
  }
  Numbers classes(const Numbers& weights) const {
    Numbers result = all_classes(weights);
    result.pop_back();
    return result;
  }

  SharedNoise noise() const {
    SharedNoise result{{}, mode, excess};
    for (std::uint32_t m = 0; m < 4; ++m) {
      for (std::uint32_t c = 0; c < 6; ++c) {
        if (conditional[m][c] > 0.0) result.joint.push_back({c, m, mode[m] * conditional[m][c]});
      }
    }
    return result;
  }

  /// Counts of a sample whose modes are off by a normal deviate of covariance excess/total.
  Counts draw(std::uint64_t total, std::mt19937_64& generator) const {
    boost::random::normal_distribution<double> normal;
    Numbers weights = mode;
    for (const Numbers& v : directions) {
      const double z = normal(generator) / std::sqrt(static_cast<double>(total));
      for (std::size_t m = 0; m < 4; ++m) weights[m] += z * v[m];
    }
    return draw_counts(classes(weights), total, generator);
  }
};

/// N r^T C^-1 r over all classes but the last, C the covariance spelled out and eliminated.
double chi_square_by_elimination(const NoisyModel& model, const Numbers& residual, double total) {
  const Numbers p = model.classes(model.mode);
  const std::size_t n = p.size();
  std::vector<Numbers> c(n, Numbers(n + 1));
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      c[i][j] = (i == j ? p[i] : 0.0) - p[i] * p[j];
      for (std::size_t k = 0; k < 4; ++k) {
        for (std::size_t l = 0; l < 4; ++l)
          c[i][j] += model.conditional[k][i] * model.excess[4 * k + l] * model.conditional[l][j];
      }
    }
    c[i][n] = residual[i];
  }
  double form = 0.0;
  for (std::size_t i = 0; i < n;
       ++i) {  // C is positive definite: r^T C^-1 r is the sum of squares of L^-1 r over the pivots
    form += c[i][n] * c[i][n] / c[i][i];
    for (std::size_t j = i + 1; j < n; ++j) {
      const double factor = c[j][i] / c[i][i];
      for (std::size_t k = i; k <= n; ++k) c[j][k] -= factor * c[i][k];
    }
  }
  return total * form;
}

}  // namespace

TEST_CASE("chi-square: by hand, what is lacking is a class") {
  const Counts counts = {60, 50};
  const Numbers p = {0.25, 0.25};
  const ChiSquare test = chi_square(counts, p, 200);
  CHECK(test.statistic == doctest::Approx(100.0 / 50 + 0.0 + 100.0 / 100).epsilon(1e-13));
  CHECK(test.dof == 2.0);
  CHECK(test.p_value ==
        doctest::Approx(cdf(complement(boost::math::chi_squared(2.0), 3.0))).epsilon(1e-12));
}

TEST_CASE("chi-square: neighbours are merged until they expect enough, the rest goes to the last") {
  const Counts counts = {5, 17, 32, 38, 3, 2};          // and 3
  const Numbers p = {0.1, 0.15, 0.3, 0.4, 0.02, 0.02};  // and 0.01
  const ChiSquare merged =
      chi_square(counts, p, 100);  // 22, 32 and 46 where 25, 30 and 45 are expected
  CHECK(merged.dof == 2.0);
  CHECK(merged.statistic == doctest::Approx(9.0 / 25 + 4.0 / 30 + 1.0 / 45).epsilon(1e-12));
}

TEST_CASE("chi-square: one class left says nothing, unless something is where nothing can be") {
  const Numbers p = {0.0, 1.0, 0.0};
  CHECK(chi_square(Counts{0, 100, 0}, p, 100).p_value == 1.0);
  CHECK(chi_square(Counts{0, 100, 0}, p, 100).dof == 0.0);
  CHECK(chi_square(Counts{1, 99, 0}, p, 100).p_value == 0.0);
  CHECK(chi_square(Counts{0, 99, 0}, p, 100).p_value == 0.0);
  CHECK(chi_square_two_samples(Counts{3, 9}, 12, Counts{9, 3}, 12).dof == 0.0);
}

TEST_CASE("chi-square: an enormous statistic has p = 0, without a complaint") {
  const ChiSquare test = chi_square(Counts{1000000000, 0}, Numbers{0.01, 0.99}, 1000000000);
  CHECK(test.statistic > 1e10);
  CHECK(test.p_value == 0.0);
}

TEST_CASE("chi-square: p-values of multinomial counts are uniform") {
  const Numbers p = exponential_bins(60, 0.2);
  std::mt19937_64 generator(1);
  Numbers p_values;
  for (int i = 0; i < 2000; ++i)
    p_values.push_back(chi_square(draw_counts(p, 20000, generator), p, 20000).p_value);
  CHECK(distance_from_uniform(p_values) < bound_of_distance(p_values.size()));
}

TEST_CASE("chi-square: two samples of one law, of unlike sizes, have uniform p-values") {
  const Numbers p = exponential_bins(60, 0.2);
  std::mt19937_64 generator(2);
  Numbers p_values;
  for (int i = 0; i < 2000; ++i) {
    const Counts a = draw_counts(p, 20000, generator), b = draw_counts(p, 50000, generator);
    p_values.push_back(chi_square_two_samples(a, 20000, b, 50000).p_value);
  }
  CHECK(distance_from_uniform(p_values) < bound_of_distance(p_values.size()));
}

TEST_CASE("chi-square: two samples by hand") {
  // pooled 1/2, differences +-0.1: (0.01 / 0.5 + 0.01 / 0.5) / (1/100 + 1/200)
  const ChiSquare test = chi_square_two_samples(Counts{55, 45}, 100, Counts{90, 110}, 200);
  const double pooled = 145.0 / 300.0;
  CHECK(test.dof == 1.0);
  CHECK(test.statistic ==
        doctest::Approx(0.01 * (1.0 / pooled + 1.0 / (1.0 - pooled)) / (1.0 / 100 + 1.0 / 200))
            .epsilon(1e-12));
}

TEST_CASE(
    "chi-square: a mean that is off by 2% does not pass, nor does its sample beside an honest "
    "one") {
  constexpr std::uint64_t total = 1000000;
  const Numbers right = exponential_bins(60, 0.2), wrong = exponential_bins(60, 0.2 / 1.02);
  std::mt19937_64 generator(3);
  const Counts honest = draw_counts(right, total, generator),
               off = draw_counts(wrong, total, generator);
  const ChiSquare against_law = chi_square(off, right, total);
  const ChiSquare against_sample = chi_square_two_samples(honest, total, off, total);
  double shift =
      0.0;  // N sum (q - p)^2/p, of merged classes close to it; half of it for two samples
  for (std::size_t i = 0; i < 40; ++i)
    shift += total * (wrong[i] - right[i]) * (wrong[i] - right[i]) / right[i];
  for (const auto& [test, expected] :
       {std::pair{against_law, shift}, std::pair{against_sample, 0.5 * shift}}) {
    const boost::math::non_central_chi_squared missed(test.dof, expected);
    REQUIRE(cdf(missed, quantile(complement(boost::math::chi_squared(test.dof), 1e-6))) < 1e-6);
    CHECK(test.p_value < 1e-6);
  }
}

TEST_CASE(
    "shared noise: the Woodbury form is that of the covariance spelled out, also where the noise "
    "is less than independent") {
  NoisyModel model;
  for (const double sign : {1.0, -0.03}) {
    for (std::size_t i = 0; i < 16; ++i) model.excess[i] *= sign;
    const Numbers p = model.classes(model.mode);
    const Counts counts = {2200, 2600, 2000, 1700, 700};
    Numbers residual;
    for (std::size_t i = 0; i < 5; ++i)
      residual.push_back(static_cast<double>(counts[i]) / 1e4 - p[i]);
    const SharedNoise noise = model.noise();
    const ChiSquare test = chi_square(counts, p, 10000, &noise);
    CHECK(test.dof == 5.0);
    CHECK(test.statistic ==
          doctest::Approx(chi_square_by_elimination(model, residual, 1e4)).epsilon(1e-10));
    CHECK(test.statistic != doctest::Approx(chi_square(counts, p, 10000).statistic).epsilon(0.01));
  }
}

TEST_CASE(
    "shared noise: classes cut finer than they can be told apart, and empty modes, change "
    "nothing") {
  const NoisyModel model;
  const Counts counts = {2200, 2600, 2000, 1700, 700}, cut = {0, 2200, 2600, 2000, 1700, 700};
  const Numbers p = model.classes(model.mode);
  Numbers finer = p;
  finer[0] -= 1e-3;  // below least_expected at 1e4
  finer.insert(finer.begin(), 1e-3);
  const SharedNoise noise = model.noise();
  SharedNoise cut_noise = noise;
  for (SharedNoise::Joint& joint : cut_noise.joint) ++joint.index;
  cut_noise.joint.front().probability *= 0.25;
  SharedNoise::Joint split = noise.joint.front();
  split.probability *= 0.75;
  cut_noise.joint.push_back(split);
  cut_noise.mode.push_back(0.0);
  cut_noise.joint.push_back({2, 4, 0.0});
  Numbers padded(25);
  for (std::size_t i = 0; i < 4; ++i) std::copy_n(&model.excess[4 * i], 4, &padded[5 * i]);
  cut_noise.excess = padded;
  CHECK(chi_square(cut, finer, 10000, &cut_noise).statistic ==
        doctest::Approx(chi_square(counts, p, 10000, &noise).statistic).epsilon(1e-10));
}

TEST_CASE("shared noise: the same with more modes than classes and with fewer") {
  const NoisyModel model;
  const SharedNoise few = model.noise();  // 4 modes, 6 classes
  // Each mode in three equal parts that nothing tells apart: 12 modes.
  constexpr std::uint32_t parts = 3;
  Numbers excess(16 * parts * parts);
  SharedNoise many{{}, Numbers(4 * parts), {}};
  for (std::size_t i = 0; i < 4 * parts; ++i) {
    many.mode[i] = few.mode[i / parts] / parts;
    for (std::size_t j = 0; j < 4 * parts; ++j)
      excess[i * 4 * parts + j] = model.excess[4 * (i / parts) + j / parts] / (parts * parts);
  }
  many.excess = excess;
  for (const SharedNoise::Joint& joint : few.joint)
    for (std::uint32_t k = 0; k < parts; ++k)
      many.joint.push_back({joint.index, joint.mode * parts + k, joint.probability / parts});
  std::mt19937_64 generator(7);
  for (int k = 0; k < 20; ++k) {
    const Counts counts = model.draw(5000, generator);
    const ChiSquare a = chi_square(counts, model.classes(model.mode), 5000, &few);
    const ChiSquare b = chi_square(counts, model.classes(model.mode), 5000, &many);
    CHECK(a.dof == b.dof);
    CHECK(a.statistic == doctest::Approx(b.statistic).epsilon(1e-10));
  }
}

TEST_CASE("shared noise: p-values are uniform with it, and not without") {
  const NoisyModel model;
  const SharedNoise noise = model.noise();
  const Numbers p = model.classes(model.mode);
  std::mt19937_64 generator(4);
  Numbers with, without, two_with, two_without;
  for (int i = 0; i < 2000; ++i) {
    const Counts a = model.draw(50000, generator), b = model.draw(80000, generator);
    with.push_back(chi_square(a, p, 50000, &noise).p_value);
    without.push_back(chi_square(a, p, 50000).p_value);
    two_with.push_back(chi_square_two_samples(a, 50000, b, 80000, &noise).p_value);
    two_without.push_back(chi_square_two_samples(a, 50000, b, 80000).p_value);
  }
  const double bound = bound_of_distance(with.size());
  CHECK(distance_from_uniform(with) < bound);
  CHECK(distance_from_uniform(two_with) < bound);
  CHECK(distance_from_uniform(without) > bound);
  CHECK(distance_from_uniform(two_without) > bound);
}
