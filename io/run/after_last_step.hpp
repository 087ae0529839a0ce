#pragma once

#include <sys/resource.h>

#include <cstdint>
#include <exception>

#include "powerstroke/io/checkpoint/checkpoints.hpp"

namespace powerstroke::io {

/// In bytes, of this process so far.
inline std::uint64_t peak_memory() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
}

/// Does what comes after the last step. If that fails, a full disk, say, the steps are kept, so that `resume` can do it again.
template <class Work>
void or_keep(Checkpoints& checkpoints, const Checkpoints::Save& save, const Work& work) {
  try {
    work();
  } catch (const std::exception&) {
    checkpoints.rescue(save);
    throw;
  }
}

}  // namespace powerstroke::io
