#pragma once

#include <string>
#include <vector>

#include "powerstroke/io/sweep/sweep.hpp"

namespace powerstroke::io {

struct SweepPage {
  std::string html;                  ///< self-contained, as a run's report
  std::vector<std::string> remarks;  ///< such as that gnuplot is missing
};

/// The table, the fits and the figures of a sweep. @param links are there folders 01, 02, ... with the runs' own results?
SweepPage sweep_page(const Sweep& sweep, bool links);

/// "01": the folder of a run's own result, with as many digits as the last run needs.
std::string run_folder(std::size_t index, std::size_t runs);

/// One sentence: the runs differ in the swept values alone, their seeds are equal; or what is different.
std::string seed_sentence(const Sweep& sweep);

/// One sentence: what a fit found, what the config says, how far apart they are, as text for a terminal.
std::string fit_sentence(const SweepFit& fit);

}  // namespace powerstroke::io
