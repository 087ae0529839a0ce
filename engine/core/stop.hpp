#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <utility>

/// How what takes long is stopped from outside: its loops call `check_stop`, which asks whoever has
/// put up a `StopCheck`.
namespace powerstroke {

/// Leaves a computation that was asked to stop. No std::exception: nobody shall take it for an
/// error and go on.
struct AskedToStop {};

/// While it lives, `check_stop` in the thread that made it, and in the threads that work for that
/// one, asks `wished`, at most once in 20 ms, and throws `AskedToStop` where the answer is yes. The
/// innermost one is asked.
class StopCheck {
 public:
  /// @param wished called from any of these threads, several at once; must not throw. Once it has
  /// said yes it is not asked again.
  explicit StopCheck(std::function<bool()> wished)
      : wished_(std::move(wished)), before_(std::exchange(current(), this)) {}
  StopCheck(const StopCheck&) = delete;
  StopCheck& operator=(const StopCheck&) = delete;
  ~StopCheck() { current() = before_; }

  /// Of this thread; nullptr if there is none.
  static StopCheck*& current() {
    thread_local StopCheck* check = nullptr;
    return check;
  }

  /// In a thread that works for another, asks that one's while it lives.
  class Inherited {
   public:
    explicit Inherited(StopCheck* check) : before_(std::exchange(current(), check)) {}
    Inherited(const Inherited&) = delete;
    Inherited& operator=(const Inherited&) = delete;
    ~Inherited() { current() = before_; }

   private:
    StopCheck* before_;
  };

  /// @throws AskedToStop if it is wished.
  void ask() {
    if (stopped_) throw AskedToStop{};
    const std::int64_t now = Clock::now().time_since_epoch().count();
    std::int64_t last = last_;
    if (now - last < apart || !last_.compare_exchange_strong(last, now)) return;
    if (!wished_()) return;
    stopped_ = true;
    throw AskedToStop{};
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr std::int64_t apart =
      std::chrono::duration_cast<Clock::duration>(std::chrono::milliseconds(20)).count();

  std::function<bool()> wished_;
  StopCheck* before_;
  std::atomic<std::int64_t> last_ = 0;
  std::atomic<bool> stopped_ = false;
};

/// Where a computation that takes long may be left, with nothing but its own results lost. @throws
/// AskedToStop if that is wished.
inline void check_stop() {
  if (StopCheck* const check = StopCheck::current()) check->ask();
}

/// `check_stop` for inner loops: asks after every million units of work, a few nanoseconds each, so
/// that asking costs nothing.
class StopPacer {
 public:
  void operator()(std::size_t work) {
    done_ += work;
    if (done_ < most) return;
    done_ = 0;
    check_stop();
  }

 private:
  static constexpr std::size_t most = std::size_t{1} << 20U;
  std::size_t done_ = 0;
};

}  // namespace powerstroke
