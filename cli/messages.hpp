#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

/// The one place where the program speaks. A terminal that is gone, a pipe that nobody reads or a
/// full disk never end a run for that: what cannot be said is not said.
namespace powerstroke::cli {

/// In the beginning: writes to a closed pipe are errors and no signals, and no file that is opened
/// later takes the place of a standard stream that is closed.
void prepare_streams();

/// What a terminal would take for commands, in the titles and keys of others, as "\\x1b"; and what
/// turns the direction of writing.
std::string printable(std::string_view text);

/// On standard error. Never throws, and waits a second at most for one who does not read.
void say(std::string_view text) noexcept;

template <class... Arguments>
void say(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  say(std::string_view(printable(fmt::format(format, std::forward<Arguments>(arguments)...))));
}

/// On standard error, if it takes it at once: for what the next moment makes old.
void show(std::string_view text) noexcept;

/// On standard output: results. Never throws; `all_printed` tells.
void print(std::string_view text) noexcept;

template <class... Arguments>
void print(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  print(std::string_view(printable(fmt::format(format, std::forward<Arguments>(arguments)...))));
}

/// Whether standard output has taken all; else the system's reason.
bool all_printed() noexcept;
const char* why_not_printed() noexcept;

}  // namespace powerstroke::cli
