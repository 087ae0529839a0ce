#include "signals.hpp"

#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction is POSIX's
#include <unistd.h>

#include <atomic>
#include <string_view>

namespace powerstroke::cli {
namespace {

std::atomic<bool> may_wish = false, stop = false, keep = false;
static_assert(std::atomic<bool>::is_always_lock_free);  // or no signal handler may look at it

void say(std::string_view text) {
  const ssize_t ignored = ::write(STDERR_FILENO, text.data(), text.size());
  static_cast<void>(ignored);
}

void to_end(int signal) {
  if (!may_wish) {
    say("\npowerstroke: interrupted; nothing was written\n");
    ::_exit(128 + signal);
  }
  if (stop.exchange(true)) {
    say("\npowerstroke: stopped at once, without a new checkpoint\n");
    ::_exit(128 + SIGINT);
  }
}

void to_keep(int) {
  if (may_wish) keep = true;
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
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) install(signal, to_end);
  install(SIGUSR1, to_keep);
}

Wishes::Wishes() { may_wish = true; }
Wishes::~Wishes() { may_wish = false; }

io::Wish Wishes::next() {
  if (stop) return io::Wish::stop;
  return keep.exchange(false) ? io::Wish::keep : io::Wish::go_on;
}

}  // namespace powerstroke::cli
