#include "powerstroke/analysis/information.hpp"

#include <doctest/doctest.h>

#include <array>
#include <boost/math/constants/constants.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

#include "support/bounds.hpp"

using namespace powerstroke;
using analysis::JointCounts;
using Classes = std::vector<std::uint32_t>;

namespace {

/// Particles as a table [start][now] has them.
template <std::size_t rows, std::size_t columns>
JointCounts counts_of(const std::array<std::array<int, columns>, rows>& table) {
  Classes start, now;
  for (std::uint32_t i = 0; i < rows; ++i)
    for (std::uint32_t j = 0; j < columns; ++j)
      for (int n = 0; n < table[i][j]; ++n) {
        start.push_back(i);
        now.push_back(j);
      }
  return {start, now};
}

/// Draws of a 4 x 4 law, start and now in one number.
JointCounts drawn(std::discrete_distribution<std::uint32_t>& law, std::mt19937_64& engine,
                  std::size_t particles) {
  Classes start(particles), now(particles);
  for (std::size_t i = 0; i < particles; ++i) {
    const std::uint32_t both = law(engine);
    start[i] = both / 4;
    now[i] = both % 4;
  }
  return {start, now};
}

}  // namespace

TEST_CASE("information: a two by two table by hand") {
  // G_1 = -gamma - ln 2, G_2k = G_1 + 2 (1 + 1/3 + ... + 1/(2k-1)), G_2k+1 = G_2k.
  const auto g = [](int n) {
    double sum = -boost::math::constants::euler<double>() - std::log(2.0);
    for (int odd = 1; odd < n; odd += 2) sum += 2.0 / odd;
    return sum;
  };
  double psi_100 = -boost::math::constants::euler<double>();
  for (int n = 1; n < 100; ++n) psi_100 += 1.0 / n;
  const auto found = analysis::mutual_information(counts_of<2, 2>({{{40, 10}, {20, 30}}}));
  CHECK(found.value == doctest::Approx(psi_100 + 0.4 * g(40) + 0.1 * g(10) + 0.2 * g(20) +
                                       0.3 * g(30) - g(50) - 0.6 * g(60) - 0.4 * g(40))
                           .epsilon(1e-12));
  // The plug-in estimate is 0.4 ln(4/3) + 0.1 ln(1/2) + 0.2 ln(2/3) + 0.3 ln(3/2) = 0.08630462, its
  // bias (4 - 2 - 2 + 1)/2N; the alternating terms are 1/2N or -1/2N each.
  CHECK(std::abs(found.value - (0.08630462174 - 0.005)) < 8.0 / 200.0);
  // Squared error: (0.4 ln^2(4/3) + 0.1 ln^2 2 + 0.5 ln^2(3/2) - I^2) / 100 + (1/2 + 8/4) / N^2.
  CHECK(found.error == doctest::Approx(std::sqrt(0.00155902 + 0.00025)).epsilon(1e-5));
  // A class tells all about itself: the entropy, with its correction.
  const auto entropy = analysis::mutual_information(counts_of<2, 2>({{{70, 0}, {0, 30}}}));
  CHECK(entropy.value == doctest::Approx(psi_100 - 0.7 * g(70) - 0.3 * g(30)).epsilon(1e-12));
  CHECK(std::pow(entropy.error, 2) ==
        doctest::Approx(0.21 / 100.0 * std::pow(std::log(7.0 / 3.0), 2) + 6.0 / 40000.0)
            .epsilon(1e-12));
}

TEST_CASE("information: too few particles for the table is said") {
  CHECK(std::isnan(analysis::mutual_information({}).value));
  // Ten particles a pair are needed, and one pair that was seen once widens the error by 1/N.
  CHECK(std::isfinite(analysis::mutual_information(counts_of<2, 2>({{{10, 10}, {10, 0}}})).value));
  CHECK(std::isnan(analysis::mutual_information(counts_of<2, 2>({{{9, 10}, {10, 0}}})).value));
  CHECK(std::isnan(analysis::mutual_information(counts_of<2, 2>({{{9, 10}, {10, 0}}})).error));
  const auto often = analysis::mutual_information(counts_of<2, 2>({{{50, 0}, {0, 2}}}));
  CHECK(often.error > 0.0);
  CHECK(analysis::mutual_information(counts_of<2, 2>({{{50, 0}, {0, 1}}})).error >= 1.0 / 51.0);
}

