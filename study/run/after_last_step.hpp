#pragma once

#include <cstdint>
#include <exception>
#include <fstream>
#include <string>

#include "powerstroke/study/checkpoint/keeper.hpp"

namespace powerstroke::study {

/// In bytes, of this process so far.
inline std::uint64_t peak_memory() {
  // Not getrusage's, which begins at what the process had that this one was started from.
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (std::uint64_t kibibytes = 0; word == "VmHWM:" && status >> kibibytes)
      return kibibytes * 1024;
  return 0;
}

/// Does what comes after the last step. If that fails, a full disk, say, the steps are kept, so
/// that `resume` can do it again.
template <class Work>
void or_keep(Keeper& checkpoints, const Keeper::Save& save, const Work& work) {
  try {
    work();
  } catch (const std::exception&) {
    checkpoints.rescue(save);
    throw;
  }
}

}  // namespace powerstroke::study
