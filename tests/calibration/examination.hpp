#pragma once

#include <cstdint>
#include <string>

#include "calibration/drawn_config.hpp"

namespace calibration {

struct Effort {
  std::uint64_t stream = 1;  ///< of the configs
  int seeds = 16;            ///< a config, at first
  bool power = true;         ///< also how often 2 % are seen, and what `validate` foretells
  std::string self;          ///< this program, to measure a run's memory
  std::string file;  ///< a config in energy space to be held instead of drawn ones; usually empty
};

/// Draws a config, runs it with some seeds and holds everything that it states against what is
/// known. What came of it:
///
/// number, kind, group; state: "held", "refused", "given up", "expensive", and why; cpu_s, seeds;
/// tests, rechecked; findings: statistic, what; pool: sums of z for the tables; alarms; power;
/// foretold.
Json examine(std::uint64_t number, const Effort& effort);

/// One run of a config in a file, for its memory.
int run_alone(const std::string& path);

}  // namespace calibration
