#pragma once

#include <cstddef>
#include <span>

#include "powerstroke/study/judge/test.hpp"

namespace powerstroke::study {

/// What tests say together.
struct Judgement {
  std::size_t required = 0;     ///< how many tests are required
  double limit = 0.0;           ///< a required test speaks against the run below this p-value
  const Test* worst = nullptr;  ///< the required test of the smallest p-value, the first of equals;
                                ///< nullptr if none is required

  bool agrees() const { return worst == nullptr || worst->p_value >= limit; }
};

/// The verdict of all tests together: the smallest p-value of the required ones, against the
/// false-alarm rate divided by the number of tests that decide anything (C. E. Bonferroni's
/// inequality: at most that rate, whatever the correlations between the tests).
/// @param tests outlives the judgement, which points into it. @param false_alarm_rate of the
/// verdict as a whole, in (0, 1).
Judgement judge(std::span<const Test> tests, double false_alarm_rate);

}  // namespace powerstroke::study
