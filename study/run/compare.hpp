#pragma once

#include <string>
#include <vector>

#include "powerstroke/study/judge/test.hpp"
#include "powerstroke/study/result/result.hpp"

namespace powerstroke::study {

struct ResultComparison {
  std::vector<Test> worst;        ///< one for each quantity, of the snapshot where it differs most
  double false_alarm_rate = 0.0;  ///< of the verdict as a whole
  Verdict verdict = Verdict::not_comparable;
  std::string why;
};

/// Same physics within their errors? Two runs: two-sample tests of mean energy, phi, S_E, S_1 and
/// the histograms at common snapshots, and of the numbers of events; a run and a solve: the run
/// against the solution; two solves: against their stated errors. Of two runs in phase space:
/// everything that both measured of ensembles of the same name.
ResultComparison compare(const RunResult& a, const RunResult& b);

}  // namespace powerstroke::study
