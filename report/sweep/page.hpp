#pragma once

#include <string>
#include <vector>

#include "powerstroke/study/sweep/sweep.hpp"

namespace powerstroke::report {

struct SweepPage {
  std::string html;                  ///< self-contained, as a run's report
  std::vector<std::string> remarks;  ///< such as that gnuplot is missing
};

/// The table, the fits and the figures of a sweep. @param links are there folders 01, 02, ... with
/// the runs' own results?
SweepPage sweep_page(const study::Sweep& sweep, bool links);

/// One sentence: the runs differ in the swept values alone, their seeds are equal; or what is
/// different.
std::string seed_sentence(const study::Sweep& sweep);

/// One sentence: what a fit found, what the config says, how far apart they are, as text for a
/// terminal.
std::string fit_sentence(const study::SweepFit& fit);

}  // namespace powerstroke::report
