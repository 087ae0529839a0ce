#include "progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "messages.hpp"

namespace powerstroke::cli {
namespace {

constexpr double seconds_a_frame = 0.1, seconds_a_line = 5.0;
constexpr int width = 30;

std::string seconds(double value) {
  if (value < 60.0) return fmt::format("{:.0f} s", value);
  if (value < 3600.0)
    return fmt::format("{:.0f} min {:02.0f} s", value / 60.0 - 0.5, std::fmod(value, 60.0));
  return fmt::format("{:.1f} h", value / 3600.0);
}

}  // namespace

ProgressBar::ProgressBar(bool quiet)
    : quiet_(quiet), terminal_(::isatty(STDERR_FILENO) == 1), start_(Clock::now()), last_(start_) {}

ProgressBar::~ProgressBar() { end(); }

void ProgressBar::end() {
  const std::scoped_lock lock(alone_);
  if (drawn_) say(std::string_view("\r\033[K"));
  drawn_ = false;
  quiet_ = true;
}

bool ProgressBar::is_due(Clock::time_point now) {
  if (std::chrono::duration<double>(now - last_).count() <
      (terminal_ ? seconds_a_frame : seconds_a_line))
    return false;
  last_ = now;
  return true;
}

void ProgressBar::operator()(double fraction, std::uint64_t strokes) {
  const std::scoped_lock lock(alone_);
  if (quiet_) return;
  const auto now = Clock::now();
  if (!first_) {  // a run that goes on has done something already
    first_ = {fraction, strokes};
    start_ = last_ = now;
    return;
  }
  if (!is_due(now)) return;
  stage_.clear();
  const double elapsed = std::chrono::duration<double>(now - start_).count();
  const double done = fraction - first_->fraction,
               left = done > 0.0 ? elapsed * (1.0 - fraction) / done : 0.0;
  const std::string text = fmt::format(
      "{:3.0f} %  {:.3g} strokes/s  {} left", 100.0 * fraction,
      static_cast<double>(strokes - std::min(strokes, first_->strokes)) / elapsed, seconds(left));
  if (!terminal_) {
    show(text + "\n");
    return;
  }
  const auto full = static_cast<int>(width * fraction);
  std::string bar;
  for (int i = 0; i < width; ++i) bar += i < full ? "█" : "░";
  show(fmt::format("\r{} {}\033[K", bar, text));
  drawn_ = true;
}

void ProgressBar::stage(const std::string& what) {
  const std::scoped_lock lock(alone_);
  if (quiet_ || what == stage_) return;
  stage_ = what;
  stage_start_ = Clock::now();
  if (!terminal_) return;
  show(fmt::format("\r{} ...\033[K", what));
  drawn_ = true;
}

void ProgressBar::tick() {
  const std::scoped_lock lock(alone_);
  const auto now = Clock::now();
  if (quiet_ || stage_.empty() || !is_due(now)) return;
  const std::string text = fmt::format(
      "{}, for {}", stage_, seconds(std::chrono::duration<double>(now - stage_start_).count()));
  show(terminal_ ? fmt::format("\r{} ...\033[K", text) : text + "\n");
  drawn_ = terminal_;
}

}  // namespace powerstroke::cli
