#pragma once

#include <cstddef>
#include <string>

#include "powerstroke/study/result/result.hpp"

namespace powerstroke::study {

/// Of the snapshots after the start, at how many a distribution was tested.
struct Tested {
  std::size_t snapshots = 0;  ///< with a chi-square of at least one degree of freedom
  std::size_t of = 0;

  bool all() const { return snapshots == of; }
};

/// @returns what the chi-squares of histograms and levels tested of a run.
Tested tested_snapshots(const Comparison& comparison);

/// "consistent at all 13 snapshots after the start"; "consistent as far as tested: 3 of 13
/// snapshots after the start".
std::string tested_words(const Tested& tested);

}  // namespace powerstroke::study
