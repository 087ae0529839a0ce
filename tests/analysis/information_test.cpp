#include "powerstroke/analysis/information.hpp"

#include <doctest/doctest.h>

#include <array>
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
JointCounts drawn(std::discrete_distribution<std::uint32_t>& law, std::mt19937_64& engine, std::size_t particles) {
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
  // I = 0.4 ln(4/3) + 0.1 ln(1/2) + 0.2 ln(2/3) + 0.3 ln(3/2) = 0.08630462, less (4 - 2 - 2 + 1) / 200; its squared error
  // (0.4 ln^2(4/3) + 0.1 ln^2 2 + 0.5 ln^2(3/2) - I^2) / 100 + 1 / 20000.
  const auto found = analysis::mutual_information(counts_of<2, 2>({{{40, 10}, {20, 30}}}));
  CHECK(found.value == doctest::Approx(0.08630462174 - 0.005).epsilon(1e-9));
  CHECK(found.error == doctest::Approx(std::sqrt(0.00155902 + 0.00005)).epsilon(1e-5));
  // A class tells all about itself: the entropy, with its correction.
  const auto entropy = analysis::mutual_information(counts_of<2, 2>({{{70, 0}, {0, 30}}}));
  CHECK(entropy.value == doctest::Approx(-0.7 * std::log(0.7) - 0.3 * std::log(0.3) + 0.005).epsilon(1e-12));
  CHECK(entropy.error == doctest::Approx(std::sqrt(0.7 * 0.3 / 100.0) * std::log(0.7 / 0.3)).epsilon(1e-12));
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
  constexpr std::size_t particles = 4000;
  double sum = 0.0, squares = 0.0, stated = 0.0;
  for (int k = 0; k < repetitions; ++k) {
    const auto found = analysis::mutual_information(drawn(law, engine, particles));
    sum += found.value;
    squares += found.value * found.value;
    stated += found.error * found.error / repetitions;
  }
  const double mean = sum / repetitions, variance = squares / repetitions - mean * mean;
  // Next order: (sum 1/p - sum 1/p_0 - sum 1/p_t + 1) / 12 N^2, 1/p the inverses of the sixteen probabilities.
  const double inverses_start = 3 * 100 / 20.0 + 100 / 40.0,
               inverses_now = 100 / 30.0 + 100 / 45.0 + 100 / 15.0 + 100 / 10.0;
  const double next = (inverses_start * inverses_now - inverses_start - inverses_now + 1) / (12.0 * particles * particles);
  CHECK(std::abs(mean - next) < test_support::largest_deviate(1) * std::sqrt(variance / repetitions));
  // 2 N I is a chi-square of nine degrees of freedom; a variance of 2000 of them scatters by sqrt((2 + 12/9) / 2000). The
  // first-order term, that of the fluctuations, adds twice nine as much at small I.
  const double scatter = std::sqrt((2.0 + 12.0 / 9.0) / repetitions), bound = test_support::largest_deviate(1) * scatter;
  CHECK(std::abs(variance / (9.0 / (2.0 * particles * particles)) - 1.0) < bound);
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
  for (std::size_t i = 0; i < 16; ++i) exact += weight[i] / 64.0 * std::log(weight[i] / 64.0 / (row[i / 4] * column[i % 4]));
  constexpr int repetitions = 1000;
  double squared_pulls = 0.0;
  for (int k = 0; k < repetitions; ++k) {
    const auto found = analysis::mutual_information(drawn(law, engine, 5000));
    squared_pulls += std::pow((found.value - exact) / found.error, 2);
  }
  const boost::math::chi_squared chi(repetitions);
  CHECK(squared_pulls > boost::math::quantile(chi, 0.5 * test_support::false_alarm_rate));
  CHECK(squared_pulls < boost::math::quantile(complement(chi, 0.5 * test_support::false_alarm_rate)));
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
    return JointCounts(std::span(start).subspan(first, last - first), std::span(now).subspan(first, last - first));
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
