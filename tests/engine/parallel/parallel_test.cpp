#include "powerstroke/engine/parallel/parallel.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <cmath>
#include <stdexcept>
#include <thread>
#include <vector>

namespace parallel = powerstroke::parallel;

namespace {

constexpr std::size_t items = 10 * parallel::block_size + 123;

/// Numbers whose sum depends on the order of additions.
double term(std::size_t i) {
  return std::ldexp(1.0 + static_cast<double>(i % 1000), static_cast<int>(i % 97) - 48);
}

double block_sum(std::size_t first, std::size_t last) {
  double sum = 0.0;
  for (std::size_t i = first; i < last; ++i) sum += term(i);
  return sum;
}

}  // namespace

TEST_CASE("each item is in one block, blocks are of fixed size") {
  for (const int count : {1, 3, 8}) {
    const parallel::Threads scope(count);
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

TEST_CASE(
    "sums are added in the order of the blocks, with the same bits for any number of threads") {
  double in_order = 0.0;
  for (std::size_t first = 0; first < items; first += parallel::block_size)
    in_order += block_sum(first, std::min(items, first + parallel::block_size));
  CHECK(in_order != block_sum(0, items));  // the order matters to these numbers
  for (const int count : {1, 2, 4, 8}) {
    const parallel::Threads scope(count);
    for (int repeat = 0; repeat < 20; ++repeat)
      CHECK(parallel::sum_over_blocks<double>(items, block_sum) == in_order);
  }
}

TEST_CASE("an exception of a block passes through") {
  for (const int count : {1, 4}) {
    const parallel::Threads scope(count);
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
  const int all = parallel::threads();
  CHECK(all >= 1);
  parallel::set_default_threads(-3);
  CHECK(parallel::threads() == all);
  const parallel::Threads scope(-3);
  CHECK(parallel::threads() == all);
}

TEST_CASE(
    "a scope says how many threads its own thread uses, over the default; the inner one counts") {
  parallel::set_default_threads(3);
  {
    const parallel::Threads outer(5);
    CHECK(parallel::threads() == 5);
    {
      const parallel::Threads inner(2);
      CHECK(parallel::threads() == 2);
      const parallel::Threads as_without(0);
      CHECK(parallel::threads() == 3);
    }
    CHECK(parallel::threads() == 5);
  }
  CHECK(parallel::threads() == 3);
  parallel::set_default_threads(0);
}

TEST_CASE("threads of a process that have scopes of their own do not change each other's") {
  std::vector<int> others(2);
  std::barrier met(2);
  const auto loops = [&](std::size_t which, int count) {
    const parallel::Threads scope(count);
    for (int repeat = 0; repeat < 20; ++repeat) {
      met.arrive_and_wait();  // both have their scope
      if (parallel::threads() != count) ++others[which];
      if (parallel::sum_over_blocks<double>(items, block_sum) <= 0.0) ++others[which];
    }
  };
  std::thread one(loops, std::size_t{0}, 1), three(loops, std::size_t{1}, 3);
  one.join();
  three.join();
  CHECK(others == std::vector<int>{0, 0});
}
