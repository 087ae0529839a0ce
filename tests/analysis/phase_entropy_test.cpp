#include "powerstroke/analysis/phase_entropy.hpp"

#include <doctest/doctest.h>

#include <boost/random/normal_distribution.hpp>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include "powerstroke/analysis/snapshot.hpp"
#include "powerstroke/engine/core/error.hpp"
#include "powerstroke/engine/random/stream.hpp"
#include "support/bounds.hpp"

using namespace powerstroke;
using namespace powerstroke::analysis;
using test_support::largest_deviate;

namespace {

struct Sample {
  std::vector<double> x, p;

  PhaseView view() const { return {1, 1.0, {x}, {p}}; }
};

Sample normal_sample(std::size_t count, std::uint64_t number) {
  Sample sample;
  Stream stream(30, 0, number, Purpose::initial_position);
  boost::random::normal_distribution<double> normal;
  for (std::size_t i = 0; i < count; ++i) {
    sample.x.push_back(normal(stream));
    sample.p.push_back(normal(stream));
  }
  return sample;
}

constexpr PhaseGrid grid{{-6.0, 6.0, 24}, {-6.0, 6.0, 16}};

double normal_cell(const PhaseAxis& axis, std::uint32_t i) {
  const std::vector<double> edges = axis.edges();
  return 0.5 * (std::erf(edges[i + 1] / std::sqrt(2.0)) - std::erf(edges[i] / std::sqrt(2.0)));
}

/// Probabilities of the cells, by products of error functions.
std::vector<double> normal_cells() {
  std::vector<double> q;
  for (std::uint32_t i = 0; i < grid.position.cells; ++i)
    for (std::uint32_t j = 0; j < grid.momentum.cells; ++j)
      q.push_back(normal_cell(grid.position, i) * normal_cell(grid.momentum, j));
  return q;
}

double coarse_entropy(const std::vector<double>& q) {
  double sum = 0.0;
  for (const double p : q) sum -= p > 0.0 ? p * std::log(p / grid.cell_area()) : 0.0;
  return sum;
}

}  // namespace

TEST_CASE("phase histogram: every particle is counted once, in the cell that holds it") {
  const PhaseGrid small{{0.0, 2.0, 2}, {-1.0, 1.0, 4}};
  const Sample sample{{0.0, 1.0, 1.999, 2.0, -1e-300, 0.5, 0.5, std::nan("")},
                      {-1.0, 0.0, 0.999, 0.0, 0.0, 1.0, -1.001, 0.0}};
  const PhaseHistogram h = gather(sample.view(), small);
  CHECK(h.cells == std::vector<std::uint64_t>{1, 0, 0, 0, 0, 0, 1, 1});
  CHECK(h.outside == 5);
  CHECK(h.particles == 8);
}

TEST_CASE("phase histogram: an axis of several, and parts that merge") {
  const std::vector<double> x = {0.5, 0.5}, y = {1.5, 1.5}, p = {0.0, 0.0};
  const PhaseGrid small{{0.0, 2.0, 2}, {-1.0, 1.0, 1}};
  const PhaseView view{2, 1.0, {x, y}, {p, p}};
  CHECK(gather(view, small, 0).cells == std::vector<std::uint64_t>{2, 0});
  CHECK(gather(view, small, 1).cells == std::vector<std::uint64_t>{0, 2});
  PhaseHistogram merged;
  merged += gather(view.part(0, 1), small);
  merged += PhaseHistogram{};
  merged += gather(view.part(1, 2), small, 1);
  CHECK(merged.cells == std::vector<std::uint64_t>{1, 1});
  CHECK(merged.particles == 2);
}

