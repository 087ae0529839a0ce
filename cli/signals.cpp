#include "signals.hpp"

#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction is POSIX's
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <ctime>

#include "messages.hpp"

namespace powerstroke::cli {
namespace {

std::atomic<int> may_wish = 0;  ///< how many Wishes live
std::atomic<bool> stop = false, keep = false, silent = false;
std::atomic<std::int64_t> stopped_at = 0;  ///< milliseconds of the clock, when `stop` was set
static_assert(
    std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free &&
    std::atomic<std::int64_t>::is_always_lock_free);  // or no signal handler may look at it

std::int64_t milliseconds() {
  timespec now = {};
  ::clock_gettime(CLOCK_MONOTONIC, &now);  // which a signal handler may call
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

void to_end(int signal) {
  if (may_wish == 0) {
    if (!silent) say("\npowerstroke: interrupted; nothing was written\n");
    ::_exit(128 + signal);
  }
  // `timeout` and batch systems signal a process and its group, so that one wish arrives twice.
  constexpr std::int64_t one_wish = 500;
  const std::int64_t now = milliseconds();
  if (!stop.exchange(true)) {
    stopped_at = now;
  } else if (signal != SIGXCPU && now - stopped_at >= one_wish) {
    if (!silent) say("\npowerstroke: stopped at once, without a new checkpoint\n");
    ::_exit(128 + SIGINT);
  }
}

void to_keep(int) {
  if (may_wish > 0) keep = true;
}

void install(int signal, void (*handler)(int)) {
  struct sigaction now = {};
  if (::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN) return;
  struct sigaction action = {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  ::sigaction(signal, &action, nullptr);
}

}  // namespace

void handle_signals() {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGXCPU}) install(signal, to_end);
  install(SIGUSR1, to_keep);
}

void end_in_silence() { silent = true; }

Wishes::Wishes() { ++may_wish; }
Wishes::~Wishes() { --may_wish; }

study::Wish Wishes::next() {
  if (stop) return study::Wish::stop;
  return keep.exchange(false) ? study::Wish::keep : study::Wish::go_on;
}

bool Wishes::to_stop() { return stop; }

}  // namespace powerstroke::cli
