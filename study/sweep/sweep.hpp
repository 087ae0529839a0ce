#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "powerstroke/study/run/run.hpp"
#include "powerstroke/study/sweep/fit.hpp"
#include "powerstroke/study/sweep/plan.hpp"
#include "powerstroke/study/sweep/row.hpp"

/// A config run once for each combination of values: `powerstroke sweep`.
namespace powerstroke::study {

struct Sweep {
  std::vector<SweptPath> over;
  std::vector<SweepRow> rows;
  std::vector<SweepFit> fits;
  std::vector<std::string> notes;  ///< why there is no fit, or not of all rows
  Config first;                    ///< of the first run
  Provenance provenance;
  double wall_s = 0.0;
  int threads = 1;
  int at_once = 1;                 ///< runs side by side
  std::vector<RunResult> results;  ///< one a row, if they were to be kept
};

/// "01": a run's number, from 1 on, with as many digits as the last run needs, and two at least.
std::string run_number(std::size_t index, std::size_t runs);

/// Makes all runs, one after the other on all threads or several side by side on one thread each,
/// whatever is done sooner. Every result has the bits of a run alone.
/// @throws what a run throws, NumericsError with the run's values before the message.
Sweep run_sweep(const SweepPlan& plan, bool keep_results, const Progress& progress = {});

}  // namespace powerstroke::study
