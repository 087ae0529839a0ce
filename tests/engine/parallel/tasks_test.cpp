#include "powerstroke/engine/parallel/tasks.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <stdexcept>
#include <vector>

#include "powerstroke/engine/parallel/parallel.hpp"

namespace parallel = powerstroke::parallel;

TEST_CASE("each task is done once; side by side each has one thread, alone it has all") {
  const parallel::Threads scope(4);
  for (const int at_once : {1, 4}) {
    std::vector<std::atomic<int>> done(23);
    std::atomic<int> other = 0;
    parallel::for_each_task(done.size(), at_once, [&](std::size_t task) {
      ++done[task];
      if (parallel::threads() != (at_once == 1 ? 4 : 1)) ++other;
    });
    CHECK(std::all_of(done.begin(), done.end(), [](const auto& times) { return times == 1; }));
    CHECK(other == 0);
  }
}

TEST_CASE("an exception of a task passes through") {
  for (const int at_once : {1, 3}) {
    const auto fail = [](std::size_t task) {
      if (task == 4) throw std::runtime_error("task four");
    };
    CHECK_THROWS_WITH_AS(parallel::for_each_task(9, at_once, fail), "task four",
                         std::runtime_error);
  }
}

TEST_CASE("tasks go side by side where all are done sooner that way") {
  const parallel::Threads scope(4);
  CHECK(parallel::tasks_at_once(8, 1) == 4);  // two rounds against eight
  CHECK(parallel::tasks_at_once(3, 1) == 3);  // one round against three
  CHECK(parallel::tasks_at_once(8, 100) ==
        4);  // two rounds against 8/4, and no thread waits for another
  CHECK(parallel::tasks_at_once(9, 100) == 1);  // three rounds against 9/4
  CHECK(parallel::tasks_at_once(2, 4) == 1);
  CHECK(parallel::tasks_at_once(1, 1) == 1);
}