TEST_CASE("entropy and divergence of normal samples: bias and scatter as they say") {
  constexpr int repeats = 400;
  const std::vector<double> q = normal_cells();
  std::vector<double> other(q);  // a law to be told from
  for (double& p : other) p = 0.5 * p + 0.5 / static_cast<double>(q.size());
  double apart = 0.0;
  for (std::size_t i = 0; i < q.size(); ++i) apart += q[i] * std::log(q[i] / other[i]);
  Moments entropies, divergences;
  double entropy_error = 0.0, divergence_error = 0.0;
  for (std::uint64_t repeat = 0; repeat < repeats; ++repeat) {
    const PhaseHistogram h = gather(normal_sample(5000, repeat).view(), grid);
    const Estimate s = entropy(h), d = divergence(h, other);
    entropies += {1, s.value, 0.0};
    divergences += {1, d.value, 0.0};
    entropy_error += s.error / repeats;
    divergence_error += d.error / repeats;
  }
  // The correction for finite N leaves less than (K_1/2N), which is in the error bar, in the mean.
  const double left = 0.5 * entropy_error;
  CHECK(std::abs(entropies.mean - coarse_entropy(q)) <
        left + largest_deviate(2) * std::sqrt(entropies.variance() / repeats));
  CHECK(std::abs(divergences.mean - apart) <
        left + largest_deviate(2) * std::sqrt(divergences.variance() / repeats));
  // Not too small, and not much too large.
  const double scatter = largest_deviate(2) * std::sqrt(0.5 / repeats);
  MESSAGE("S error " << entropy_error << " scatter " << std::sqrt(entropies.variance())
                     << " D error " << divergence_error << " scatter "
                     << std::sqrt(divergences.variance()) << " bias S "
                     << entropies.mean - coarse_entropy(q) << " bias D "
                     << divergences.mean - apart);
  CHECK(std::sqrt(entropies.variance()) < entropy_error * (1.0 + scatter));
  CHECK(std::sqrt(divergences.variance()) < divergence_error * (1.0 + scatter));
  CHECK(entropy_error < 1.5 * std::sqrt(entropies.variance()));
}

TEST_CASE(
    "entropy of an even density is the logarithm of its area, and its divergence from itself is "
    "0") {
  constexpr std::uint64_t each = 40;
  PhaseHistogram h{grid, std::vector<std::uint64_t>(grid.cells(), each), 0, each * grid.cells()};
  const double correction =
      0.5 * (static_cast<double>(grid.cells()) - 1.0) / static_cast<double>(h.particles);
  CHECK(entropy(h).value == doctest::Approx(std::log(144.0) + correction).epsilon(1e-13));
  const std::vector<double> even(grid.cells(), 1.0 / static_cast<double>(grid.cells()));
  CHECK(divergence(h, even).value == doctest::Approx(-correction).epsilon(1e-10));
  CHECK(divergence(h, std::vector<double>(grid.cells(), 0.0)).value ==
        std::numeric_limits<double>::infinity());
}

TEST_CASE("an entropy that the grid cannot tell is NaN") {
  PhaseHistogram h = gather(normal_sample(5000, 0).view(), grid);
  CHECK(std::isfinite(entropy(h).value));
  h.outside += 4;
  h.particles += 4;
  CHECK(std::isfinite(entropy(h).value));
  h.outside += 4;
  h.particles += 4;
  CHECK(std::isnan(entropy(h).value));
  CHECK(std::isnan(entropy(gather(normal_sample(300, 0).view(), grid)).value));
  CHECK(std::isnan(entropy(PhaseHistogram{}).value));
}

TEST_CASE("grids that cannot be are refused") {
  CHECK_NOTHROW(validate(grid));
  CHECK_THROWS_AS(validate({{0.0, 1.0, 0}, {0.0, 1.0, 1}}), ConfigError);
  CHECK_THROWS_AS(validate({{0.0, 1.0, 1}, {1.0, 1.0, 1}}), ConfigError);
  CHECK_THROWS_AS(validate({{0.0, 1.0, 1u << 13}, {0.0, 1.0, 1u << 13}}), ConfigError);
}
