#include "powerstroke/engine/parallel/parallel.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace parallel = powerstroke::parallel;

namespace {

constexpr std::size_t items = 10 * parallel::block_size + 123;

/// Numbers whose sum depends on the order of additions.
double term(std::size_t i) { return std::ldexp(1.0 + static_cast<double>(i % 1000), static_cast<int>(i % 97) - 48); }

double block_sum(std::size_t first, std::size_t last) {
  double sum = 0.0;
  for (std::size_t i = first; i < last; ++i) sum += term(i);
  return sum;
}

struct Threads {
  explicit Threads(int count) { parallel::set_threads(count); }
  ~Threads() { parallel::set_threads(0); }
};

}  // namespace

TEST_CASE("each item is in one block, blocks are of fixed size") {
  for (const int count : {1, 3, 8}) {
    const Threads threads(count);
    CHECK(parallel::threads() == count);
    std::vector<std::atomic<int>> visits(items);
    std::atomic<int> misplaced = 0;
    parallel::for_each_block(items, [&](std::size_t block, std::size_t first, std::size_t last) {
      const std::size_t end = std::min(items, (block + 1) * parallel::block_size);
      if (first != block * parallel::block_size || last != end) ++misplaced;
      for (std::size_t i = first; i < last; ++i) ++visits[i];
    });
    CHECK(misplaced == 0);
    CHECK(std::all_of(visits.begin(), visits.end(), [](const auto& visit) { return visit == 1; }));
  }
}

TEST_CASE("sums are added in the order of the blocks, with the same bits for any number of threads") {
  double in_order = 0.0;
  for (std::size_t first = 0; first < items; first += parallel::block_size)
    in_order += block_sum(first, std::min(items, first + parallel::block_size));
  CHECK(in_order != block_sum(0, items));  // the order matters to these numbers
  for (const int count : {1, 2, 4, 8}) {
    const Threads threads(count);
    for (int repeat = 0; repeat < 20; ++repeat) CHECK(parallel::sum_over_blocks<double>(items, block_sum) == in_order);
  }
}

TEST_CASE("an exception of a block passes through") {
  for (const int count : {1, 4}) {
    const Threads threads(count);
    const auto fail = [](std::size_t block, std::size_t, std::size_t) {
      if (block == 7) throw std::runtime_error("block seven");
    };
    CHECK_THROWS_WITH_AS(parallel::for_each_block(items, fail), "block seven", std::runtime_error);
  }
}

TEST_CASE("nothing to do is done") {
  CHECK(parallel::blocks(0) == 0);
  CHECK(parallel::blocks(1) == 1);
  CHECK(parallel::blocks(parallel::block_size) == 1);
  CHECK(parallel::blocks(parallel::block_size + 1) == 2);
  CHECK(parallel::sum_over_blocks<double>(0, block_sum) == 0.0);
}

TEST_CASE("without a wish all threads of the machine are used, and a negative one is none") {
  parallel::set_threads(0);
  const int all = parallel::threads();
  CHECK(all >= 1);
  parallel::set_threads(-3);
  CHECK(parallel::threads() == all);
  parallel::set_threads(0);
}
