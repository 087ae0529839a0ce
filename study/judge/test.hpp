#pragma once

#include <limits>
#include <string>

namespace powerstroke::study {

/// What a test is about.
enum class TestKind {
  distribution,  ///< a chi-square of counts in bins, on levels, over a coordinate
  count,         ///< a number of events
  mean,          ///< an average, over its standard error
  work           ///< a theorem of work
};

/// One thing measured, compared with one thing known. All verdicts are made of such tests by
/// `judge`.
struct Test {
  std::string side;  ///< which of the ensembles that start alike; empty for the run itself
  std::string what;  ///< in words, for people: no decision depends on them
  double measured = 0.0,
         expected = 0.0;  ///< of a chi-square its statistic and its degrees of freedom; of a
                          ///< difference z and 0
  double p_value = 1.0;   ///< of so large a deviation by chance, two-sided
  bool required = true;   ///< it follows from the physics of this run; an informative test may say
                          ///< "not there yet"
  bool decides = true;    ///< false: no variance is known to exist, so that the p-value means
                          ///< nothing; not kept in files
  TestKind kind = TestKind::distribution;               ///< not kept in files
  double t = std::numeric_limits<double>::quiet_NaN();  ///< of a snapshot; NaN: of the whole run
};

}  // namespace powerstroke::study
