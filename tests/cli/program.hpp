#pragma once

#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

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
  const std::string command =
      "cd '" + folder.string() + "' && '" + POWERSTROKE_PROGRAM + "' " + arguments + " >stdout.txt 2>stderr.txt";
  const int status = std::system(command.c_str());
  const std::filesystem::path out = folder / "stdout.txt";
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, std::filesystem::exists(out) ? text_of(out) : "",
          text_of(folder / "stderr.txt")};
}

inline bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace test_support
