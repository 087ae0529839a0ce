#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>

namespace powerstroke::cli {

/// Progress on standard error: a bar with rate and time left on a terminal, a line every five
/// seconds otherwise, nothing if quiet. May be called from several threads.
class ProgressBar {
 public:
  explicit ProgressBar(bool quiet);
  /// Wipes the bar, so that what follows starts on a clean line.
  ~ProgressBar();
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  void operator()(double fraction, std::uint64_t strokes);
  /// A stage without a measure of its own; how long it takes is shown by `tick`.
  void stage(const std::string& what);
  /// Says that the stage is still going on: for a `StopCheck`, which is asked while nothing else is
  /// told.
  void tick();
  /// Wipes the bar; from now on nothing is shown.
  void end();

 private:
  using Clock = std::chrono::steady_clock;

  bool quiet_, terminal_;
  bool drawn_ = false;
  struct Reached {
    double fraction;
    std::uint64_t strokes;
  };
  bool is_due(Clock::time_point now);

  std::optional<Reached> first_;
  Clock::time_point start_, last_, stage_start_;
  std::string stage_;
  std::mutex alone_;
};

}  // namespace powerstroke::cli
