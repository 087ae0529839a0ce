#pragma once

#include <fcntl.h>
#include <signal.h>  // NOLINT(modernize-deprecated-headers): kill is POSIX's
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

/// The program as a user has it.
namespace test_support {

struct Outcome {
  int code;
  std::string out, err;
};

inline std::string text_of(const std::filesystem::path& file) {
  std::ostringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

/// Runs `powerstroke ARGUMENTS` in `folder`; the arguments are a shell's.
inline Outcome powerstroke(const std::filesystem::path& folder, const std::string& arguments) {
  const std::string command = "cd '" + folder.string() + "' && '" + POWERSTROKE_PROGRAM + "' " +
                              arguments + " >stdout.txt 2>stderr.txt";
  const int status = std::system(command.c_str());
  const std::filesystem::path out = folder / "stdout.txt";
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          std::filesystem::exists(out) ? text_of(out) : "", text_of(folder / "stderr.txt")};
}

inline std::string quoted(const std::filesystem::path& path) { return "'" + path.string() + "'"; }

/// Runs a shell's commands in `folder`, in which "$P" is the program.
inline Outcome shell(const std::filesystem::path& folder, const std::string& commands,
                     const std::string& through = "sh") {
  std::ofstream(folder / "script.sh")
      << "P='" POWERSTROKE_PROGRAM "'\ncd " << quoted(folder) << " || exit 99\n"
      << commands << "\n";
  const std::string command = through + " " + quoted(folder / "script.sh") + " >" +
                              quoted(folder / "stdout.txt") + " 2>" + quoted(folder / "stderr.txt");
  const int status = std::system(command.c_str());
  const Outcome outcome = {WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                           text_of(folder / "stdout.txt"), text_of(folder / "stderr.txt")};
  for (const char* name : {"script.sh", "stdout.txt", "stderr.txt"})
    std::filesystem::remove(folder / name);
  return outcome;
}

/// `powerstroke ARGUMENTS`, running.
class Process {
 public:
  /// @param out_name, err_name where its standard streams go, from `folder`.
  Process(const std::filesystem::path& folder, std::vector<std::string> arguments,
          const char* out_name = "stdout.txt", const char* err_name = "stderr.txt") {
    process_ = ::fork();
    if (process_ != 0) return;
    if (::chdir(folder.c_str()) != 0) ::_exit(99);
    ::signal(SIGHUP, SIG_DFL);  // where the tests run under nohup, it would stay ignored
    const int out = ::open(out_name, O_WRONLY | O_CREAT | O_TRUNC, 0644),
              err = ::open(err_name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    ::dup2(out, STDOUT_FILENO);
    ::dup2(err, STDERR_FILENO);
    std::vector<char*> words = {const_cast<char*>(POWERSTROKE_PROGRAM)};
    for (std::string& argument : arguments) words.push_back(argument.data());
    words.push_back(nullptr);
    ::execv(POWERSTROKE_PROGRAM, words.data());
    ::_exit(99);
  }
  void send(int signal) const { ::kill(process_, signal); }
  bool is_running() const { return ::waitpid(process_, &status_, WNOHANG) == 0; }
  /// Its exit code; 128 + the signal that killed it.
  int wait() const {
    ::waitpid(process_, &status_, 0);  // unless it was seen to have ended
    return WIFEXITED(status_) ? WEXITSTATUS(status_) : 128 + WTERMSIG(status_);
  }

 private:
  pid_t process_;
  mutable int status_ = 0;
};

/// What is in a folder and below it, and the bytes of the files: equal before and after what must
/// change nothing.
inline std::map<std::string, std::string> everything_in(const std::filesystem::path& folder) {
  std::map<std::string, std::string> found;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    found[entry.path().lexically_relative(folder).string()] =
        entry.is_regular_file() ? text_of(entry.path()) : "";
  return found;
}

/// Names of what is in a folder, in order.
inline std::vector<std::string> names_in(const std::filesystem::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder))
    names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace test_support
