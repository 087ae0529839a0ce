#include "messages.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): sigaction is POSIX's
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace powerstroke::cli {
namespace {

int print_error = 0;

void nothing(int) {}

/// Of system calls alone, for signal handlers may speak, too. @param patience_ms -1: without end.
/// @returns 0 or the system's error.
int write_all(int stream, std::string_view text, int patience_ms) noexcept {
  while (!text.empty()) {
    pollfd ready = {stream, POLLOUT, 0};
    const int polled = ::poll(&ready, 1, patience_ms);
    if (polled == 0) return EAGAIN;
    if (polled < 0 && errno != EINTR) return errno;
    if (polled < 0) continue;
    // A pipe that is ready takes so many bytes without waiting.
    const std::size_t piece =
        patience_ms < 0 ? text.size() : std::min<std::size_t>(text.size(), 512);
    const ssize_t written = ::write(stream, text.data(), piece);
    if (written < 0 && errno != EINTR && errno != EAGAIN) return errno;
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

}  // namespace

std::string printable(std::string_view text) {
  std::string shown;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const std::string_view three = text.substr(i, 3);
    // U+202A to U+202E, U+2066 to U+2069
    const bool turns = (three >= "\xE2\x80\xAA" && three <= "\xE2\x80\xAE") ||
                       (three >= "\xE2\x81\xA6" && three <= "\xE2\x81\xA9");
    if (turns) {
      shown += fmt::format(
          "\\u{:04x}",
          0x2000U | (static_cast<unsigned>(static_cast<unsigned char>(three[1]) & 0x3FU) << 6U) |
              (static_cast<unsigned char>(three[2]) & 0x3FU));
      i += 2;
    } else if ((byte < 0x20 && byte != '\n' && byte != '\t') || byte == 0x7F) {
      shown += fmt::format("\\x{:02x}", byte);
    } else {
      shown += text[i];
    }
  }
  return shown;
}

void prepare_streams() {
  // A handler, and not SIG_IGN, which programs that are started from here would inherit.
  for (const int signal : {SIGPIPE, SIGXFSZ}) {
    struct sigaction action = {};
    action.sa_handler = nothing;
    action.sa_flags = SA_RESTART;
    ::sigaction(signal, &action, nullptr);
  }
  // The lowest free number is what open gives. Read-only: to write there stays an error.
  for (int stream = 0; stream <= STDERR_FILENO; ++stream)
    if (::fcntl(stream, F_GETFD) < 0 && ::open("/dev/null", O_RDONLY) < 0) return;
}

void say(std::string_view text) noexcept {
  constexpr int patience_ms = 1000;
  const int reason = errno;  // of what a signal has interrupted
  write_all(STDERR_FILENO, text, patience_ms);
  errno = reason;
}

void show(std::string_view text) noexcept { write_all(STDERR_FILENO, text, 0); }

void print(std::string_view text) noexcept {
  if (print_error == 0) print_error = write_all(STDOUT_FILENO, text, -1);
}

bool all_printed() noexcept { return print_error == 0; }
const char* why_not_printed() noexcept { return std::strerror(print_error); }

}  // namespace powerstroke::cli
