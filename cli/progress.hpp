#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

namespace powerstroke::cli {

/// Progress on standard error: a bar with rate and time left on a terminal, a line every five seconds otherwise, nothing if
/// quiet.
class ProgressBar {
 public:
  explicit ProgressBar(bool quiet);
  /// Wipes the bar, so that what follows starts on a clean line.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void operator()(double fraction, std::uint64_t strokes);
  /// A stage without a measure of its own.
  void stage(const std::string& what);

 private:
  using Clock = std::chrono::steady_clock;

  bool quiet_, terminal_;
  bool drawn_ = false;
  struct Reached {
    double fraction;
    std::uint64_t strokes;
  };
  std::optional<Reached> first_;
  Clock::time_point start_, last_;
};

}  // namespace powerstroke::cli
