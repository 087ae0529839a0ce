#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "powerstroke/study/result/result.hpp"

namespace powerstroke::study {

struct MeasuredValue {
  double value = 0.0, error = 0.0;  ///< error: standard error; NaN where there is none
};

/// One of the main quantities at the end of a run.
struct EndValue {
  const QuantityInfo* info;
  MeasuredValue measured;
};

/// What one run of a sweep adds to its table.
struct SweepRow {
  std::vector<std::string> values;  ///< of the swept paths
  double time = 0.0;                ///< of the whole run
  std::uint64_t particles = 0, uptakes = 0, releases = 0, blocked = 0;
  /// Strokes / (N time), with the square root of their number for its error. The uptakes of
  /// constant given rates are exactly Poisson, and their rate measures w+; NaN for a run of no
  /// time.
  MeasuredValue uptake_rate, release_rate;
  double law_rate_up = 0.0;  ///< w+ of the law, summed over transitions; under energy_conserving at
                             ///< t = 0; NaN if unknown
  std::vector<EndValue> ends;  ///< of the main quantities
  Verdict verdict = Verdict::not_comparable;
  std::string why;

  /// @throws std::out_of_range if the quantity is no main one.
  MeasuredValue end(std::string_view key) const;
};

SweepRow sweep_row(std::vector<std::string> values, const RunResult& result);

}  // namespace powerstroke::study
