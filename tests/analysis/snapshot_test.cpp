#include "powerstroke/analysis/snapshot.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>

#include "analysis/energy_samples.hpp"
#include "powerstroke/analysis/logarithm.hpp"

using namespace powerstroke;
using namespace powerstroke::analysis;

namespace {

std::uint64_t sum(const std::vector<std::uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::uint32_t bin_by_search(const std::vector<double>& edges, double energy) {
  return static_cast<std::uint32_t>(std::upper_bound(edges.begin(), edges.end(), energy) -
                                    edges.begin() - 1);
}

Snapshot in_blocks(const LadderView& particles, const BinGrid& grid, std::size_t block) {
  Snapshot total;
  for (std::size_t first = 0; first < particles.size(); first += block) {
    total += gather(particles.part(first, std::min(first + block, particles.size())), grid);
  }
  return total;
}

}  // namespace

TEST_CASE("bins: an energy on an edge is in the bin above, one just below it is not") {
  for (const double max : {40.0, 0.3 * 7, 0.1, 7.0 / 3.0, 1e10, 3e-7}) {
    for (const std::uint32_t bins : {1U, 3U, 7U, 10U, 49U, 800U, 9973U}) {
      const BinGrid grid{max, bins};
      const std::vector<double> edges = grid.edges();
      REQUIRE(edges.size() == bins + 1);
      CHECK(edges.back() == max);
      std::uint32_t wrong = 0;
      for (std::uint32_t i = 0; i <= bins; ++i) {
        wrong += grid.bin(edges[i]) != i;
        if (i > 0) wrong += grid.bin(std::nextafter(edges[i], 0.0)) != i - 1;
        wrong += grid.bin(std::nextafter(edges[i], 2.0 * max)) != i;
      }
      CHECK(wrong == 0);
    }
  }
}

TEST_CASE(
    "bins: multiples of 0.3 and random energies are where a search among the edges finds them") {
  const BinGrid grid{0.3 * 40, 40};
  const std::vector<double> edges = grid.edges();
  std::mt19937_64 generator(1);
  std::uniform_real_distribution<double> uniform(0.0, 1.1 * grid.max);
  int wrong = 0;
  for (int k = 0; k <= 40; ++k) wrong += grid.bin(0.3 * k) != bin_by_search(edges, 0.3 * k);
  for (int k = 0; k < 100000; ++k) {
    const double energy = uniform(generator);
    wrong += grid.bin(energy) != bin_by_search(edges, energy);
  }
  CHECK(wrong == 0);
}

TEST_CASE("logarithm: std::log to two units in the last place, over all exponents and close to 1") {
  std::mt19937_64 generator(2);
  std::uniform_real_distribution<double> wide(-1020.0, 1020.0), close(-1e-3, 1e-3);
  double worst = 0.0;
  for (int k = 0; k < 200000; ++k) {
    for (const double x : {std::exp2(wide(generator)), 1.0 + close(generator)}) {
      worst = std::max(worst, std::abs(logarithm(x) / std::log(x) - 1.0));
    }
  }
  CHECK(worst <= 2.0 * std::numeric_limits<double>::epsilon());
  CHECK(logarithm(1.0) == 0.0);
}

TEST_CASE("moments: merged in parts they are those of all values") {
  Moments merged;
  CHECK(std::isnan(merged.variance()));
  for (const double value : {4.0, 7.0, 13.0, 16.0}) merged += Moments{1, value, 0.0};
  CHECK(merged.count == 4);
  CHECK(merged.mean == 10.0);
  CHECK(merged.squares == 90.0);
  CHECK(merged.variance() == 30.0);
  Moments halves{2, 5.5, 4.5};
  halves += Moments{};
  halves += Moments{2, 14.5, 4.5};
  CHECK(halves.mean == 10.0);
  CHECK(halves.squares == 90.0);
}

TEST_CASE("moments: a large common offset cancels nothing") {
  std::vector<double> energies;
  for (int i = 0; i < 5000; ++i) energies.push_back(1e8 + i % 2);
  const test::Particles particles(0x1p20, energies);
  CHECK(gather(particles.view(), {2e8, 10}).energy.variance() ==
        doctest::Approx(0.25 * 5000 / 4999).epsilon(1e-12));
}

TEST_CASE("gather: a few particles counted by hand") {
  // In delta_e = 2: on the edge of a release (E = 2, level 0), just above it, far above the grid,
  // at rest.
  const test::Particles particles(2.0, {2.0, 2.5, 7.0, 100.0, 0.25});
  const Snapshot snapshot = gather(particles.view(), {8.0, 4});
  CHECK(snapshot.particles == 5);
  CHECK(snapshot.bins == std::vector<std::uint64_t>{1, 2, 0, 1});
  CHECK(snapshot.overflow == 1);
  CHECK(snapshot.overflow_excess == 92.0);
  CHECK(snapshot.levels.size() == 51);
  CHECK(snapshot.levels[0] == 0);
  CHECK(snapshot.levels[1] == 2);
  CHECK(snapshot.levels[2] == 1);
  CHECK(snapshot.levels[4] == 1);
  CHECK(snapshot.levels[50] == 1);
  CHECK(snapshot.energy.mean == doctest::Approx(22.35).epsilon(1e-14));
  CHECK(snapshot.ln_energy.mean ==
        doctest::Approx(std::log(2.0 * 2.5 * 7.0 * 100.0 * 0.25) / 5.0).epsilon(1e-14));
}

TEST_CASE("gather: one particle at rest makes ln E NaN, also once merged, and nothing else") {
  const BinGrid grid{8.0, 4};
  const test::Particles moving(1.0, {1.0, 2.0}), resting(1.0, {3.0, 0.0});
  Snapshot snapshot = gather(moving.view(), grid);
  CHECK(std::isfinite(snapshot.ln_energy.mean));
  snapshot += gather(resting.view(), grid);
  snapshot += gather(moving.view(), grid);
  CHECK(std::isnan(snapshot.ln_energy.mean));
  CHECK(std::isnan(snapshot.ln_energy.variance()));
  CHECK(snapshot.energy.mean == 1.5);
  CHECK(snapshot.levels[0] == 1);
  CHECK(sum(snapshot.bins) == 6);
}

TEST_CASE(
    "gather: however the ensemble is cut, counts are the same and complete, and sums agree to "
    "rounding") {
  const test::Law law = test::gamma_law(1.0, 3.5, 1.0);
  const test::Particles particles(law.delta_e, test::draw_energies(law, 20000, 3));
  const BinGrid grid{12.0, 77};
  const Snapshot whole = gather(particles.view(), grid);
  CHECK(sum(whole.bins) + whole.overflow == 20000);
  CHECK(sum(whole.levels) == 20000);
  CHECK(whole.overflow > 0);
  for (const std::size_t block : {1UL, 7UL, 511UL, 513UL, 4096UL}) {
    const Snapshot cut = in_blocks(particles.view(), grid, block);
    CHECK(cut.particles == whole.particles);
    CHECK(cut.bins == whole.bins);
    CHECK(cut.levels == whole.levels);
    CHECK(cut.overflow == whole.overflow);
    // Rounding: N additions of relative error 2^-53 each, at worst.
    const double rounding = 20000 * std::numeric_limits<double>::epsilon();
    CHECK(std::abs(cut.energy.mean / whole.energy.mean - 1.0) < rounding);
    CHECK(std::abs(cut.energy.squares / whole.energy.squares - 1.0) < rounding);
    CHECK(std::abs(cut.ln_energy.squares / whole.ln_energy.squares - 1.0) < rounding);
    CHECK(std::abs(cut.overflow_excess / whole.overflow_excess - 1.0) < rounding);
  }
}

TEST_CASE(
    "gather: the same blocks added in their order have the same bits, whoever gathered them "
    "first") {
  const test::Law law = test::gamma_law(1.5, 7.0 / 3.0, 1.0);
  const test::Particles particles(law.delta_e, test::draw_energies(law, 20000, 4));
  const BinGrid grid{12.0, 77};
  constexpr std::size_t block = 4096, blocks = 5;
  std::vector<Snapshot> parts(blocks);
  for (std::size_t i = blocks; i-- > 0;) {
    parts[i] = gather(
        particles.view().part(i * block, std::min((i + 1) * block, std::size_t{20000})), grid);
  }
  Snapshot total;
  for (const Snapshot& part : parts) total += part;
  const Snapshot expected = in_blocks(particles.view(), grid, block);
  CHECK(total.energy.mean == expected.energy.mean);
  CHECK(total.energy.squares == expected.energy.squares);
  CHECK(total.ln_energy.mean == expected.ln_energy.mean);
  CHECK(total.ln_energy.squares == expected.ln_energy.squares);
  CHECK(total.overflow_excess == expected.overflow_excess);
}
