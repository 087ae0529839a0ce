#include "signals.hpp"

#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction is POSIX's
#include <unistd.h>

#include <atomic>

#include "messages.hpp"

namespace powerstroke::cli {
namespace {

std::atomic<int> may_wish = 0;  ///< how many Wishes live
std::atomic<bool> stop = false, keep = false, silent = false;
static_assert(std::atomic<bool>::is_always_lock_free &&
              std::atomic<int>::is_always_lock_free);  // or no signal handler may look at it

void to_end(int signal) {
  if (may_wish == 0) {
    if (!silent) say("\npowerstroke: interrupted; nothing was written\n");
    ::_exit(128 + signal);
  }
  if (stop.exchange(true) && signal != SIGXCPU) {
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