TEST_CASE("information: independent classes have none, by a bias corrected with the right sign") {
  std::mt19937_64 engine(11);
  std::discrete_distribution<std::uint32_t> law({6, 9, 3, 2, 6, 9, 3, 2, 6, 9, 3, 2, 12, 18, 6, 4});
  constexpr int repetitions = 2000;
  constexpr std::size_t particles = 2000;
  double sum = 0.0, squares = 0.0, fourth = 0.0, stated = 0.0;
  for (int k = 0; k < repetitions; ++k) {
    const auto found = analysis::mutual_information(drawn(law, engine, particles));
    sum += found.value;
    squares += found.value * found.value;
    fourth += std::pow(found.value, 4);
    stated += found.error * found.error / repetitions;
  }
  const double mean = sum / repetitions, variance = squares / repetitions - mean * mean;
  const double bound = test_support::largest_deviate(2);
  CHECK(std::abs(mean) < bound * std::sqrt(variance / repetitions));
  // 2 N I is a chi-square of nine degrees of freedom; each of the 16 + 4 + 4 alternating terms is
  // 1/2N or -1/2N.
  const double expected = (9.0 / 2.0 + 24.0 / 4.0) / std::pow(particles, 2);
  CHECK(std::abs(variance - expected) <
        bound * std::sqrt((fourth / repetitions - variance * variance) / repetitions));
  // The first-order term of the table as it was drawn is small, but not 0.
  CHECK(stated > variance);
}

TEST_CASE("information: the error bar covers as often as it says") {
  std::mt19937_64 engine(12);
  const std::array<double, 16> weight{8, 2, 1, 1, 3, 9, 2, 2, 2, 2, 7, 5, 1, 3, 4, 12};
  std::discrete_distribution<std::uint32_t> law(weight.begin(), weight.end());
  double exact = 0.0;
  std::array<double, 4> row{}, column{};
  for (std::size_t i = 0; i < 16; ++i) {
    row[i / 4] += weight[i] / 64.0;
    column[i % 4] += weight[i] / 64.0;
  }
  for (std::size_t i = 0; i < 16; ++i)
    exact += weight[i] / 64.0 * std::log(weight[i] / 64.0 / (row[i / 4] * column[i % 4]));
  constexpr int repetitions = 1000;
  double squared_pulls = 0.0;
  for (int k = 0; k < repetitions; ++k) {
    const auto found = analysis::mutual_information(drawn(law, engine, 5000));
    squared_pulls += std::pow((found.value - exact) / found.error, 2);
  }
  const boost::math::chi_squared chi(repetitions);
  CHECK(squared_pulls > boost::math::quantile(chi, 0.5 * test_support::false_alarm_rate));
  CHECK(squared_pulls <
        boost::math::quantile(complement(chi, 0.5 * test_support::false_alarm_rate)));
}

TEST_CASE("information: parts merge to the whole, in any order") {
  std::mt19937_64 engine(13);
  std::uniform_int_distribution<std::uint32_t> any(0, 30);
  Classes start(5000), now(5000);
  for (std::size_t i = 0; i < start.size(); ++i) {
    start[i] = any(engine);
    now[i] = start[i] / 4;
  }
  const auto part = [&](std::size_t first, std::size_t last) {
    return JointCounts(std::span(start).subspan(first, last - first),
                       std::span(now).subspan(first, last - first));
  };
  const JointCounts whole = part(0, 5000);
  JointCounts forward = part(0, 100), backward = part(3000, 5000);
  forward += part(100, 3000);
  forward += part(3000, 5000);
  backward += part(100, 3000);
  backward += part(0, 100);
  CHECK(whole.particles() == 5000);
  CHECK(whole.entries().size() == 31);
  for (const JointCounts* merged : {&forward, &backward}) {
    CHECK(merged->particles() == whole.particles());
    REQUIRE(merged->entries().size() == whole.entries().size());
    for (std::size_t i = 0; i < whole.entries().size(); ++i) {
      CHECK(merged->entries()[i].start == whole.entries()[i].start);
      CHECK(merged->entries()[i].now == whole.entries()[i].now);
      CHECK(merged->entries()[i].count == whole.entries()[i].count);
    }
    CHECK(analysis::mutual_information(*merged).value == analysis::mutual_information(whole).value);
  }
}

TEST_CASE("information: cells of the ladder hold their upper edge, and a stroke keeps them") {
  const analysis::LadderCells cells(4);
  CHECK(cells.cell(1e-300) == 0);
  CHECK(cells.cell(0.25) == 0);
  CHECK(cells.cell(std::nextafter(0.25, 1.0)) == 1);
  CHECK(cells.cell(1.0) == 3);
  CHECK(cells({1.0, lowest_level}) == 3);
  CHECK(cells({0.6, 0}) == 6);
  const std::array<double, 3> offset{0.1, 0.5, 0.77};
  const std::array<std::int32_t, 3> level{0, 7, 2};
  std::array<std::uint32_t, 3> classes{};
  cells.classify({0.3, offset, level}, classes);
  CHECK(classes == std::array<std::uint32_t, 3>{4, 33, 15});
}
