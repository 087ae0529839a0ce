#include "powerstroke/report/gnuplot.hpp"

#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>
#include <thread>

extern char** environ;

namespace powerstroke::report {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
/// A file without a name: the script and the output may be larger than a pipe holds, and nothing is
/// left behind.
using Scratch = std::unique_ptr<std::FILE, Close>;

Scratch scratch(const std::string& text = {}) {
  Scratch file(std::tmpfile());
  if (!file) return file;
  if (std::fwrite(text.data(), 1, text.size(), file.get()) != text.size() ||
      std::fflush(file.get()) != 0)
    return nullptr;
  std::rewind(file.get());
  return file;
}

std::string contents(std::FILE* file) {
  std::string text;
  std::array<char, 4096> part;
  std::rewind(file);
  while (const std::size_t got = std::fread(part.data(), 1, part.size(), file))
    text.append(part.data(), got);
  return text;
}

/// Starts `gnuplot -d` on the three files; 0 or the system's error number.
int spawn(std::FILE* in, std::FILE* out, std::FILE* err, pid_t& child) {
  posix_spawn_file_actions_t files;
  if (const int error = posix_spawn_file_actions_init(&files)) return error;
  posix_spawn_file_actions_adddup2(&files, fileno(in), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, fileno(out), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, fileno(err), STDERR_FILENO);
  std::array<char, 8> name = {"gnuplot"};
  std::array<char, 3> no_startup_files = {"-d"};
  const std::array<char*, 3> arguments = {name.data(), no_startup_files.data(), nullptr};
  // In a group of its own: a terminal's Ctrl-C is for the program to answer, which may want its
  // figures first.
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  const int error =
      posix_spawnp(&child, name.data(), &files, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

/// The child's wait status; nothing if it had to be stopped.
std::optional<int> wait_for(pid_t child, std::chrono::milliseconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  bool in_time = false;
  while (!in_time && std::chrono::steady_clock::now() <= deadline) {
    siginfo_t ended{};
    const int error =
        ::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOHANG | WNOWAIT);
    if (error != 0 && errno != EINTR) return 0;  // somebody else has collected it
    in_time = error == 0 && ended.si_pid == child;
    if (!in_time) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  // With all that it has started: the group is its own, and nobody else's as long as it is not
  // collected.
  ::kill(-child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return in_time ? std::optional(status) : std::nullopt;
}

/// gnuplot echoes the script around its complaint; the complaint itself is the last line with text.
std::string last_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  const std::size_t start = text.find_last_of('\n');
  return start == std::string::npos ? text : text.substr(start + 1);
}

std::string describe(std::optional<int> status, std::chrono::milliseconds patience,
                     const std::string& complaint) {
  if (!status) {
    return fmt::format("gnuplot did not end within {:g} s and was stopped",
                       static_cast<double>(patience.count()) / 1000.0);
  }
  if (*status == 0) return {};
  const std::string how = WIFEXITED(*status) ? fmt::format("exit code {}", WEXITSTATUS(*status))
                                             : fmt::format("signal {}", WTERMSIG(*status));
  return fmt::format("gnuplot failed with {}{}{}", how, complaint.empty() ? "" : ": ", complaint);
}

}  // namespace

GnuplotOutput run_gnuplot(const std::string& script, std::chrono::milliseconds patience) {
  const Scratch in = scratch(script), out = scratch(), err = scratch();
  if (!in || !out || !err) {
    return {
        {},
        fmt::format("gnuplot was not run, for want of a temporary file: {}", std::strerror(errno))};
  }
  pid_t child = 0;
  if (const int error = spawn(in.get(), out.get(), err.get(), child)) {
    if (error == ENOENT) return {{}, "gnuplot is not installed", true};
    return {{}, fmt::format("gnuplot cannot be started: {}", std::strerror(error))};
  }
  const std::optional<int> status = wait_for(child, patience);
  return {contents(out.get()), describe(status, patience, last_line(contents(err.get())))};
}

}  // namespace powerstroke::report
