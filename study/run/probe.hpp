#pragma once

#include "powerstroke/study/settings/config.hpp"

namespace powerstroke::study {

/// How long the particles of a run will take on this machine with the threads that `parallel` was
/// given, by running some of them for a fifth of a second: the prediction of `powerstroke
/// validate`. @returns seconds.
double seconds_of_particles(const Config& config);

/// Seconds that the calling thread has worked: what others do on the machine makes it no longer.
class Stopwatch {
 public:
  Stopwatch() : begin_(now()) {}
  double seconds() const { return now() - begin_; }

 private:
  static double now();
  double begin_;
};

/// Of the program itself, its libraries and its report.
inline constexpr double program_bytes = 25e6;

/// Seconds that the report and the files of a run take: its figures, and a row of numbers a
/// snapshot.
double report_seconds(const Config& config);

}  // namespace powerstroke::study
