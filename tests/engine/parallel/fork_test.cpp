#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <thread>

#include "powerstroke/engine/parallel/library_lock.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"
#include "powerstroke/engine/parallel/tasks.hpp"

namespace parallel = powerstroke::parallel;

namespace {

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define POWERSTROKE_UNDER_TSAN  // which ends a child that starts threads
#endif
#endif
#ifdef POWERSTROKE_UNDER_TSAN
constexpr bool skipped = true;
#else
constexpr bool skipped = false;
#endif

constexpr std::size_t items = 20 * parallel::block_size;

bool works() {
  const auto size = [](std::size_t first, std::size_t last) { return last - first; };
  if (parallel::sum_over_blocks<std::size_t>(items, size) != items) return false;
  bool done[4] = {};
  parallel::for_each_task(4, 2, [&](std::size_t task) { done[task] = true; });
  return done[0] && done[1] && done[2] && done[3];
}

/// What `body` says in a child: -1 if it does not come to an end within 5 seconds.
template <class Body>
int in_child(const Body& body) {
  const ::pid_t child = ::fork();
  if (child == 0) {
    ::alarm(5);
    ::_exit(body() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("a forked child goes on with as many threads, and so does its parent" *
          doctest::skip(skipped)) {
  parallel::set_default_threads(4);
  REQUIRE(works());  // the parent's threads are there, and will not be in the child
  REQUIRE(in_child(works) == 0);
  CHECK(works());
  CHECK(in_child([] { return works() && parallel::threads() == 4 && in_child(works) == 0; }) == 0);
  // One thread of the parent computes while another forks.
  std::thread other([] {
    for (int repeat = 0; repeat < 200; ++repeat) works();
  });
  for (int repeat = 0; repeat < 3; ++repeat) CHECK(in_child(works) == 0);
  other.join();
  parallel::set_default_threads(0);
}

TEST_CASE("a forked child finds the locks of libraries free" * doctest::skip(skipped)) {
  std::thread other([] {
    for (int repeat = 0; repeat < 100; ++repeat) {
      const parallel::LibraryLock first(parallel::Library::hdf5);
      const parallel::LibraryLock second(parallel::Library::udunits);
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  for (int repeat = 0; repeat < 20; ++repeat)
    CHECK(in_child([] {
            const parallel::LibraryLock first(parallel::Library::hdf5);
            const parallel::LibraryLock second(parallel::Library::udunits);
            return true;
          }) == 0);
  other.join();
}
