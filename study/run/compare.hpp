#pragma once

#include <string>
#include <vector>

#include "powerstroke/study/result/result.hpp"

namespace powerstroke::study {

/// One quantity held against itself in two results.
struct ResultDifference {
  std::string quantity;  ///< "S_E", "histogram", ...
  double t = 0.0;        ///< where it differs most
  double statistic = 0.0;
  double dof = 0.0;      ///< 0 for a normal deviate
  double p_value = 1.0;  ///< before the correction for how many were tested
};

struct ResultComparison {
  std::vector<ResultDifference> worst;  ///< one row a quantity, its worst snapshot
  double false_alarm_rate = 0.0;        ///< of the verdict as a whole
  Verdict verdict = Verdict::not_comparable;
  std::string why;
};

/// Same physics within their errors? Two runs: two-sample tests of mean energy, phi, S_E, S_1 and the histograms at common
/// snapshots, and of the numbers of events; a run and a solve: the run against the solution; two solves: against their
/// stated errors. Of two runs in phase space: everything that both measured of ensembles of the same name.
ResultComparison compare(const RunResult& a, const RunResult& b);

}  // namespace powerstroke::study
