#pragma once

#include "powerstroke/study/checkpoint/keeper.hpp"

namespace powerstroke::cli {

/// From now on SIGINT, SIGTERM, SIGHUP and SIGXCPU end the program at once, with what they say of
/// it, and SIGUSR1 is nothing. A signal that the program was started to ignore (nohup) stays
/// ignored.
void handle_signals();

/// From now on signals end the program without a word: of several ranks one speaks, and what failed
/// has been said.
void end_in_silence();

/// While it lives, the first signal that would end the program is a wish to stop with a checkpoint
/// instead, or, where a result is being written, to end when it is; the second ends it with what
/// there is. SIGXCPU, which a system repeats, stays a wish. SIGUSR1 is a wish for a checkpoint.
class Wishes {
 public:
  Wishes();
  Wishes(const Wishes&) = delete;
  Wishes& operator=(const Wishes&) = delete;
  ~Wishes();

  /// Since the last call. A wish to stop stays.
  static study::Wish next();
  /// A wish to stop has come.
  static bool to_stop();
};

}  // namespace powerstroke::cli
