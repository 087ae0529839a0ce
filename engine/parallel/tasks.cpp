#include "powerstroke/engine/parallel/tasks.hpp"

#include <omp.h>

#include <algorithm>
#include <atomic>
#include <exception>

#include "powerstroke/engine/core/stop.hpp"
#include "powerstroke/engine/parallel/parallel.hpp"

namespace powerstroke::parallel {

void for_each_task(std::size_t tasks, int at_once, const std::function<void(std::size_t)>& body) {
  if (at_once <= 1) {
    for (std::size_t task = 0; task < tasks; ++task) body(task);
    return;
  }
  const auto count = static_cast<std::ptrdiff_t>(tasks);
  std::exception_ptr failure;  // an exception must not leave a parallel region
  std::atomic<bool> failed = false;
  StopCheck* const stop = StopCheck::current();
#pragma omp parallel for schedule(dynamic, 1) num_threads(at_once)
  for (std::ptrdiff_t task = 0; task < count; ++task) {
    if (failed) continue;
    const StopCheck::Inherited asks(stop);
    try {
      body(static_cast<std::size_t>(task));
    } catch (...) {
#pragma omp critical(powerstroke_task_failure)
      if (!failure) failure = std::current_exception();
      failed = true;
    }
  }
  if (failure) std::rethrow_exception(failure);
}

int tasks_at_once(std::size_t tasks, int useful) {
  const auto all = static_cast<std::size_t>(threads());
  const auto busy = static_cast<std::size_t>(std::clamp(useful, 1, threads()));
  // In units of one task on one thread: rounds of `all` side by side, against one after the other
  // at 1/busy each.
  const std::size_t rounds = (tasks + all - 1) / all;
  return rounds * busy <= tasks ? static_cast<int>(std::min(all, tasks)) : 1;
}

}  // namespace powerstroke::parallel
