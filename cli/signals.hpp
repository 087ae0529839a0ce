#pragma once

#include "powerstroke/io/checkpoint/checkpoints.hpp"

namespace powerstroke::cli {

/// From now on SIGINT, SIGTERM and SIGHUP end the program at once, with what they say of it, and SIGUSR1 is nothing. A signal that the
/// program was started to ignore (nohup) stays ignored.
void handle_signals();

/// While it lives, the first signal that would end the program is a wish to stop with a checkpoint instead, the second ends it
/// with the checkpoint there is; SIGUSR1 is a wish for one.
class Wishes {
 public:
  Wishes();
  Wishes(const Wishes&) = delete;
  Wishes& operator=(const Wishes&) = delete;
  ~Wishes();

  /// Since the last call. A wish to stop stays.
  static io::Wish next();
};

}  // namespace powerstroke::cli
