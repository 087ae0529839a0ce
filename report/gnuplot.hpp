#pragma once

#include <chrono>
#include <string>

namespace powerstroke::report {

/// What a run of gnuplot left behind.
struct GnuplotOutput {
  std::string text;         ///< its standard output, whatever the end was
  std::string problem;      ///< empty if all went well, otherwise one plain sentence
  bool is_missing = false;  ///< the problem is that there is no gnuplot
};

/// Feeds `script` to the gnuplot on PATH, the user's own start-up files left out, and waits for its
/// end. A gnuplot that is missing, fails, or does not end within `patience` is a `problem`, never
/// an exception: a report without figures is still a report.
GnuplotOutput run_gnuplot(const std::string& script,
                          std::chrono::milliseconds patience = std::chrono::seconds(30));

}  // namespace powerstroke::report
