#include "powerstroke/engine/parallel/parallel.hpp"

#include <omp.h>
#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <utility>

#include "powerstroke/engine/core/stop.hpp"

namespace powerstroke::parallel {
namespace {

std::atomic<int> default_threads = 0;  // 0: all of the machine
thread_local int threads_here = 0;     // 0: no scope says

#ifndef KMP_VERSION_MAJOR  // LLVM's OpenMP looks after itself
/// The child of a fork has one thread, and would wait for ever for the team that OpenMP believes it
/// has. So the team ends before the fork, and each side starts a new one with its next loop.
void end_team() {
  if (omp_in_parallel() == 0) omp_pause_resource_all(omp_pause_soft);
}

[[maybe_unused]] const int at_fork = ::pthread_atfork(end_team, nullptr, nullptr);
#endif

}  // namespace

Threads::Threads(int count) : outer_(std::exchange(threads_here, std::max(count, 0))) {}
Threads::~Threads() { threads_here = outer_; }

void set_default_threads(int count) { default_threads = std::max(count, 0); }

int threads() {
  if (omp_in_parallel() != 0) return 1;
  const int requested = threads_here > 0 ? threads_here : default_threads.load();
  constexpr int most = 4096;  // whatever the environment says
  return std::min({requested > 0 ? requested : omp_get_max_threads(), omp_get_thread_limit(),
                   most});  // OMP_THREAD_LIMIT
}

void for_each_block(std::size_t items,
                    const std::function<void(std::size_t, std::size_t, std::size_t)>& body) {
  const auto count = static_cast<std::ptrdiff_t>(blocks(items));
  std::exception_ptr failure;  // an exception must not leave a parallel region
  std::atomic<bool> failed = false;
  StopCheck* const stop = StopCheck::current();
  // A thread without a block costs its start: milliseconds a step where cores are shared.
  const int useful = static_cast<int>(std::clamp<std::ptrdiff_t>(count, 1, threads()));
  // Few blocks are handed out one by one, or one thread would have them all.
  const auto chunk = static_cast<int>(std::clamp<std::ptrdiff_t>(count / (8 * useful), 1, 4));
#pragma omp parallel for schedule(dynamic, chunk) num_threads(useful)
  for (std::ptrdiff_t index = 0; index < count; ++index) {
    if (failed) continue;
    const auto block = static_cast<std::size_t>(index);
    const std::size_t first = block * block_size;
    const StopCheck::Inherited asks(stop);
    try {
      body(block, first, std::min(first + block_size, items));
    } catch (...) {
#pragma omp critical(powerstroke_failure)
      if (!failure) failure = std::current_exception();
      failed = true;
    }
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace powerstroke::parallel
