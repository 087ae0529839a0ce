#pragma once

#include <string>
#include <vector>

#include "powerstroke/study/settings/config.hpp"
#include "powerstroke/study/sweep/swept_path.hpp"

namespace powerstroke::study {

/// A run of a sweep before it is made.
struct PlannedRun {
  std::vector<std::string> values;  ///< of the swept paths, in their order
  Config config;                    ///< checked
  std::vector<double>
      pressures{};  ///< of the swept paths, in the run's unit; NaN for one that is no pressure
};

struct SweepPlan {
  std::vector<SweptPath> over;
  std::vector<PlannedRun> runs;  ///< all combinations; the last path's values change fastest
};

}  // namespace powerstroke::study
