#include "powerstroke/analysis/path_entropy.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <span>
#include <utility>
#include <vector>

#include "support/bounds.hpp"

using namespace powerstroke;

namespace {

std::vector<double> normal(double mean, double sigma, std::size_t count) {
  std::mt19937_64 engine(5);
  std::normal_distribution<double> law(mean, sigma);
  std::vector<double> values(count);
  for (double& value : values) value = law(engine);
  return values;
}

}  // namespace

TEST_CASE("path entropy: what a block's particles have, by hand") {
  const std::array<double, 2> start{-1.0, -2.0}, now{-3.0, -2.5}, path{0.5, -0.25};
  std::array<double, 2> delta_s{};
  analysis::path_entropy(start, now, path, delta_s);
  CHECK(delta_s == std::array<double, 2>{2.5, 0.25});

  const double ln2 = std::log(2.0);
  const auto found =
      analysis::integral_fluctuation(std::array<double, 3>{0.0, ln2, -ln2});  // weights 1, 1/2, 2
  CHECK(found.exponential.value == doctest::Approx(3.5 / 3.0).epsilon(1e-14));
  CHECK(found.exponential.error ==
        doctest::Approx(std::sqrt((5.25 - 3.5 * 3.5 / 3.0) / 6.0)).epsilon(1e-14));
  CHECK(found.mean.value == doctest::Approx(0.0));
  CHECK(found.mean.error == doctest::Approx(ln2 / std::sqrt(3.0)).epsilon(1e-14));
  CHECK(found.effective_particles == doctest::Approx(3.5 * 3.5 / 5.25).epsilon(1e-14));
  CHECK(found.largest_share == doctest::Approx(2.0 / 3.5).epsilon(1e-14));
}

TEST_CASE("path entropy: a normal law obeys the theorem if its mean is half its variance") {
  constexpr double sigma = 0.8;
  constexpr std::size_t count = 200'000;
  const auto found = analysis::integral_fluctuation(normal(0.5 * sigma * sigma, sigma, count));
  const double bound = test_support::largest_deviate(3);
  CHECK(std::abs(found.exponential.value - 1.0) < bound * found.exponential.error);
  CHECK(std::abs(found.mean.value - 0.5 * sigma * sigma) < bound * sigma / std::sqrt(count));
  // <exp(-2 delta s)> = exp(sigma^2): this is what an average rests on. Its scatter is that of the
  // squared weights.
  const double share = found.effective_particles / static_cast<double>(count), s2 = sigma * sigma;
  CHECK(std::abs(share / std::exp(-s2) - 1.0) <
        bound * std::sqrt((std::exp(4.0 * s2) - 1.0) / count));
  const auto wrong = analysis::integral_fluctuation(normal(-0.5 * sigma * sigma, sigma, count));
  CHECK(wrong.exponential.value - 1.0 > 10.0 * bound * wrong.exponential.error);
}

TEST_CASE("path entropy: blocks merge to the whole") {
  const std::vector<double> values = normal(0.3, 1.0, 5000);
  analysis::PathEntropySums sums;
  for (const auto& [first, last] :
       {std::pair{0, 7}, std::pair{7, 7}, std::pair{7, 4000}, std::pair{4000, 5000}})
    sums += analysis::gather_path_entropy(std::span(values).subspan(
        static_cast<std::size_t>(first), static_cast<std::size_t>(last - first)));
  const auto merged = analysis::integral_fluctuation(sums),
             whole = analysis::integral_fluctuation(values);
  CHECK(merged.exponential.value == doctest::Approx(whole.exponential.value).epsilon(1e-13));
  CHECK(merged.exponential.error == doctest::Approx(whole.exponential.error).epsilon(1e-12));
  CHECK(merged.mean.value == doctest::Approx(whole.mean.value).epsilon(1e-13));
  CHECK(merged.effective_particles == doctest::Approx(whole.effective_particles).epsilon(1e-12));
  CHECK(merged.largest_share == doctest::Approx(whole.largest_share).epsilon(1e-13));
}

TEST_CASE("path entropy: infinite ones") {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  // P_t = 0 where a particle is: a weight of 0, and no mean.
  const auto unreached = analysis::integral_fluctuation(std::array<double, 2>{0.0, infinite});
  CHECK(unreached.exponential.value == 0.5);
  CHECK(std::isnan(unreached.mean.value));
  // P_0 = 0 where a particle started: nothing can be said.
  const auto impossible = analysis::integral_fluctuation(std::array<double, 2>{0.0, -infinite});
  CHECK(std::isnan(impossible.exponential.value));
  CHECK(std::isnan(analysis::integral_fluctuation(analysis::PathEntropySums{}).exponential.value));
}
